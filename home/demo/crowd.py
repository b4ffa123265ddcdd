"""All the other groups of a larger demo practice: who leads what, where and when, without any clash."""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import cycle, islice
from typing import Any
from uuid import UUID

from groups_app.models import Cadence, Group, GroupState, LeavingReason, Length, MembershipState, Orientation
from home.demo import names
from home.demo.calendar import first_day_before
from home.demo.groups import Part, Plan, add_group, make_group, session_days
from home.demo.people import add_client, add_screening, add_staff, add_wait
from home.demo.scene import Place, Scene
from home.demo.sessions import add_sessions
from home.demo.sizes import SMALL
from practice.models import Role, Room, User

SLOTS = tuple((weekday, time(hour)) for weekday in range(5) for hour in (9, 11, 13, 15, 17, 19))
GROUPS_AT_ONCE = 50  # written together; the rows of so many fit into memory easily


@dataclass(frozen=True)
class Life:
    """Where a group stands: its state and the range of sessions it has had; ``count`` sessions in all, or ongoing."""

    state: GroupState
    past: range
    count: int | None = None
    cadence: Cadence = Cadence.WEEKLY


_YEAR = Life(GroupState.RUNNING, range(51, 55))
_LIVES = (
    Life(GroupState.FORMING, range(1), count=14),
    Life(GroupState.RUNNING, range(4, 12), count=16),
    Life(GroupState.ENDING, range(11, 14), count=16),
    Life(GroupState.ENDED, range(14, 40), count=14),
    Life(GroupState.RUNNING, range(24, 27), cadence=Cadence.BIWEEKLY),
    *[_YEAR] * 8,
    Life(GroupState.RUNNING, range(2, 8), count=12),
    *[_YEAR] * 10,
    Life(GroupState.CALLED_OFF, range(1), count=12),
)
_WHY = (LeavingReason.DROPPED_OUT, LeavingReason.MOVED, LeavingReason.SCHEDULE, LeavingReason.GOALS_REACHED)
# Taken in a forming group, so that there are free ones; a group that is called off gave its places back.
_PLACES_BEFORE = {GroupState.FORMING: 5, GroupState.CALLED_OFF: 0}
_PLACES = {1: 8, 2: 10}  # by leaders, as the default policy says


@dataclass
class Slot:
    """What a group needs for itself every week."""

    place: Place
    leaders: Sequence[User]
    room: Room | None
    weekday: int
    start_time: time


def add_crowd(scene: Scene) -> None:
    """Write therapists, groups, members and waiting clients up to the numbers of the scene's size."""
    size = scene.size
    teams = _add_therapists(scene)
    timetable = Timetable(scene, teams)
    lives = list(islice(cycle(_LIVES), size.groups - SMALL.groups))
    slots = [timetable.book(number) for number in range(len(lives))]
    places_taken = _share_out(size.members - SMALL.members, lives, slots)
    numbers = iter(range(1_000, 1_000 + size.members + size.waiting))
    _add_waiting(scene, numbers, [user for team in teams.values() for user in team])
    for number, (life, slot, taken) in enumerate(zip(lives, slots, places_taken, strict=True), start=1):
        _add_one(scene, life, slot, taken=taken, number=number, numbers=numbers)
        if number % GROUPS_AT_ONCE == 0:
            scene.sink.flush()
            scene.progress(number + SMALL.groups, size.groups)
    scene.sink.flush()


def _add_therapists(scene: Scene) -> dict[str, deque[User]]:
    """Make the therapists besides the story's two, the same number at each site; return each site's team."""
    random = scene.random
    on_site = [place for place in scene.places.values() if not place.site.is_online]
    teams: dict[str, deque[User]] = {place.site.name: deque() for place in on_site}
    pool = [(first, last) for first in (*names.WOMEN, *names.MEN) for last in names.FAMILY_NAMES]
    people = random.sample(pool, scene.size.therapists - SMALL.therapists)
    for place, (first_name, last_name) in zip(cycle(on_site), people, strict=False):
        site = place.site
        therapist = add_staff(
            scene,
            first_name=first_name,
            last_name=last_name,
            credentials=random.choice(names.CREDENTIALS),
            roles=[Role.THERAPIST],
            site=site,
            licenses=[(state, random.randint(40, 700)) for state in dict.fromkeys((site.state, "NY"))],
        )
        teams[site.name].append(therapist)
    return teams


class Timetable:
    """Gives every group a leader or two, a weekly slot and a room, none of them taken by another group."""

    def __init__(self, scene: Scene, teams: dict[str, deque[User]]) -> None:
        self._scene = scene
        self._teams = teams
        self._online = scene.places["Online"]
        on_site = [place for place in scene.places.values() if place is not self._online]
        self._on_site = cycle(on_site)
        self._same_clock = cycle(place for place in on_site if place.site.zone == self._online.site.zone)
        self._taken: set[tuple[UUID, int, time]] = set()

    def book(self, number: int) -> Slot:
        """Return the slot of the ``number``-th group; every ninth meets online, led from a site with the same clock."""
        is_online = number % 9 == 4
        place = next(self._same_clock if is_online else self._on_site)
        team = self._teams[place.site.name]
        leaders = [team[0], team[1]] if number % 3 == 0 else [team[0]]
        team.rotate(-1)
        for weekday, start_time in self._scene.random.sample(SLOTS, len(SLOTS)):
            if not all(self._is_free(user.pk, weekday, start_time) for user in leaders):
                continue
            room = None if is_online else self._free_room(place, weekday, start_time)
            if is_online or room:
                for pk in [*(user.pk for user in leaders), *([room.pk] if room else [])]:
                    self._taken.add((pk, weekday, start_time))
                return Slot(self._online if is_online else place, leaders, room, weekday, start_time)
        raise RuntimeError(f"No free slot at {place.site.name}: the size needs more rooms or therapists.")

    def _is_free(self, pk: UUID, weekday: int, start_time: time) -> bool:
        return (pk, weekday, start_time) not in self._taken

    def _free_room(self, place: Place, weekday: int, start_time: time) -> Room | None:
        # The second room of Brooklyn is the story's, whose groups keep other hours.
        rooms = (*place.rooms[:1], *place.rooms[2:])
        return next((room for room in rooms if self._is_free(room.pk, weekday, start_time)), None)


def _share_out(members: int, lives: Sequence[Life], slots: Sequence[Slot]) -> list[int]:
    """Return how many of ``members`` each group has: as even as their numbers of leaders allow."""
    most = [_PLACES_BEFORE.get(life.state, _PLACES[len(slot.leaders)]) for life, slot in zip(lives, slots, strict=True)]
    taken = [0] * len(most)
    while members > 0:
        if taken == most:
            raise RuntimeError("The groups have fewer places than the size has members.")
        for position, limit in enumerate(most):
            if members and taken[position] < limit:
                taken[position] += 1
                members -= 1
    return taken


def _add_waiting(scene: Scene, numbers: Iterator[int], therapists: Sequence[User]) -> None:
    places = list(scene.places.values())
    for _ in range(scene.size.waiting - SMALL.waiting):
        referred_on = scene.today - timedelta(days=scene.random.randint(2, 150))
        client = add_client(scene, scene.random.choice(places), referred_on=referred_on, number=next(numbers))
        add_wait(scene, client)
        if scene.random.random() < 0.8:
            add_screening(scene, client, by=scene.random.choice(therapists), on=referred_on + timedelta(days=1))


def _add_one(scene: Scene, life: Life, slot: Slot, *, taken: int, number: int, numbers: Iterator[int]) -> None:
    group = _make_group(scene, life, slot, number=number)
    days = session_days(scene, group)
    before = min(group.first_day, scene.today)
    parts = []
    for _ in range(taken):
        referred_on = before - timedelta(days=scene.random.randint(40, 110))
        client = add_client(scene, slot.place, referred_on=referred_on, number=next(numbers))
        parts.append(_part(scene, life, client, days))
    plan = Plan(group, slot.leaders, parts, days)
    if life.state == GroupState.CALLED_OFF:
        plan.cancelled, plan.cancel_reason = set(range(1, 1 + len(days))), "The group was called off."
    else:
        _add_mishaps(scene, plan)
    add_group(scene, plan)
    add_sessions(scene, plan)


def _make_group(scene: Scene, life: Life, slot: Slot, *, number: int) -> Group:
    random, site = scene.random, slot.place.site
    ahead = (slot.weekday - scene.today.weekday()) % 7
    next_day = scene.today + timedelta(days=ahead)
    closed = scene.closed_days(site)
    if life.state in _PLACES_BEFORE:
        first_day = next_day + timedelta(weeks=random.randint(2, 5))
        while first_day in closed:
            first_day += timedelta(weeks=1)
    else:
        first_day = first_day_before(
            next_day, sessions_before=random.choice(life.past), cadence=life.cadence, closed=closed
        )
    return make_group(
        scene,
        name=_name(random.choice(names.GROUP_KINDS), slot, number),
        site=site,
        room=slot.room,
        online_link="" if slot.room else f"https://meet.kith.example/room-{number}",
        first_day=first_day,
        start_time=slot.start_time,
        cadence=life.cadence,
        length=Length.TIME_LIMITED if life.count else Length.ONGOING,
        session_count=life.count,
        state=life.state,
        orientation=random.choice(Orientation.values),
    )


def _name(kind: str, slot: Slot, number: int) -> str:
    part = next(part for hour, part in names.PARTS_OF_DAY if slot.start_time.hour < hour)
    day = date(2024, 1, 1 + slot.weekday)  # a Monday and the days after it
    return f"{day:%A} {part} {kind} {number}, {slot.place.site.name}"


def _part(scene: Scene, life: Life, client: Any, days: Sequence[date]) -> Part:
    """Return the client's part: in a group that runs, a few have left again; in one that ended, all have."""
    part = Part(client, reliability=scene.random.choice((0.99, 0.97, 0.95, 0.93, 0.9, 0.8)))
    if life.state == GroupState.ENDED:
        part.state, part.ends_on = MembershipState.LEFT, days[-1]
    elif life is _YEAR and scene.random.random() < 0.02:
        part.state, part.ends_on = MembershipState.LEFT, days[scene.random.randint(20, 45)]
        part.why = scene.random.choice(_WHY)
    return part


def _add_mishaps(scene: Scene, plan: Plan) -> None:
    """Cancel or move a session now and then, and leave some recent notes unsigned."""
    random, today = scene.random, scene.today
    for number, day in enumerate(plan.days, start=1):
        chance = random.random()
        if chance < 0.01 and day < today + timedelta(weeks=4):
            plan.cancelled.add(number)
        elif chance < 0.02:
            plan.moved[number] = plan.group.start_time.replace(minute=30)
        if today - timedelta(days=3) <= day < today:
            if random.random() < 0.5:
                plan.drafts.add(number)
                plan.member_notes_missing[number] = random.randint(0, 3)
        elif today - timedelta(days=8) <= day < today and random.random() < 0.08:
            plan.drafts.add(number)
