"""Who sees a session, who was there, and what is written about it (docs/row-security.md)."""

from django.db import migrations

from common.row_security import Protect, define, documented, holds, of_group, of_membership, of_session, own

FUNCTIONS = """
-- Sessions that the actor leads or led, also those of a group somebody else leads.
CREATE OR REPLACE FUNCTION kith_led_sessions() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE ROWS 200 SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT l.session_id FROM sessions_log_sessionleader l JOIN practice_user u ON u.id = l.user_id
    WHERE l.user_id = kith_actor_id() AND u.is_active AND 'therapist' = ANY (u.roles)
$$;

-- Sessions that the actor documents.
CREATE OR REPLACE FUNCTION kith_documented_sessions() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE ROWS 200 SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT s.id FROM sessions_log_session s WHERE s.group_id IN (SELECT kith_led_groups())
    UNION ALL
    SELECT kith_led_sessions()
$$;

-- Groups of which the actor led a session without leading them today.
CREATE OR REPLACE FUNCTION kith_visited_groups() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE ROWS 10 SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT DISTINCT s.group_id FROM sessions_log_session s
    WHERE s.id IN (SELECT kith_led_sessions()) AND s.group_id NOT IN (SELECT kith_led_groups())
$$;

CREATE OR REPLACE FUNCTION kith_other_groups() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE ROWS 10 SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT kith_own_groups()
    UNION ALL
    SELECT kith_visited_groups()
$$;

-- The roster of a visited group's session, and with it the people on it.
CREATE OR REPLACE FUNCTION kith_other_memberships() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE ROWS 10 SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT m.id FROM groups_app_membership m WHERE m.client_id IN (SELECT kith_own_clients())
    UNION ALL
    SELECT m.id FROM groups_app_membership m WHERE m.group_id IN (SELECT kith_visited_groups())
$$;

CREATE OR REPLACE FUNCTION kith_other_clients() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE ROWS 10 SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT kith_own_clients()
    UNION ALL
    SELECT kith_asked_clients()
    UNION ALL
    SELECT m.client_id FROM groups_app_membership m
    WHERE m.group_id IN (SELECT kith_visited_groups()) AND m.state NOT IN ('declined', 'withdrawn')
$$;

-- Sessions of the groups in which the actor has a place.
CREATE OR REPLACE FUNCTION kith_attended_sessions() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE ROWS 50 SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT s.id FROM sessions_log_session s WHERE s.group_id IN (SELECT kith_own_groups())
$$;
"""

# What is signed is also a supervisor's to read, never to change.
FOR_CLINICIANS = f"{documented()} OR {holds('supervisor')}"
SIGNED_FOR_SUPERVISORS = f"(signed_at IS NOT NULL AND {holds('supervisor')})"


class Migration(migrations.Migration):
    dependencies = [
        ("groups_app", "0011_row_security"),
        ("sessions_log", "0006_name_confirmations"),
    ]

    operations = [
        define(FUNCTIONS),
        Protect("sessions_log.Session", f"{of_group()} OR id IN (SELECT kith_led_sessions())"),
        # When staff are busy is no secret among staff: two sessions of one person would clash.
        Protect("sessions_log.SessionLeader", of_session("session_id", "coordinator", "supervisor", "therapist")),
        Protect("sessions_log.SeriesStop", of_group()),
        Protect("sessions_log.Attendance", of_membership()),
        Protect("sessions_log.AbsenceNotice", of_membership()),
        Protect(
            "sessions_log.GroupNote",
            f"{documented()} OR {SIGNED_FOR_SUPERVISORS}",
            change=documented(),
            clinical=True,
        ),
        Protect(
            "sessions_log.MemberNote",
            f"{documented()} OR {SIGNED_FOR_SUPERVISORS}",
            change=documented(),
            clinical=True,
        ),
        Protect("sessions_log.BoundaryEvent", FOR_CLINICIANS, change=documented(), clinical=True),
        Protect("sessions_log.NameConfirmation", FOR_CLINICIANS, change=documented(), clinical=True),
        Protect("sessions_log.Addendum", FOR_CLINICIANS, change=documented(), clinical=True),
        Protect("sessions_log.CoSignature", FOR_CLINICIANS, change=f"{documented()} OR {own('by_id')}", clinical=True),
        Protect("sessions_log.WritingStyle", f"{own()} OR {holds()}"),
        Protect("sessions_log.Snippet", f"{own('author_id')} OR {holds()}", clinical=True),
    ]
