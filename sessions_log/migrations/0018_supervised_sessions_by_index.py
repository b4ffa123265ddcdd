"""The sessions of those whom a supervisor supervises are found by index, each once, however many notes others signed."""

from django.db import migrations

from common.row_security import define

FUNCTIONS = """
CREATE OR REPLACE FUNCTION kith_supervised_sessions() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE ROWS 500 SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT l.session_id FROM sessions_log_sessionleader l WHERE l.user_id = ANY (ARRAY(SELECT kith_supervised()))
    UNION
    SELECT n.session_id FROM sessions_log_groupnote n WHERE n.signed_by_id = ANY (ARRAY(SELECT kith_supervised()))
    UNION
    SELECT n.session_id FROM sessions_log_membernote n WHERE n.signed_by_id = ANY (ARRAY(SELECT kith_supervised()))
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("sessions_log", "0017_row_security_of_asking")]

    operations = [define(FUNCTIONS)]
