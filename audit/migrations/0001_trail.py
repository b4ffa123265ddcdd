"""The trail: a table that no role signs in to own, and the functions by which everybody else reaches it."""

from pathlib import Path

from django.db import migrations

TRAIL = (Path(__file__).resolve().parent.parent / "sql" / "trail.sql").read_text()

PREPARE = """
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'kith_audit') THEN
        RAISE EXCEPTION 'The role kith_audit is missing: run config/embedded/roles.sql as a superuser, then migrate.';
    END IF;
END $$;
CREATE SCHEMA audit AUTHORIZATION kith_audit;
SET LOCAL ROLE kith_audit;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        # Undoing it would delete the trail; who must, does it by hand.
        migrations.RunSQL(sql=PREPARE + TRAIL + "RESET ROLE;"),
    ]
