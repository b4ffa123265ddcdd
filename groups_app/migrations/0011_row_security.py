"""Who sees a group, a membership and what belongs to them (docs/row-security.md)."""

from django.db import migrations

from common.row_security import Protect, define, holds, of_group, of_membership

FUNCTIONS = """
-- Groups that the actor leads today.
CREATE OR REPLACE FUNCTION kith_led_groups() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE ROWS 10 SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT l.group_id FROM groups_app_groupleader l JOIN practice_user u ON u.id = l.user_id
    WHERE l.user_id = kith_actor_id() AND l.until IS NULL AND u.is_active AND 'therapist' = ANY (u.roles)
$$;

-- Groups in which the actor has a place, or signed for one. Whoever is only proposed knows nothing of it.
CREATE OR REPLACE FUNCTION kith_own_groups() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE ROWS 2 SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT m.group_id FROM groups_app_membership m
    WHERE m.client_id IN (SELECT kith_own_clients())
        AND (m.seat IS NOT NULL OR EXISTS (SELECT FROM groups_app_signature s WHERE s.membership_id = m.id))
$$;

-- Groups that the actor knows without leading them. Rooms above add theirs.
CREATE OR REPLACE FUNCTION kith_other_groups() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE ROWS 10 SET search_path = pg_catalog, public, pg_temp
AS 'SELECT kith_own_groups()';

CREATE OR REPLACE FUNCTION kith_led_memberships() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE ROWS 100 SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT m.id FROM groups_app_membership m WHERE m.group_id IN (SELECT kith_led_groups())
$$;

-- Memberships that the actor sees without leading their group: the actor's own. Rooms above add theirs.
CREATE OR REPLACE FUNCTION kith_other_memberships() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE ROWS 10 SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT m.id FROM groups_app_membership m WHERE m.client_id IN (SELECT kith_own_clients())
$$;

-- Who never came to a group is not its leaders' business any more (R43).
CREATE OR REPLACE FUNCTION kith_led_clients() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE ROWS 100 SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT m.client_id FROM groups_app_membership m
    WHERE m.group_id IN (SELECT kith_led_groups()) AND m.state NOT IN ('declined', 'withdrawn')
$$;

CREATE OR REPLACE FUNCTION kith_known_clients() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE ROWS 100 SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT m.client_id FROM groups_app_membership m WHERE m.group_id IN (SELECT kith_led_groups())
$$;

CREATE OR REPLACE FUNCTION kith_seen_signatures() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE ROWS 100 SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT s.id FROM groups_app_signature s
    WHERE s.membership_id IN (SELECT kith_led_memberships() UNION ALL SELECT kith_other_memberships())
$$;

CREATE OR REPLACE FUNCTION kith_led_accounts() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE ROWS 100 SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT c.user_id FROM members_client c WHERE c.id IN (SELECT kith_led_clients()) AND c.user_id IS NOT NULL
$$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("groups_app", "0010_phases_as_in_notes"),
        ("members", "0007_row_security"),
    ]

    operations = [
        define(FUNCTIONS),
        Protect("groups_app.Group", of_group("id")),
        Protect("groups_app.GroupTransition", of_group()),
        Protect("groups_app.GroupLeader", of_group()),
        Protect("groups_app.GroupCover", of_group()),
        Protect("groups_app.DoorOpening", of_group()),
        Protect("groups_app.EndingCheck", of_group()),
        Protect("groups_app.AgreementVersion", of_group()),
        Protect("groups_app.Membership", of_membership("id")),
        Protect("groups_app.MembershipTransition", of_membership()),
        Protect("groups_app.MemberNotice", of_membership()),
        Protect("groups_app.Signature", of_membership()),
        Protect("groups_app.Acknowledgement", of_membership()),
        Protect(
            "groups_app.PaperScan",
            f"{holds('coordinator', 'supervisor')} OR signature_id IN (SELECT kith_seen_signatures())",
            clinical=True,
        ),
    ]
