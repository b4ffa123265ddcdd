"""Psychotherapy notes are their author's, and whoever the author shares them with may read them; no role does (R36)."""

from django.db import migrations

from common.row_security import Protect, define, holds, own

FUNCTIONS = """
-- What colleagues share with the actor now: whose notes, about which session.
CREATE OR REPLACE FUNCTION kith_shared_with_actor() RETURNS TABLE (session uuid, author uuid)
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE ROWS 10 SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT s.session_id, s.author_id FROM process_notes_share s
    JOIN practice_user u ON u.id = s.reader_id
    WHERE s.reader_id = kith_actor_id() AND s.ended_at IS NULL AND u.is_active
$$;
"""

AUTHORS = f"({own('author_id')} OR {holds()})"
READERS = "(session_id, author_id) IN (SELECT session, author FROM kith_shared_with_actor())"


class Migration(migrations.Migration):
    dependencies = [
        ("practice", "0010_row_security"),
        ("process_notes", "0002_rights"),
    ]

    operations = [
        define(FUNCTIONS),
        Protect("process_notes.ProcessNote", f"{AUTHORS} OR {READERS}", change=AUTHORS, clinical=True),
        Protect("process_notes.InteractionMap", f"{AUTHORS} OR {READERS}", change=AUTHORS, clinical=True),
        Protect("process_notes.Share", f"{AUTHORS} OR {own('reader_id')}", change=AUTHORS, clinical=True),
    ]
