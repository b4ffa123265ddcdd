"""How a wall clock maps to UTC (R32; TRUST, time)."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from common.clock import day_bounds, local, moment, now, today_in

NEW_YORK = "America/New_York"


def test_now_is_aware_and_in_utc() -> None:
    with time_machine.travel(datetime(2026, 11, 24, 3, 30, tzinfo=UTC), tick=False):
        assert now() == datetime(2026, 11, 24, 3, 30, tzinfo=UTC)
        assert now().utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("zone", "day"),
    [(NEW_YORK, date(2026, 11, 23)), ("America/Chicago", date(2026, 11, 23)), ("Asia/Tokyo", date(2026, 11, 24))],
)
def test_today_depends_on_the_zone(zone: str, day: date) -> None:
    with time_machine.travel(datetime(2026, 11, 24, 3, 30, tzinfo=UTC), tick=False):
        assert today_in(zone) == day


@pytest.mark.parametrize(
    ("day", "wall", "zone", "expected"),
    [
        (date(2026, 7, 1), time(18), NEW_YORK, datetime(2026, 7, 1, 22, tzinfo=UTC)),
        (date(2026, 12, 1), time(18), NEW_YORK, datetime(2026, 12, 1, 23, tzinfo=UTC)),
        # In spring 2:30 does not exist: an hour later, 3:30 daylight time.
        (date(2027, 3, 14), time(2, 30), NEW_YORK, datetime(2027, 3, 14, 7, 30, tzinfo=UTC)),
        # In autumn 1:30 happens twice: the first, in daylight time.
        (date(2026, 11, 1), time(1, 30), NEW_YORK, datetime(2026, 11, 1, 5, 30, tzinfo=UTC)),
        # On Lord Howe Island clocks change by half an hour.
        (date(2026, 10, 4), time(2, 15), "Australia/Lord_Howe", datetime(2026, 10, 3, 15, 45, tzinfo=UTC)),
        # Apia skipped December 30, 2011 altogether: the next day, at the same time.
        (date(2011, 12, 30), time(10), "Pacific/Apia", datetime(2011, 12, 30, 20, tzinfo=UTC)),
    ],
)
def test_a_wall_time_is_one_moment(day: date, wall: time, zone: str, expected: datetime) -> None:
    assert moment(day, wall, zone) == expected


def test_the_second_of_two_is_never_meant() -> None:
    second = time(1, 30, fold=1)
    assert moment(date(2026, 11, 1), second, NEW_YORK) == moment(date(2026, 11, 1), time(1, 30), NEW_YORK)


def test_a_moment_as_clocks_show_it() -> None:
    shown = local(datetime(2026, 11, 24, 23, tzinfo=UTC), NEW_YORK)
    assert (shown.date(), shown.time(), shown.tzname()) == (date(2026, 11, 24), time(18), "EST")


def test_days_have_23_24_or_25_hours() -> None:
    lengths = []
    for day in (date(2027, 3, 14), date(2026, 7, 1), date(2026, 11, 1)):
        begins, ends = day_bounds(day, NEW_YORK)
        lengths.append((ends - begins) / timedelta(hours=1))
    assert lengths == [23, 24, 25]


def test_several_days_are_as_long_as_each_by_itself() -> None:
    begins, ends = day_bounds(date(2026, 10, 30), NEW_YORK, days=7)
    assert ends - begins == timedelta(days=7, hours=1)


@given(
    day=st.dates(date(1970, 1, 2), date(2090, 1, 1)),
    wall=st.times(),
    zone=st.sampled_from([NEW_YORK, "America/Chicago", "Europe/Dublin", "Asia/Gaza", "Antarctica/Troll", "UTC"]),
)
def test_there_and_back(day: date, wall: time, zone: str) -> None:
    """What clocks show at the moment of a wall time is that time, or in a gap a later one."""
    shown = local(moment(day, wall, zone), zone).replace(tzinfo=None)
    wanted = datetime.combine(day, wall)
    exists = (
        wanted.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) == wanted
    )
    assert shown == wanted if exists else wanted < shown <= wanted + timedelta(hours=2)
