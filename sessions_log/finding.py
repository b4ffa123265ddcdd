"""When these leaders and a room could meet every week: all times of a week, tried against what is planned (R32).

Five queries at most, whatever is asked; the rest is counting.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import NamedTuple, Self
from uuid import UUID

from common.acting import SYSTEM, acting_as
from common.clock import local, moment
from groups_app.models import Group
from practice.models import Closure, Room, Site, User
from sessions_log.models import Session
from sessions_log.series import DaysOff, Rule, Slot, counted
from sessions_log.services import Clash

STEP_MINUTES = 30
MOST_ALMOST = 6
# A time at which more than this share of the sessions is taken is not worth a talk.
_HARDLY = 0.25


@dataclass(frozen=True)
class Search:
    """Who wants to meet, where, how often, and within which hours, as clocks at the site show them."""

    site: Site
    leaders: Sequence[User]
    minutes: int
    weeks: int
    count: int
    earliest_day: date
    earliest_time: time
    latest_time: time
    weekdays: Sequence[int]


@dataclass(frozen=True)
class Found:
    """A weekday and time, the first day on it, and the room that is free most often (``None``: online)."""

    first_day: date
    wall: time
    room: Room | None
    clashes: Sequence[Clash] = ()


@dataclass(frozen=True)
class Answer:
    """Times at which every session is free, by weekday from Monday on, and those at which few are taken."""

    free: dict[int, list[Found]]
    almost: list[Found]


class _Busy(NamedTuple):
    """That a room or a leader, ``who``, is taken for a while, and by which group."""

    starts_at: datetime
    ends_at: datetime
    who: UUID
    group_id: UUID


class _Hit(NamedTuple):
    """A wanted session, on ``day`` at ``starts_at``, that meets something."""

    day: date
    starts_at: datetime
    busy: _Busy


@dataclass
class _Tried:
    """A weekday and time that was tried: what each leader and each room meets there."""

    first_day: date
    wall: time
    of_leaders: list[_Hit] = field(default_factory=list)
    of_rooms: dict[UUID, list[_Hit]] = field(default_factory=lambda: defaultdict(list))
    room: Room | None = None
    hits: list[_Hit] = field(default_factory=list)

    def settle(self, rooms: Sequence[Room | None]) -> Self:
        """Choose the room that is free most often, and keep what is in the way there."""
        self.room = min(rooms, key=lambda room: len(self.of_rooms.get(room.pk, ())) if room else 0)
        in_room = self.of_rooms.get(self.room.pk, []) if self.room else []
        self.hits = sorted([*self.of_leaders, *in_room], key=lambda hit: hit.starts_at)
        return self

    @property
    def days_taken(self) -> int:
        """On how many days something is in the way."""
        return len({hit.day for hit in self.hits})


def find_times(search: Search, *, by: User) -> Answer:
    """Try every half hour of the wanted days; what is in the way is told as far as ``by`` may know it (R43)."""
    rooms: list[Room | None] = list(search.site.rooms.order_by("name")) or [None]
    days_off: DaysOff = list(
        Closure.objects.at_site(search.site.pk)
        .filter(last_day__gte=search.earliest_day)
        .values_list("first_day", "last_day")
    )
    days = {weekday: _days(search, weekday, days_off) for weekday in sorted(search.weekdays)}
    busy = _busy(search, rooms, first=min(one[0] for one in days.values()), last=max(one[-1] for one in days.values()))
    free: dict[int, list[Found]] = {}
    almost: list[_Tried] = []
    for weekday, on in days.items():
        for tried in _tried(search, on, busy):
            tried.settle(rooms)
            if not tried.hits:
                free.setdefault(weekday, []).append(Found(tried.first_day, tried.wall, tried.room))
            elif tried.days_taken <= search.count * _HARDLY:
                almost.append(tried)
    almost.sort(key=lambda one: (len(one.hits), one.first_day, one.wall))
    return Answer(free, _in_words(search, almost[:MOST_ALMOST], by))


def _days(search: Search, weekday: int, days_off: DaysOff) -> list[date]:
    first = search.earliest_day + timedelta(days=(weekday - search.earliest_day.weekday()) % 7)
    rule = Rule(first, time(12), search.minutes, search.weeks, search.site.zone)
    return [slot.day for slot in counted(rule, days_off, search.count)]


def _walls(search: Search) -> list[time]:
    first = search.earliest_time.hour * 60 + search.earliest_time.minute
    last = search.latest_time.hour * 60 + search.latest_time.minute - search.minutes
    return [time(minute // 60, minute % 60) for minute in range(first, last + 1, STEP_MINUTES)]


def _busy(search: Search, rooms: Sequence[Room | None], *, first: date, last: date) -> dict[date, list[_Busy]]:
    """Return what takes one of the rooms or leaders, by the days at the site on which it does: two queries.

    Plain rows: there are thousands, and all but a few are only counted.
    """
    zone = search.site.zone
    span = (moment(first, time.min, zone), moment(last + timedelta(days=1), time.min, zone))
    around = Session.objects.scheduled().overlapping(*span).order_by()
    in_rooms = around.filter(room__in=[room.pk for room in rooms if room])
    led = around.filter(leaders__user__in=[leader.pk for leader in search.leaders])
    by_day: dict[date, list[_Busy]] = defaultdict(list)
    with acting_as(SYSTEM):  # what is in the way may be anybody's; it is named only to those who may know
        for sessions, who in ((in_rooms, "room_id"), (led, "leaders__user_id")):
            for row in sessions.values_list("starts_at", "ends_at", who, "group_id"):
                one = _Busy(*row)
                for day in {local(one.starts_at, zone).date(), local(one.ends_at, zone).date()}:
                    by_day[day].append(one)
    return by_day


def _tried(search: Search, days: Sequence[date], busy: Mapping[date, Sequence[_Busy]]) -> list[_Tried]:
    """Return every time of the day, with what sessions at that time on ``days`` meet.

    It goes from what is busy to the times that this spoils, which are few, and not from each time through all of it.
    """
    walls, length = _walls(search), timedelta(minutes=search.minutes)
    leaders = {leader.pk for leader in search.leaders}
    tried = [_Tried(days[0], wall) for wall in walls]
    for day in days:
        if day not in busy:
            continue
        starts = [moment(day, wall, search.site.zone) for wall in walls]
        for one in busy[day]:
            for index in range(bisect_right(starts, one.starts_at - length), bisect_left(starts, one.ends_at)):
                hit = _Hit(day, starts[index], one)
                (tried[index].of_leaders if one.who in leaders else tried[index].of_rooms[one.who]).append(hit)
    return tried


def _in_words(search: Search, almost: Sequence[_Tried], by: User) -> list[Found]:
    """Say what is in the way of these few times; groups are named to those who may know them: one query."""
    groups = {hit.busy.group_id for one in almost for hit in one.hits}
    known = dict(Group.objects.visible_to(by).filter(pk__in=groups).values_list("pk", "name")) if groups else {}
    leaders = {leader.pk: leader for leader in search.leaders}
    length, zone = timedelta(minutes=search.minutes), search.site.zone

    def clash(hit: _Hit, room: Room | None) -> Clash:
        leader = leaders.get(hit.busy.who)
        slot = Slot(hit.day, hit.starts_at, hit.starts_at + length)
        name = known.get(hit.busy.group_id, "")
        return Clash(slot, zone, other=name, room=None if leader else room, leader=leader)

    return [Found(one.first_day, one.wall, one.room, [clash(hit, one.room) for hit in one.hits]) for one in almost]
