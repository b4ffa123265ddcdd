"""The practice's days off, and when a group must have begun to be where it is."""

from collections.abc import Container, Iterator
from datetime import date, timedelta


def holidays(year: int) -> Iterator[tuple[str, date, date]]:
    """Yield name, first and last day of the closures of ``year``, the winter break by the year in which it begins."""
    memorial_day = _last_monday_of_may(year)
    yield "Memorial Day", memorial_day, memorial_day
    yield "Independence Day", date(year, 7, 4), date(year, 7, 4)
    labor_day = _nth_weekday(year, 9, weekday=0, nth=1)
    yield "Labor Day", labor_day, labor_day
    thanksgiving = _nth_weekday(year, 11, weekday=3, nth=4)
    yield "Thanksgiving", thanksgiving, thanksgiving + timedelta(days=1)
    yield "Winter break", date(year, 12, 24), date(year + 1, 1, 1)


def _nth_weekday(year: int, month: int, *, weekday: int, nth: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


def _last_monday_of_may(year: int) -> date:
    last = date(year, 5, 31)
    return last - timedelta(days=last.weekday())


def first_day_before(day: date, *, sessions_before: int, cadence: int, closed: Container[date]) -> date:
    """Return the first day of a group that has met ``sessions_before`` times before ``day`` (``cadence`` in weeks)."""
    while sessions_before:
        day -= timedelta(weeks=cadence)
        sessions_before -= day not in closed
    return day
