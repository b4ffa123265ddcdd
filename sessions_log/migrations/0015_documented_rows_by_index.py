"""The sessions that the actor documents are found by index, however many others were held."""

from django.db import migrations

from common.row_security import define

FUNCTIONS = """
CREATE OR REPLACE FUNCTION kith_documented_sessions() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE ROWS 200 SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT s.id FROM sessions_log_session s WHERE s.group_id = ANY (ARRAY(SELECT kith_led_groups()))
    UNION ALL
    SELECT kith_led_sessions()
$$;

CREATE OR REPLACE FUNCTION kith_other_memberships() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE ROWS 10 SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT m.id FROM groups_app_membership m WHERE m.client_id = ANY (ARRAY(SELECT kith_own_clients()))
    UNION ALL
    SELECT m.id FROM groups_app_membership m WHERE m.group_id = ANY (ARRAY(SELECT kith_visited_groups()))
$$;

CREATE OR REPLACE FUNCTION kith_other_clients() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE ROWS 10 SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT kith_own_clients()
    UNION ALL
    SELECT kith_asked_clients()
    UNION ALL
    SELECT m.client_id FROM groups_app_membership m
    WHERE m.group_id = ANY (ARRAY(SELECT kith_visited_groups())) AND m.state NOT IN ('declined', 'withdrawn')
$$;

CREATE OR REPLACE FUNCTION kith_attended_sessions() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE ROWS 50 SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT s.id FROM sessions_log_session s WHERE s.group_id = ANY (ARRAY(SELECT kith_own_groups()))
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("groups_app", "0023_led_rows_by_index"), ("sessions_log", "0014_emergencies")]

    operations = [define(FUNCTIONS)]
