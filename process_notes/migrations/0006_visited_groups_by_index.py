"""The groups that the actor visited are found by the index of the sessions, however many others were held."""

from django.db import migrations

from common.row_security import define

FUNCTIONS = """
CREATE OR REPLACE FUNCTION kith_visited_groups() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE ROWS 10 SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT DISTINCT s.group_id FROM sessions_log_session s
    WHERE s.id = ANY (ARRAY(SELECT kith_led_sessions() UNION ALL SELECT kith_kept_sessions()))
        AND s.group_id <> ALL (ARRAY(SELECT kith_led_groups()))
$$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("process_notes", "0005_authors_keep_theirs"),
        ("sessions_log", "0015_documented_rows_by_index"),
    ]

    operations = [define(FUNCTIONS)]
