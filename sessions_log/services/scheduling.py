"""The sessions of a group, made from its rule: all at once, or up to a horizon that moves on daily."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Max, QuerySet

from audit.services import record
from common.clock import now, today_in
from groups_app.models import Group, GroupState, Length
from groups_app.services import check_licenses
from groups_app.services.conditions import leaders_with_licenses, license_gap
from practice.models import User
from sessions_log.models import SeriesStop, Session, SessionLeader
from sessions_log.series import NoOpenDay, Slot, between, counted
from sessions_log.services.errors import AlreadyScheduled
from sessions_log.services.locking import locked_group
from sessions_log.services.places import (
    Booking,
    Places,
    free_among,
    free_before_clash,
    guarded,
    lock_places,
    places_of,
)
from sessions_log.services.rhythm import days_off, horizon, last_planned_day, rule_of

# Groups that go on: before they end.
_GOING_ON = (GroupState.PLANNED, GroupState.FORMING, GroupState.RUNNING)


@transaction.atomic
def schedule_series(*, group: Group, by: User) -> list[Session]:
    """Schedule the sessions of ``group``, numbered from 1: all, or for an ongoing group those up to the horizon (R32).

    The group's leaders of today lead them. Raises ``AlreadyScheduled``, ``NotLicensed``, ``NoOpenDay``, or
    ``RoomTaken`` or ``LeaderTaken`` with every clash, and then has written nothing.
    """
    group = locked_group(group.pk)
    if group.sessions.exists():
        raise AlreadyScheduled
    check_licenses(group)
    rule, closed = rule_of(group), days_off(group, group.first_day)
    if group.session_count:
        slots = counted(rule, closed, group.session_count)
    else:
        slots = between(rule, closed, after=None, last=horizon(group))
    if not slots:
        raise NoOpenDay
    places = places_of(group)
    bookings = places.on(slots)
    lock_places(bookings)
    with guarded(bookings, by=by):
        sessions = _write(group, slots, places, first_number=1)
    record(action="series.scheduled", by=by, target=group)
    return sessions


def ongoing_groups_to_extend() -> QuerySet[Group]:
    """Return the ongoing groups that have sessions and go on, longest known first."""
    return Group.objects.filter(length=Length.ONGOING, state__in=_GOING_ON, sessions__isnull=False).distinct()


@transaction.atomic
def extend_ongoing(*, group_id: UUID) -> list[Session]:
    """Schedule the sessions that an ongoing group still lacks up to the horizon, and return them.

    Nobody is there to answer a question: where the room or a leader is taken, or a leader's license has run out (R4),
    the series stops before that day, a ``SeriesStop`` tells people, and it goes on once that is mended. Doing it twice
    adds nothing.
    """
    group = locked_group(group_id)
    bookings = _lacking(group)
    free = 0 if license_gap_of(group) else free_before_clash(bookings)
    stops = SeriesStop.objects.filter(group=group)
    if free == len(bookings):
        stops.delete()
    else:
        stop = {"day": bookings[free].slot.day, "noticed_at": now()}
        if not stops.filter(day=stop["day"]).exists():
            SeriesStop.objects.update_or_create(group=group, defaults=stop)
    return _append(group, bookings[:free])


@transaction.atomic
def skip_taken_days(*, group: Group, by: User) -> list[Session]:
    """Let a stopped series go on after the days that are taken, without a session on these, and return what was added.

    Doing it again adds nothing, and so does doing it without a license.
    """
    group = locked_group(group.pk)
    free = [] if license_gap_of(group) else free_among(_lacking(group))
    if free:
        SeriesStop.objects.filter(group=group).delete()
        record(action="series.taken_days_skipped", by=by, target=group)
    return _append(group, free)


def next_lacking(group: Group) -> Booking | None:
    """Return the first session that an ongoing group lacks up to the horizon; ``None`` if it lacks none."""
    lacking = _due(group)
    return lacking[0] if lacking else None


def license_gap_of(group: Group) -> str:
    """Return a sentence naming the leader without a license for new sessions of ``group``, or nothing (R4)."""
    return license_gap(group, leaders_with_licenses(group), today_in(group.site.zone))


def _lacking(group: Group) -> list[Booking]:
    """The sessions an ongoing group lacks, with their room and leaders locked."""
    bookings = _due(group)
    lock_places(bookings)
    return bookings


def _due(group: Group) -> list[Booking]:
    if group.session_count or group.state not in _GOING_ON or not group.sessions.exists():
        return []
    after = last_planned_day(group)
    return places_of(group).on(between(rule_of(group), days_off(group, after), after=after, last=horizon(group)))


def _append(group: Group, bookings: Sequence[Booking]) -> list[Session]:
    if not bookings:
        return []
    last = group.sessions.aggregate(number=Max("number"))["number"]
    places = Places(bookings[0].room, bookings[0].leaders, bookings[0].zone)
    return _write(group, [booking.slot for booking in bookings], places, first_number=last + 1)


def _write(group: Group, slots: Sequence[Slot], places: Places, *, first_number: int) -> list[Session]:
    sessions = Session.objects.bulk_create(
        Session(
            group=group,
            number=number,
            local_day=slot.day,
            local_time=group.start_time,
            minutes=group.minutes,
            zone=group.site.zone,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
            room=places.room,
            online_link=group.online_link,
        )
        for number, slot in enumerate(slots, start=first_number)
    )
    SessionLeader.objects.bulk_create(
        SessionLeader(session=session, user=leader, position=position, busy=session.span)
        for session in sessions
        for position, leader in enumerate(places.leaders, start=1)
    )
    return sessions
