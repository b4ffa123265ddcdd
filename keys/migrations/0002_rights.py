"""Background work reads no clinical text and so needs no key; nobody deletes one."""

from django.db import migrations

RIGHTS = """
REVOKE ALL ON keys_datakey FROM kith_worker;
REVOKE DELETE, TRUNCATE ON keys_datakey FROM kith_app;
"""


class Migration(migrations.Migration):
    dependencies = [("keys", "0001_data_keys"), ("practice", "0004_rights_of_roles")]

    operations = [migrations.RunSQL(sql=RIGHTS, reverse_sql=migrations.RunSQL.noop)]
