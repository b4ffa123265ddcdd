"""Whoever wrote about a session keeps what they wrote, whoever leads its group now.

The rows themselves were theirs already; without the group and its people, pages could say nothing about them (R36).
"""

from django.db import migrations

from common.row_security import define

FUNCTIONS = """
-- Sessions about which the actor keeps notes or a map of their own.
CREATE OR REPLACE FUNCTION kith_kept_sessions() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE ROWS 50 SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT kept.session_id FROM (
        SELECT session_id, author_id FROM process_notes_processnote
        UNION ALL
        SELECT session_id, author_id FROM process_notes_interactionmap
    ) kept
    JOIN practice_user u ON u.id = kept.author_id
    WHERE kept.author_id = kith_actor_id() AND u.is_active AND u.roles && ARRAY['therapist', 'supervisor']::varchar[]
$$;

-- Groups of which the actor led or keeps a session without leading them today.
CREATE OR REPLACE FUNCTION kith_visited_groups() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE ROWS 10 SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT DISTINCT s.group_id FROM sessions_log_session s
    WHERE s.id IN (SELECT kith_led_sessions() UNION ALL SELECT kith_kept_sessions())
        AND s.group_id NOT IN (SELECT kith_led_groups())
$$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("process_notes", "0004_shared_with_supervisors"),
        ("sessions_log", "0009_row_security_of_versions"),
    ]

    operations = [define(FUNCTIONS)]
