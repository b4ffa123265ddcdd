"""Backups hold the trail as well."""

from django.db import migrations

# Its owner is the one to give the right.
RIGHTS = """
SET LOCAL ROLE kith_audit;
GRANT SELECT ON audit.entry TO kith_backup;
RESET ROLE;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_trail"), ("practice", "0004_rights_of_roles")]

    operations = [migrations.RunSQL(sql=RIGHTS, reverse_sql=migrations.RunSQL.noop)]
