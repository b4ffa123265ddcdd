"""A chart opened in an emergency shows the client's memberships, the groups' leaders, what the client signed (R41)."""

from django.db import migrations

from common.row_security import AlsoShow, define

FUNCTIONS = """
-- Memberships of clients whose chart the actor has open in an emergency.
CREATE OR REPLACE FUNCTION kith_emergency_memberships() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE ROWS 2 SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT m.id FROM groups_app_membership m
    WHERE m.client_id IN (SELECT kith_emergency_clients()) AND m.state NOT IN ('declined', 'withdrawn')
$$;

CREATE OR REPLACE FUNCTION kith_emergency_groups() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE ROWS 2 SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT m.group_id FROM groups_app_membership m WHERE m.id IN (SELECT kith_emergency_memberships())
$$;
"""

MEMBERSHIP, GROUP = "(SELECT kith_emergency_memberships())", "(SELECT kith_emergency_groups())"


class Migration(migrations.Migration):
    dependencies = [("groups_app", "0021_phases_of_the_practice"), ("members", "0013_emergencies_row_security")]

    operations = [
        define(FUNCTIONS),
        *(
            AlsoShow(table, f"{column} IN {opened}", name="kith_emergency")
            for table, column, opened in (
                ("groups_app.Membership", "id", MEMBERSHIP),
                ("groups_app.Signature", "membership_id", MEMBERSHIP),
                ("groups_app.Group", "id", GROUP),
                ("groups_app.GroupLeader", "group_id", GROUP),
                ("groups_app.AgreementVersion", "group_id", GROUP),
            )
        ),
    ]
