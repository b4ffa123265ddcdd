"""Changing one session: another day, time or room, or not at all."""

from datetime import date, time

from django.db import transaction

from common.clock import now
from practice.models import Closure, Room, User
from sessions_log.models import AbsenceNotice, Session, SessionStatus
from sessions_log.series import Rule
from sessions_log.services.errors import (
    AlreadyCancelled,
    AlreadyDocumented,
    AlreadyStarted,
    RoomElsewhere,
    SiteClosed,
)
from sessions_log.services.locking import locked
from sessions_log.services.places import Places


@transaction.atomic
def move_session(*, session: Session, day: date, wall: time, room: Room | None, by: User) -> Session:
    """Put a coming session on ``day`` when clocks at its site show ``wall``, in ``room`` (``None``: online as before).

    What was prepared for the old time becomes void: ``schedule_version`` rises, and absence notices for another day
    are taken back. Moving it to where it is changes nothing. Raises ``AlreadyStarted``, ``AlreadyCancelled``,
    ``SiteClosed``, ``RoomElsewhere``, ``RoomTaken`` or ``LeaderTaken``.
    """
    session = locked(session)
    slot = Rule(day, wall, session.minutes, 1, session.zone).slot_on(day)
    if session.is_cancelled:
        raise AlreadyCancelled
    if min(session.starts_at, slot.starts_at) <= now():
        raise AlreadyStarted
    if (slot.starts_at, room) == (session.starts_at, session.room):
        return session
    _check_place(session, day, room)

    leaders = [row.user for row in session.leaders.select_related("user")]
    places = Places(room=room, leaders=leaders, zone=session.zone)
    places.lock()
    if session.local_day != day:
        AbsenceNotice.objects.filter(session=session, withdrawn_at__isnull=True).update(withdrawn_at=now())
    if session.starts_at != slot.starts_at:
        planned = session.moved_from or session.starts_at
        session.moved_from = None if slot.starts_at == planned else planned
    session.local_day, session.local_time, session.room = day, wall, room
    session.starts_at, session.ends_at = slot.starts_at, slot.ends_at
    session.schedule_version += 1
    with places.guarded([slot], by=by, besides=[session.pk]):
        session.save(
            update_fields=[
                "local_day", "local_time", "starts_at", "ends_at", "room", "moved_from", "schedule_version"
            ]
        )  # fmt: skip
    return session


def _check_place(session: Session, day: date, room: Room | None) -> None:
    site_id = session.group.site_id
    if (room is None) != (session.room is None) or (room and room.site_id != site_id):
        raise RoomElsewhere
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
    session.save(
        update_fields=["status", "cancelled_at", "cancelled_by", "cancel_reason", "schedule_version"],
    )
    return session
