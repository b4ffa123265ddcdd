"""When the sessions of a group are: from its rule and the days off to local days and to moments in UTC (R2, R32).

Nothing here asks the database. The wall time stays the same all year; ``common.clock`` says what that is in UTC.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import islice

from django.utils.translation import gettext as _

from common.clock import moment
from common.errors import RuleBroken

# How long days off may push out the end of a series before something must be wrong with them.
_PATIENCE = timedelta(weeks=260)

DaysOff = Sequence[tuple[date, date]]
"""Spans of days without sessions, as (first, last), both included."""


class NoOpenDay(RuleBroken):
    """The rule meets no open day, or leaves the calendar."""

    def __init__(self) -> None:
        super().__init__(_("There are not enough days for these sessions. Check the first day and the closures."))


@dataclass(frozen=True)
class Rule:
    """Sessions on the weekday of ``first_day``, every ``weeks`` weeks, when clocks in ``zone`` show ``wall``."""

    first_day: date
    wall: time
    minutes: int
    weeks: int
    zone: str

    def slot_on(self, day: date) -> "Slot":
        """Return the session of ``day``, which need not be one of the rule's days."""
        try:
            starts_at = moment(day, self.wall, self.zone)
            return Slot(day, starts_at, starts_at + timedelta(minutes=self.minutes))
        except OverflowError:
            raise NoOpenDay from None

    def after(self, day: date) -> "Rule":
        """Return the same rule from its first day later than ``day`` on; before its first day it is unchanged."""
        step = 7 * self.weeks
        passed = max(0, (day - self.first_day).days // step + 1)
        return replace(self, first_day=_later(self.first_day, timedelta(days=passed * step)))


@dataclass(frozen=True)
class Slot:
    """One session of a rule: its day at the site, and from when to when in UTC."""

    day: date
    starts_at: datetime
    ends_at: datetime


def counted(rule: Rule, days_off: DaysOff, count: int) -> list[Slot]:
    """Return the first ``count`` sessions; days off are skipped, so they move the end out and drop no session.

    Raises ``NoOpenDay`` if the days off leave too few.
    """
    last = _later(rule.first_day, timedelta(weeks=rule.weeks * count) + _PATIENCE)
    slots = [rule.slot_on(day) for day in islice(_open_days(rule, days_off, last), count)]
    if len(slots) < count:
        raise NoOpenDay
    return slots


def between(rule: Rule, days_off: DaysOff, *, after: date | None, last: date) -> list[Slot]:
    """Return the sessions on days later than ``after`` (``None``: from the first day on) up to ``last``, included."""
    return [rule.slot_on(day) for day in _open_days(rule, days_off, last) if after is None or day > after]


def _open_days(rule: Rule, days_off: DaysOff, last: date) -> Iterator[date]:
    for ordinal in range(rule.first_day.toordinal(), last.toordinal() + 1, 7 * rule.weeks):
        day = date.fromordinal(ordinal)
        if not any(first_off <= day <= last_off for first_off, last_off in days_off):
            yield day


def _later(day: date, by: timedelta) -> date:
    return date.fromordinal(min(day.toordinal() + by.days, date.max.toordinal()))
