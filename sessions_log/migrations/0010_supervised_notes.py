"""A supervisor reads what was signed in sessions of the therapists they supervise, and nobody else's (R43)."""

from django.db import migrations

from common.row_security import Protect, define, documented, own

FUNCTIONS = """
-- Sessions that a therapist whom the actor supervises leads, led, or signed notes of.
CREATE OR REPLACE FUNCTION kith_supervised_sessions() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE ROWS 500 SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT l.session_id FROM sessions_log_sessionleader l WHERE l.user_id IN (SELECT kith_supervised())
    UNION ALL
    SELECT n.session_id FROM sessions_log_groupnote n WHERE n.signed_by_id IN (SELECT kith_supervised())
    UNION ALL
    SELECT n.session_id FROM sessions_log_membernote n WHERE n.signed_by_id IN (SELECT kith_supervised())
$$;
"""

SUPERVISED = "session_id IN (SELECT kith_supervised_sessions())"
SIGNED_FOR_SUPERVISORS = f"(signed_at IS NOT NULL AND {SUPERVISED})"
FOR_CLINICIANS = f"{documented()} OR {SUPERVISED}"


class Migration(migrations.Migration):
    dependencies = [
        ("practice", "0013_supervision_row_security"),
        ("sessions_log", "0009_row_security_of_versions"),
    ]

    operations = [
        define(FUNCTIONS),
        *(
            Protect(
                f"sessions_log.{note}",
                f"{documented()} OR {SIGNED_FOR_SUPERVISORS}",
                change=documented(),
                clinical=True,
            )
            for note in ("GroupNote", "MemberNote", "GroupNoteVersion", "MemberNoteVersion")
        ),
        *(
            Protect(f"sessions_log.{part}", FOR_CLINICIANS, change=documented(), clinical=True)
            for part in ("BoundaryEvent", "NameConfirmation", "Addendum")
        ),
        Protect(
            "sessions_log.CoSignature",
            FOR_CLINICIANS,
            change=f"{documented()} OR ({SUPERVISED} AND {own('by_id')})",
            clinical=True,
        ),
    ]
