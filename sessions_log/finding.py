"""When these leaders and a room could meet every week: all times of a week, tried against what is planned (R32).

Three queries, whatever is asked; the rest is counting.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
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


@dataclass(frozen=True)
class _Busy:
    starts_at: datetime
    ends_at: datetime
    room_id: UUID | None
    leaders: frozenset[UUID]
    group_id: UUID
    group_name: str


def find_times(search: Search, *, by: User) -> Answer:
    """Try every half hour of the wanted days; what is in the way is told as far as ``by`` may know it (R43)."""
    rooms: list[Room | None] = list(search.site.rooms.order_by("name")) or [None]
    days_off: DaysOff = list(
        Closure.objects.at_site(search.site.pk)
        .filter(last_day__gte=search.earliest_day)
        .values_list("first_day", "last_day")
    )
    days = {weekday: _days(search, weekday, days_off) for weekday in search.weekdays}
    planned = _Planned(
        search=search,
        rooms=rooms,
        busy=_busy(
            search, rooms, first=min(one[0] for one in days.values()), last=max(one[-1] for one in days.values())
        ),
        known=set(Group.objects.visible_to(by).values_list("pk", flat=True)),
    )
    free: dict[int, list[Found]] = {}
    almost: list[Found] = []
    for weekday in sorted(days):
        for wall in _walls(search):
            found = planned.against(days[weekday], wall)
            if not found.clashes:
                free.setdefault(weekday, []).append(found)
            elif len({clash.slot.day for clash in found.clashes}) <= search.count * _HARDLY:
                almost.append(found)
    almost.sort(key=lambda one: (len(one.clashes), one.first_day, one.wall))
    return Answer(free, almost[:MOST_ALMOST])


def _days(search: Search, weekday: int, days_off: DaysOff) -> list[date]:
    first = search.earliest_day + timedelta(days=(weekday - search.earliest_day.weekday()) % 7)
    rule = Rule(first, time(12), search.minutes, search.weeks, search.site.zone)
    return [slot.day for slot in counted(rule, days_off, search.count)]


def _walls(search: Search) -> Iterator[time]:
    first = search.earliest_time.hour * 60 + search.earliest_time.minute
    last = search.latest_time.hour * 60 + search.latest_time.minute - search.minutes
    for minute in range(first, last + 1, STEP_MINUTES):
        yield time(minute // 60, minute % 60)


def _busy(search: Search, rooms: Sequence[Room | None], *, first: date, last: date) -> dict[date, list[_Busy]]:
    """What takes one of the rooms or leaders, by the days at the site on which it does."""
    zone = search.site.zone
    around = Session.objects.scheduled().overlapping(
        moment(first, time.min, zone), moment(last + timedelta(days=1), time.min, zone)
    )
    sessions = around.taking(
        rooms=[room.pk for room in rooms if room], leaders=[leader.pk for leader in search.leaders]
    )
    by_day: dict[date, list[_Busy]] = defaultdict(list)
    with acting_as(SYSTEM):  # what is in the way may be anybody's; it is named only to those who may know
        found = list(
            sessions.select_related("group").only("starts_at", "ends_at", "room", "group__name").with_leaders()
        )
    for session in found:
        one = _Busy(
            session.starts_at,
            session.ends_at,
            session.room_id,
            frozenset(row.user_id for row in session.leaders.all()),
            session.group_id,
            session.group.name,
        )
        for day in {local(session.starts_at, zone).date(), local(session.ends_at, zone).date()}:
            by_day[day].append(one)
    return by_day


@dataclass(frozen=True)
class _Planned:
    """What is planned already, as far as it could be in the way; ``known`` are the groups whose names may be told."""

    search: Search
    rooms: Sequence[Room | None]
    busy: Mapping[date, Sequence[_Busy]]
    known: Collection[UUID]

    def against(self, days: Sequence[date], wall: time) -> Found:
        """Return the room in which the fewest sessions on ``days`` at ``wall`` meet something, with what they meet."""
        of_leaders: list[Clash] = []
        of_rooms: dict[UUID, list[Clash]] = defaultdict(list)
        by_key = {room.pk: room for room in self.rooms if room}
        zone, length = self.search.site.zone, timedelta(minutes=self.search.minutes)
        for day in days:
            if day not in self.busy:
                continue
            starts_at = moment(day, wall, zone)
            slot = Slot(day, starts_at, starts_at + length)
            for one in self.busy[day]:
                if one.starts_at >= slot.ends_at or slot.starts_at >= one.ends_at:
                    continue
                name = one.group_name if one.group_id in self.known else ""
                leaders = [leader for leader in self.search.leaders if leader.pk in one.leaders]
                of_leaders += [Clash(slot, zone, other=name, leader=leader) for leader in leaders]
                if one.room_id in by_key:
                    of_rooms[one.room_id].append(Clash(slot, zone, other=name, room=by_key[one.room_id]))
        room = min(self.rooms, key=lambda one: len(of_rooms.get(one.pk, ())) if one else 0)
        clashes = [*of_leaders, *(of_rooms.get(room.pk, ()) if room else ())]
        return Found(days[0], wall, room, sorted(clashes, key=lambda clash: clash.slot.starts_at))
