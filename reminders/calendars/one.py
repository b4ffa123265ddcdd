"""A calendar file for one session: attached to a mail, or taken from a page."""

from django.utils.translation import gettext as _

from reminders.calendars.ical import Event, calendar, default_title
from sessions_log.models import Session


def event_of(session: Session, *, title: str = "", place: str = "", note: str = "") -> Event:
    """Return what a calendar is told of ``session``; without a ``title`` nothing but the time."""
    return Event(
        key=session.pk,
        version=session.schedule_version,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        zone=session.zone,
        is_cancelled=session.is_cancelled,
        stamp=max(session.created_at, session.cancelled_at or session.created_at),
        title=title or default_title(),
        place=place,
        note=note,
    )


def appointment_file(session: Session | None) -> bytes:
    """Return the file of one session, with a neutral title and no place; empty without a session."""
    return calendar([event_of(session)], name=_("Appointments")) if session else b""
