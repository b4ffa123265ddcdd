"""What belongs to the groups that the actor leads is found by index, however much belongs to others."""

from django.db import migrations

from common.row_security import define

FUNCTIONS = """
CREATE OR REPLACE FUNCTION kith_led_memberships() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE ROWS 100 SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT m.id FROM groups_app_membership m WHERE m.group_id = ANY (ARRAY(SELECT kith_led_groups()))
$$;

CREATE OR REPLACE FUNCTION kith_led_clients() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE ROWS 100 SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT m.client_id FROM groups_app_membership m
    WHERE m.group_id = ANY (ARRAY(SELECT kith_led_groups())) AND m.state NOT IN ('declined', 'withdrawn')
$$;

CREATE OR REPLACE FUNCTION kith_known_clients() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE ROWS 100 SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT m.client_id FROM groups_app_membership m WHERE m.group_id = ANY (ARRAY(SELECT kith_led_groups()))
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("groups_app", "0022_emergencies")]

    operations = [define(FUNCTIONS)]
