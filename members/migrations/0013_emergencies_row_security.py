"""A chart that somebody opens in an emergency can be read for its short time, and nothing of it changed (R41)."""

from django.db import migrations

from common.row_security import AlsoShow, Protect, define, holds, of_led_client, own

FUNCTIONS = """
-- Clients whose chart the actor has opened in an emergency and neither closed nor kept too long.
CREATE OR REPLACE FUNCTION kith_emergency_clients() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE ROWS 1 SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT e.client_id FROM members_emergencyaccess e JOIN practice_user u ON u.id = e.by_id
    WHERE e.by_id = kith_actor_id() AND e.closed_at IS NULL
        AND e.closes_at > coalesce(nullif(current_setting('kith.now', true), '')::timestamptz, now())
        AND u.is_active AND u.roles && ARRAY['therapist', 'supervisor']::varchar[]
$$;

CREATE OR REPLACE FUNCTION kith_emergency_intakes() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE ROWS 1 SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT i.id FROM members_intake i WHERE i.client_id IN (SELECT kith_emergency_clients())
$$;
"""

OPENED = "client_id IN (SELECT kith_emergency_clients())"
CHART = [
    "members_client_difficulties",
    "members_client_conditions",
    "members_client_goals",
    "members.ClientProblemArea",
    "members.ContactConsent",
    "members.WaitingListEntry",
    "members.Intake",
]


class Migration(migrations.Migration):
    dependencies = [("members", "0012_emergencies"), ("practice", "0014_emergencies")]

    operations = [
        define(FUNCTIONS),
        Protect(
            "members.EmergencyAccess",
            f"{own('by_id')} OR {of_led_client('client_id', 'coordinator', 'supervisor')}",
            change=f"{own('by_id')} OR {holds('supervisor')}",
        ),
        Protect("members.EmergencyNotice", f"{own()} OR {holds('supervisor')}", change=f"{own()} OR {holds()}"),
        AlsoShow("members.Client", "id IN (SELECT kith_emergency_clients())", name="kith_emergency"),
        *(AlsoShow(table, OPENED, name="kith_emergency") for table in CHART),
        AlsoShow(
            "members_intake_family_roles",
            "intake_id IN (SELECT kith_emergency_intakes())",
            name="kith_emergency",
        ),
    ]
