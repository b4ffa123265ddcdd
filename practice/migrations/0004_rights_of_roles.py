"""What the roles of ``config/embedded/roles.sql`` may do with tables, those that are there and those to come."""

from django.db import migrations

RIGHTS = """
DO $$
DECLARE
    missing text;
BEGIN
    SELECT string_agg(name, ', ') INTO missing
    FROM unnest(ARRAY['kith_app', 'kith_worker', 'kith_backup', 'kith_policy']) AS name
    WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name);
    IF missing IS NOT NULL THEN
        RAISE EXCEPTION 'Roles are missing (%): run config/embedded/roles.sql as a superuser, then migrate.', missing;
    END IF;
END $$;

GRANT USAGE ON SCHEMA public TO kith_app, kith_worker, kith_backup, kith_policy;
-- Its functions live there; ALTER FUNCTION … OWNER TO asks for it.
GRANT CREATE ON SCHEMA public TO kith_policy;

GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO kith_app, kith_worker;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO kith_backup, kith_policy;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO kith_app, kith_worker;
GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO kith_backup;

ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO kith_app, kith_worker;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO kith_backup, kith_policy;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO kith_app, kith_worker;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON SEQUENCES TO kith_backup;
"""


class Migration(migrations.Migration):
    dependencies = [("practice", "0003_log_off")]

    # The rights stay when it is undone: without them nothing would work, and they give nothing away.
    operations = [migrations.RunSQL(sql=RIGHTS, reverse_sql=migrations.RunSQL.noop)]
