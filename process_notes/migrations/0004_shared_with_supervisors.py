"""What a therapist shares is for supervised training: it is readable while the reader supervises them (R36)."""

from django.db import migrations

from common.row_security import define

FUNCTIONS = """
-- What therapists whom the actor supervises share with the actor now: whose notes, about which session.
CREATE OR REPLACE FUNCTION kith_shared_with_actor() RETURNS TABLE (session uuid, author uuid)
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE ROWS 10 SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT s.session_id, s.author_id FROM process_notes_share s
    WHERE s.reader_id = kith_actor_id() AND s.ended_at IS NULL AND s.author_id IN (SELECT kith_supervised())
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("practice", "0013_supervision_row_security"), ("process_notes", "0003_row_security")]

    operations = [define(FUNCTIONS)]
