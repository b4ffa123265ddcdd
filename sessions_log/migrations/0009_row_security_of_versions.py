"""Who sees earlier versions of attendance and notes: who sees the rows themselves; nobody changes them (R33)."""

from django.db import migrations

from common.row_security import Protect, documented, holds, of_membership, written_once

SIGNED_FOR_SUPERVISORS = f"(signed_at IS NOT NULL AND {holds('supervisor')})"


def of_note(label: str) -> Protect:
    """Protect versions of notes as the notes are."""
    return Protect(label, f"{documented()} OR {SIGNED_FOR_SUPERVISORS}", change=documented(), clinical=True)


class Migration(migrations.Migration):
    dependencies = [
        ("groups_app", "0018_row_security_of_versions"),
        ("sessions_log", "0008_versions"),
    ]

    operations = [
        Protect("sessions_log.AttendanceVersion", of_membership()),
        of_note("sessions_log.GroupNoteVersion"),
        of_note("sessions_log.MemberNoteVersion"),
        written_once(
            "sessions_log_attendanceversion", "sessions_log_groupnoteversion", "sessions_log_membernoteversion"
        ),
    ]
