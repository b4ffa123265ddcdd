"""Who sees a client and what belongs to one (docs/row-security.md)."""

from django.db import migrations

from common.row_security import Protect, define, holds, of_client, of_led_client

FUNCTIONS = """
-- The actor's own record as a client.
CREATE OR REPLACE FUNCTION kith_own_clients() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE ROWS 1 SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT c.id FROM members_client c JOIN practice_user u ON u.id = c.user_id
    WHERE c.user_id = kith_actor_id() AND u.is_active
$$;

-- Clients in groups that the actor leads; groups_app, which knows of groups, says which.
CREATE OR REPLACE FUNCTION kith_led_clients() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE ROWS 50 SET search_path = pg_catalog, public, pg_temp
AS 'SELECT NULL::uuid WHERE false';

-- Clients of whom the actor knows at least who they are, because they were proposed for a group that the actor leads.
CREATE OR REPLACE FUNCTION kith_known_clients() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE ROWS 50 SET search_path = pg_catalog, public, pg_temp
AS 'SELECT NULL::uuid WHERE false';

-- Clients whom the actor is, or was, asked to screen.
CREATE OR REPLACE FUNCTION kith_asked_clients() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE ROWS 10 SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT r.client_id FROM members_screeningrequest r JOIN practice_user u ON u.id = r.therapist_id
    WHERE r.therapist_id = kith_actor_id() AND u.is_active AND 'therapist' = ANY (u.roles)
$$;

-- Clients whom the actor sees for another reason; rooms above add theirs.
CREATE OR REPLACE FUNCTION kith_other_clients() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE ROWS 50 SET search_path = pg_catalog, public, pg_temp
AS 'SELECT kith_own_clients() UNION ALL SELECT kith_asked_clients()';

CREATE OR REPLACE FUNCTION kith_read_screenings() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE ROWS 50 SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT s.id FROM members_screening s
    WHERE s.client_id IN (SELECT kith_led_clients() UNION ALL SELECT kith_asked_clients())
$$;

CREATE OR REPLACE FUNCTION kith_led_intakes() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE ROWS 50 SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT i.id FROM members_intake i WHERE i.client_id IN (SELECT kith_led_clients())
$$;
"""

SCREENED = f"{of_led_client('client_id', 'coordinator', 'supervisor')} OR client_id IN (SELECT kith_asked_clients())"


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0006_identity_list"),
        ("practice", "0010_row_security"),
    ]

    operations = [
        define(FUNCTIONS),
        Protect("members.Client", f"{of_client('id')} OR id IN (SELECT kith_known_clients())"),
        Protect("members_client_difficulties", of_client()),
        Protect("members_client_conditions", of_client()),
        Protect("members_client_goals", of_client()),
        Protect("members_client_identities", of_client()),
        Protect("members.ClientProblemArea", of_client()),
        Protect("members.ContactConsent", of_client()),
        Protect("members.Availability", of_client()),
        Protect("members.WaitingListEntry", of_client()),
        Protect(
            "members.KeepApart",
            f"{of_led_client('one_id', 'coordinator', 'supervisor')} OR {of_led_client('other_id', 'supervisor')}",
        ),
        Protect("members.Intake", of_led_client(), clinical=True),
        Protect(
            "members_intake_family_roles",
            f"{holds('supervisor')} OR intake_id IN (SELECT kith_led_intakes())",
            clinical=True,
        ),
        # The outcome is the coordinators' as well, the reasons are not.
        Protect("members.ScreeningRequest", SCREENED),
        Protect("members.Screening", SCREENED),
        Protect(
            "members.ScreeningFindings",
            f"{holds('supervisor')} OR screening_id IN (SELECT kith_read_screenings())",
            clinical=True,
        ),
    ]
