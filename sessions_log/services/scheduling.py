"""The sessions of a group, made from its rule: all at once, or up to a horizon that moves on daily."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Max, QuerySet
from django.db.models.functions import Coalesce

from common.clock import local, today_in
from groups_app.models import Group, GroupState, Length
from practice.models import Closure, Practice, User
from sessions_log.models import Session, SessionLeader
from sessions_log.series import DaysOff, NoOpenDay, Rule, Slot, between, counted
from sessions_log.services.errors import AlreadyScheduled
from sessions_log.services.places import Places, places_of

# Groups that go on: before they end.
_GOING_ON = (GroupState.PLANNED, GroupState.FORMING, GroupState.RUNNING)


@transaction.atomic
def schedule_series(*, group: Group, by: User) -> list[Session]:
    """Schedule the sessions of ``group``, numbered from 1: all, or for an ongoing group those up to the horizon (R32).

    The group's leaders of today lead them. Raises ``AlreadyScheduled``, ``RoomTaken``, ``LeaderTaken`` or
    ``NoOpenDay``, and then has written nothing.
    """
    group = _locked(group.pk)
    if group.sessions.exists():
        raise AlreadyScheduled
    rule, days_off = _rule_of(group), _days_off(group, group.first_day)
    if group.session_count:
        slots = counted(rule, days_off, group.session_count)
    else:
        slots = between(rule, days_off, after=None, last=_horizon(group))
    if not slots:
        raise NoOpenDay
    places = places_of(group)
    places.lock()
    with places.guarded(slots, by=by):
        return _write(group, slots, places, first_number=1)


def ongoing_groups_to_extend() -> QuerySet[Group]:
    """Return the ongoing groups that have sessions and go on, longest known first."""
    return Group.objects.filter(length=Length.ONGOING, state__in=_GOING_ON, sessions__isnull=False).distinct()


@transaction.atomic
def extend_ongoing(*, group_id: UUID) -> list[Session]:
    """Schedule the sessions that an ongoing group still lacks up to the horizon, and return them.

    Nobody is there to answer a question: where the room or a leader is taken, the series stops before that day and
    goes on once it is free. Doing it twice adds nothing.
    """
    group = _locked(group_id)
    # A moved session stands for the day it was planned on.
    known = group.sessions.aggregate(day=Max(Coalesce("moved_from", "starts_at")), number=Max("number"))
    if group.session_count or group.state not in _GOING_ON or known["day"] is None:
        return []
    after = local(known["day"], group.site.zone).date()
    slots = between(_rule_of(group), _days_off(group, after), after=after, last=_horizon(group))
    places = places_of(group)
    places.lock()
    return _write(group, places.free_before_clash(slots), places, first_number=known["number"] + 1)


def _locked(group_id: UUID) -> Group:
    return Group.objects.select_for_update(of=("self",)).select_related("site", "room").get(pk=group_id)


def _rule_of(group: Group) -> Rule:
    return Rule(group.first_day, group.start_time, group.minutes, group.cadence, group.site.zone)


def _days_off(group: Group, first: date) -> DaysOff:
    closures = Closure.objects.at_site(group.site_id).filter(last_day__gte=first)
    return list(closures.values_list("first_day", "last_day"))


def _horizon(group: Group) -> date:
    """Return the last day to schedule: the policy's weeks from today, or from the first session if that is later."""
    weeks = Practice.objects.current().policy.horizon_weeks
    return max(today_in(group.site.zone), group.first_day) + timedelta(weeks=weeks)


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
