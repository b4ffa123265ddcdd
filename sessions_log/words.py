"""How a session is called on a page."""

from django.utils.translation import gettext as _

from sessions_log.models import Session


def title_of(session: Session) -> str:
    """Return "Session 7 of 14", or "Session 31" for a group without a last session."""
    total = session.group.session_count
    if total is None:
        return _("Session %(number)d") % {"number": session.number}
    return _("Session %(number)d of %(total)d") % {"number": session.number, "total": total}


def place_of(session: Session) -> str:
    """Return the room's name, or that the session is online."""
    return session.room.name if session.room else _("Online")


def whereabouts_of(session: Session) -> str:
    """Return the place with its site, "Room 2, Brooklyn"; a site that is online says it alone."""
    site = session.group.site
    return site.name if session.room is None and site.is_online else f"{place_of(session)}, {site.name}"
