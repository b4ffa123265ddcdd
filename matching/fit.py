"""Does this client fit this group, and why? Pure: facts in, reasons out; no database, no clock.

A reason either *blocks* (the client cannot join), speaks *against* or speaks *for* it. A block is a fact somebody has
to change first; everything else is advice to a person who decides.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

from django.utils.dateformat import time_format
from django.utils.translation import gettext as _

from common.clock import local, moment
from members.models import Gender, ScreeningOutcome, Weekday

DAY = 24 * 60
WEEK = 7 * DAY
NOON = 12


class Weight(StrEnum):
    """How much a reason counts; in the order in which people read them."""

    BLOCKS = "blocks"
    FOR = "for"
    AGAINST = "against"


READING_ORDER = list(Weight)


@dataclass(frozen=True)
class Reason:
    """One reason: its weight, a stable name for tests and counting, and a fragment of a sentence to read."""

    weight: Weight
    code: str
    text: str


class WeekSpan(NamedTuple):
    """From one minute of the week to another; Monday 00:00 is 0, and the end may lie in the week after."""

    start: int
    end: int

    @classmethod
    def of_day(cls, weekday: int, starts: time, ends: time) -> "WeekSpan":
        """Return the span of a weekday. Nobody can enter 24:00, so an end at 23:59 means midnight."""
        last = ends.hour * 60 + ends.minute
        return cls(weekday * DAY + starts.hour * 60 + starts.minute, weekday * DAY + (DAY if last == DAY - 1 else last))


@dataclass(frozen=True)
class GroupFacts:
    """What matters of a group. Wall times are those of ``zone``; goals, areas and genders of who holds a place."""

    site_id: UUID
    site_name: str
    zone: str
    is_online: bool
    first_day: date
    start_time: time
    minutes: int
    accepts_members: bool
    places: int
    smallest: int
    seated: int
    goals: frozenset[str] = frozenset()
    problem_areas: frozenset[str] = frozenset()
    genders: tuple[str, ...] = ()

    @cached_property
    def _spans(self) -> dict[str, WeekSpan]:
        return {}

    def meets(self, zone: str) -> WeekSpan:
        """Return when the group meets as clocks in ``zone`` show it, which for an online group may be another day."""
        if zone not in self._spans:
            day, wall = self.first_day, self.start_time
            if zone != self.zone:
                there = local(moment(day, wall, self.zone), zone)
                day, wall = there.date(), there.time()
            start = day.weekday() * DAY + wall.hour * 60 + wall.minute
            self._spans[zone] = WeekSpan(start, start + self.minutes)
        return self._spans[zone]


@dataclass(frozen=True)
class ClientFacts:
    """What matters of a client. ``free`` is when they can come every week, as clocks in ``zone``, their site's, show.

    ``screening`` is the outcome in force. The five before it are about one client *and* the group in question.
    """

    site_id: UUID
    zone: str
    only_online: bool
    online_ok: bool
    free: tuple[WeekSpan, ...]
    goals: frozenset[str] = frozenset()
    problem_areas: frozenset[str] = frozenset()
    gender: str = ""
    has_conflict: bool = False
    is_in_group: bool = False
    was_declined: bool = False
    was_member: bool = False
    elsewhere: str = ""
    screening: str | None = ScreeningOutcome.APPROVED


def first_block(group: GroupFacts, client: ClientFacts) -> Reason | None:
    """Return what keeps the client out of the group, the most telling thing first, or nothing."""
    return next(_blocks(group, client), None)


def reasons(group: GroupFacts, client: ClientFacts, *, with_composition: bool) -> list[Reason]:
    """Return every reason: blocks, then what speaks for it, then what speaks against.

    ``with_composition`` adds warnings about who would be alone with what; they are for clinical staff only (R20).
    """
    found = [*_blocks(group, client), *_advice(group, client)]
    if with_composition:
        found += _composition(group, client)
    return sorted(found, key=lambda reason: READING_ORDER.index(reason.weight))


def covers(free: Iterable[WeekSpan], wanted: WeekSpan) -> bool:
    """Whether ``free`` spans, which repeat every week and may touch or overlap, leave no minute of ``wanted`` out."""
    return covering_span(free, wanted) is not None


def covering_span(free: Iterable[WeekSpan], wanted: WeekSpan) -> WeekSpan | None:
    """Return the longest run of ``free`` time that contains ``wanted``, if one does."""
    spans = list(free)
    following = [WeekSpan(span.start + WEEK, span.end + WEEK) for span in spans]
    for run in _joined([*spans, *following]):
        if run.start <= wanted.start and wanted.end <= run.end:
            return run
    return None


def _joined(spans: list[WeekSpan]) -> list[WeekSpan]:
    runs: list[WeekSpan] = []
    for span in sorted(spans):
        if runs and span.start <= runs[-1].end:
            runs[-1] = WeekSpan(runs[-1].start, max(runs[-1].end, span.end))
        else:
            runs.append(span)
    return runs


def _blocks(group: GroupFacts, client: ClientFacts) -> Iterator[Reason]:
    if client.is_in_group:
        yield Reason(Weight.BLOCKS, "in-group", _("in this group already"))
    if not group.accepts_members:
        yield Reason(Weight.BLOCKS, "door", _("the group has started, its door is shut"))
    if group.seated >= group.places:
        yield Reason(Weight.BLOCKS, "full", _("every place is taken"))
    yield from _place_blocks(group, client)
    if not covers(client.free, group.meets(client.zone)):
        yield Reason(Weight.BLOCKS, "time", _not_free(group, client))
    if client.screening != ScreeningOutcome.APPROVED:
        yield Reason(Weight.BLOCKS, "screening", _not_screened(client.screening))
    if client.has_conflict:
        yield Reason(Weight.BLOCKS, "conflict", _("conflict"))  # never with whom (R22)


def _place_blocks(group: GroupFacts, client: ClientFacts) -> Iterator[Reason]:
    if group.is_online:
        if not (client.online_ok or client.only_online):
            yield Reason(Weight.BLOCKS, "online", _("would not join an online group"))
    elif client.only_online:
        yield Reason(Weight.BLOCKS, "online", _("can only meet online"))
    elif client.site_id != group.site_id:
        yield Reason(Weight.BLOCKS, "site", _("cannot come to %(site)s") % {"site": group.site_name})


def _not_screened(outcome: str | None) -> str:
    """Only the outcome: why is for clinicians (R21, R43)."""
    if outcome == ScreeningOutcome.WAIT:
        return _("screening says to wait")
    return _("not suitable by screening") if outcome else _("screening not finished")


def _not_free(group: GroupFacts, client: ClientFacts) -> str:
    wanted = group.meets(client.zone)
    if not client.free:
        return _("has not said when they are free")
    same_day = [span for span in client.free if span.start // DAY == wanted.start // DAY]
    if not same_day:
        return _("not free on %(day)s") % {"day": _day_name(wanted)}
    return _("free %(day)s %(hours)s, not %(wanted)s") % {
        "day": _day_name(wanted),
        "hours": ", ".join(hours(span) for span in same_day),
        "wanted": hours(wanted),
    }


def _advice(group: GroupFacts, client: ClientFacts) -> Iterator[Reason]:
    wanted = group.meets(client.zone)
    run = covering_span(client.free, wanted)
    if run:
        text = _("free %(day)s %(hours)s") % {"day": _day_name(wanted), "hours": hours(run)}
        yield Reason(Weight.FOR, "time", text)
    if group.seated == group.smallest - 1:
        yield Reason(Weight.FOR, "minimum", _("lets the group reach its minimum"))
    if group.seated:
        for area in sorted(client.problem_areas - group.problem_areas):
            text = _("brings %(area)s, which nobody has yet") % {"area": _lowered(area)}
            yield Reason(Weight.FOR, "problem-area", text)
        new_goals = sorted(client.goals - group.goals)
        if new_goals:
            text = _("wants %(goals)s, which nobody works on yet") % {"goals": ", ".join(map(_lowered, new_goals))}
            yield Reason(Weight.FOR, "goal", text)
    if client.elsewhere:
        yield Reason(Weight.AGAINST, "elsewhere", client.elsewhere)
    if client.was_declined:
        yield Reason(Weight.AGAINST, "declined", _("was declined for this group before"))
    if client.was_member:
        yield Reason(Weight.AGAINST, "left", _("left this group before"))


ALONE = {
    Gender.WOMAN: lambda: _("would be the only woman"),
    Gender.MAN: lambda: _("would be the only man"),
    Gender.NON_BINARY: lambda: _("would be the only non-binary person"),
}
SECOND = {
    Gender.WOMAN: lambda: _("second woman, so nobody is alone"),
    Gender.MAN: lambda: _("second man, so nobody is alone"),
    Gender.NON_BINARY: lambda: _("second non-binary person, so nobody is alone"),
}


def _composition(group: GroupFacts, client: ClientFacts) -> Iterator[Reason]:
    """Nobody should be the only one of a gender (R20). Who gave none, or another, is compared with nobody."""
    if client.gender not in ALONE:
        return
    known = [gender for gender in group.genders if gender]
    gender = Gender(client.gender)
    if known and gender not in known:
        yield Reason(Weight.AGAINST, "only-one", ALONE[gender]())
    elif known.count(gender) == 1 and len(known) > 1:
        yield Reason(Weight.FOR, "second", SECOND[gender]())


def hours(span: WeekSpan) -> str:
    """Return from when to when, "6–7:30 PM" or "11 AM–1 PM"; the day is said elsewhere."""
    first, last = _wall(span.start), _wall(span.end)
    same_half = (first.hour < NOON) == (last.hour < NOON) and span.end - span.start < DAY // 2
    return f"{time_format(first, 'f' if same_half else 'f A')}–{time_format(last, 'f A')}"


def _wall(minute: int) -> time:
    hour, rest = divmod(minute % DAY, 60)
    return time(hour, rest)


def _day_name(span: WeekSpan) -> str:
    return str(Weekday(span.start % WEEK // DAY).label)


def _lowered(label: str) -> str:
    return label[:1].lower() + label[1:]
