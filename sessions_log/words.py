"""How a session is called on a page."""

from django.utils.translation import gettext as _

from groups_app.models import Length
from sessions_log.models import GroupNote, Phase, Session


def title_of(session: Session) -> str:
    """Return "Session 7 of 14", or "Session 31" for a group without a last session."""
    total = session.group.session_count
    if total is None:
        return _("Session %(number)d") % {"number": session.number}
    return _("Session %(number)d of %(total)d") % {"number": session.number, "total": total}


def place_of(session: Session) -> str:
    """Return the room's name, or that the session is online."""
    return session.room.name if session.room else _("Online")


def phase_of(session: Session, note: GroupNote | None) -> str:
    """Return the phase its leaders noted or, in a time-limited group, the one that its number suggests (R15)."""
    if note and note.phase:
        return str(Phase(note.phase).label)
    total = session.group.session_count
    if not total or session.group.length != Length.TIME_LIMITED:
        return ""
    phases = list(Phase)
    return str(phases[min((session.number - 1) * len(phases) // total, len(phases) - 1)].label)
