"""Changing one session: another day, time, length or room, not at all, or after all."""

from datetime import date, time

from django.db import transaction

from audit.services import record
from common.clock import now
from practice.models import Closure, Room, User
from sessions_log.models import AbsenceNotice, Session, SessionStatus
from sessions_log.series import Rule, Slot
from sessions_log.services.errors import (
    AlreadyCancelled,
    AlreadyDocumented,
    AlreadyStarted,
    NotCancelled,
    SiteClosed,
)
from sessions_log.services.locking import locked, on_the_clock
from sessions_log.services.places import booking_of, guarded, lock_places
from sessions_log.services.venues import Venue, venue_for


@transaction.atomic
def move_session(
    *,
    session: Session,
    day: date,
    wall: time,
    room: Room | None,
    by: User,
    link: str = "",
    minutes: int | None = None,
) -> Session:
    """Put a coming session on ``day`` when clocks at its site show ``wall``, in ``room``, or online (``None``).

    ``link`` is by what people join then, empty: by the link it has, or its group. ``minutes`` is its new length,
    ``None`` the old one. What was prepared for the old time becomes void: ``schedule_version`` rises, and absence
    notices for another day are taken back. Moving it to where it is changes nothing. Raises ``AlreadyStarted``,
    ``AlreadyCancelled``, ``SiteClosed``, ``RoomElsewhere``, ``NoLink``, ``RoomTaken`` or ``LeaderTaken``.
    """
    session = locked(session)
    slot = Rule(day, wall, minutes or session.minutes, 1, session.zone).slot_on(day)
    if session.is_cancelled:
        raise AlreadyCancelled
    if min(session.starts_at, slot.starts_at) <= now():
        raise AlreadyStarted
    venue = venue_for(session.group, room, link or session.online_link)
    if (slot.starts_at, slot.ends_at, venue) == (session.starts_at, session.ends_at, Venue.of(session)):
        return session
    ensure_open(session.group.site_id, day)

    on_the_clock()
    bookings = [booking_of(session, slot, room)]
    lock_places(bookings)
    if session.local_day != day:
        withdraw_notices([session])
    if session.starts_at != slot.starts_at:
        planned = session.moved_from or session.starts_at
        session.moved_from = None if slot.starts_at == planned else planned
    put(session, slot, wall=wall, minutes=minutes or session.minutes, venue=venue)
    with guarded(bookings, by=by, besides=[session.pk]):
        session.save(update_fields=PUT_FIELDS)
    record(action="session.moved", by=by, target=session)
    return session


PUT_FIELDS = [
    "local_day", "local_time", "minutes", "starts_at", "ends_at", "room", "online_link", "moved_from",
    "schedule_version",
]  # fmt: skip


def put(session: Session, slot: Slot, *, wall: time, minutes: int, venue: Venue) -> None:
    """Set when and where ``session`` is, and void what was prepared for before; ``PUT_FIELDS`` are to be saved."""
    session.local_day, session.local_time, session.minutes = slot.day, wall, minutes
    session.room, session.online_link = venue.room, venue.link
    session.starts_at, session.ends_at = slot.starts_at, slot.ends_at
    session.schedule_version += 1


def withdraw_notices(sessions: list[Session]) -> None:
    """Take back what members said about days that ``sessions`` are no longer on."""
    AbsenceNotice.objects.standing().filter(session__in=sessions).update(withdrawn_at=now())


def ensure_open(site_id: object, day: date) -> None:
    """Raise ``SiteClosed`` if the site has a day off."""
    closure = Closure.objects.at_site(site_id).filter(first_day__lte=day, last_day__gte=day).first()
    if closure:
        raise SiteClosed(day=day, reason=closure.name)


@transaction.atomic
def cancel_session(*, session: Session, reason: str, by: User) -> Session:
    """Say that a session does not take place; it keeps its number, and its room and leaders are free again.

    Also after its time, as long as nothing was recorded. Raises ``AlreadyCancelled`` or ``AlreadyDocumented``.
    """
    session = locked(session)
    if session.is_cancelled:
        raise AlreadyCancelled
    if session.attendances.exists() or session.member_notes.exists() or hasattr(session, "group_note"):
        raise AlreadyDocumented
    session.status = SessionStatus.CANCELLED
    session.cancelled_at, session.cancelled_by, session.cancel_reason = now(), by, reason
    session.schedule_version += 1
    session.save(update_fields=_CANCEL_FIELDS)
    record(action="session.canceled", by=by, target=session, reason=reason)
    return session


_CANCEL_FIELDS = ["status", "cancelled_at", "cancelled_by", "cancel_reason", "schedule_version"]


@transaction.atomic
def restore_session(*, session: Session, by: User) -> Session:
    """Say that a canceled session takes place after all, where and when it was planned.

    Raises ``NotCancelled``, or ``RoomTaken`` or ``LeaderTaken`` if somebody took its place meanwhile.
    """
    session = locked(session)
    if not session.is_cancelled:
        raise NotCancelled
    bookings = [booking_of(session, Slot(session.local_day, session.starts_at, session.ends_at), session.room)]
    lock_places(bookings)
    session.status = SessionStatus.SCHEDULED
    session.cancelled_at, session.cancelled_by, session.cancel_reason = None, None, ""
    session.schedule_version += 1
    with guarded(bookings, by=by, besides=[session.pk]):
        session.save(update_fields=_CANCEL_FIELDS)
    record(action="session.restored", by=by, target=session)
    return session
