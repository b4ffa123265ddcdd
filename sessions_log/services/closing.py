"""Sessions on days that were closed after they had been scheduled: a person decides, one click moves them out (R32)."""

from django.db import transaction

from audit.services import record
from practice.models import User
from sessions_log.models import Session
from sessions_log.series import counted
from sessions_log.services.errors import AlreadyCancelled, AlreadyStarted, NotClosed
from sessions_log.services.locking import locked_coming, locked_group, on_the_clock
from sessions_log.services.moving import PUT_FIELDS, put, withdraw_notices
from sessions_log.services.numbering import renumber
from sessions_log.services.places import booking_of, guarded, lock_places
from sessions_log.services.rhythm import days_off, last_planned_day, rule_of
from sessions_log.services.venues import Venue


@transaction.atomic
def move_out(*, session: Session, by: User) -> Session:
    """Hold a session that falls on a closed day after the last one of its series, as if the day had been closed before.

    Later sessions keep their days and count one less. Raises ``NotClosed``, ``AlreadyStarted``, ``AlreadyCancelled``,
    ``NoOpenDay``, ``RoomTaken`` or ``LeaderTaken``.
    """
    group = locked_group(session.group_id)
    found = next((one for one in locked_coming(group) if one.pk == session.pk), None)
    if found is None:
        raise AlreadyStarted
    if found.is_cancelled:
        raise AlreadyCancelled
    if not Session.objects.on_closed_days().filter(pk=found.pk).exists():
        raise NotClosed
    (slot,) = counted(rule_of(group).after(last_planned_day(group)), days_off(group, found.local_day), 1)
    on_the_clock()
    bookings = [booking_of(found, slot, found.room)]
    lock_places(bookings)
    withdraw_notices([found])
    put(found, slot, wall=group.start_time, minutes=group.minutes, venue=Venue.of(found))
    found.moved_from, found.is_extra = None, False
    with guarded(bookings, by=by, besides=[found.pk]):
        found.save(update_fields=[*PUT_FIELDS, "is_extra"])
    renumber(group)
    found.refresh_from_db(fields=["number"])
    record(action="session.moved_out", by=by, target=found)
    return found
