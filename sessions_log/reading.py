"""A member's sessions as they are read one below the other: how they came and what was written (R33, R34)."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from groups_app.models import Membership
from practice.models import User
from sessions_log.corrections import Correction, corrections_about
from sessions_log.models import Addendum, Attendance, MemberNote, Session
from sessions_log.sheet import Line


def lines_of(
    membership: Membership, sessions: Sequence[Session], *, reader: User
) -> list[tuple[Session, Line, list[Correction]]]:
    """Return the member's line of each session and how their attendance was corrected, in four queries.

    Drafts are for those who document.
    """
    notes = MemberNote.objects.visible_to(reader).filter(membership=membership, session__in=sessions)
    written = {note.session_id: note for note in notes.select_related("signed_by")}
    came = {row.session_id: row for row in Attendance.objects.filter(membership=membership, session__in=sessions)}
    added: dict[UUID, list[Addendum]] = defaultdict(list)
    for addendum in membership.addenda.filter(session__in=sessions).select_related("author"):
        added[addendum.session_id].append(addendum)
    corrections = corrections_about(membership, sessions, came)
    return [
        (
            session,
            Line(membership, came.get(session.pk), None, written.get(session.pk), "", "", added[session.pk]),
            corrections.get(session.pk, []),
        )
        for session in sessions
    ]
