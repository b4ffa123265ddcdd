"""Background work reads no psychotherapy notes (R36)."""

from django.db import migrations

RIGHTS = "REVOKE ALL ON process_notes_processnote, process_notes_interactionmap, process_notes_share FROM kith_worker;"


class Migration(migrations.Migration):
    dependencies = [("process_notes", "0001_private"), ("practice", "0004_rights_of_roles")]

    operations = [migrations.RunSQL(sql=RIGHTS, reverse_sql=migrations.RunSQL.noop)]
