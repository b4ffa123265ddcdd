"""From a group's rule to its sessions (R2, R32)."""

import itertools
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions_log.series import NoOpenDay, Rule, between, counted

# Without the files that carry no place's rules.
ZONES = sorted(available_timezones() - {"localtime", "Factory"})

TUESDAYS = Rule(date(2026, 11, 24), time(18), 90, 1, "America/New_York")


def wall_of(instant: datetime, zone: str) -> time:
    return instant.astimezone(ZoneInfo(zone)).time()


def test_weekly_sessions_keep_their_wall_time_across_the_end_of_summer_time() -> None:
    rule = Rule(date(2026, 10, 20), time(18), 90, 1, "America/New_York")
    slots = counted(rule, [], 4)
    assert [slot.day for slot in slots] == [date(2026, 10, 20 + 7 * week) for week in range(2)] + [
        date(2026, 11, 3),
        date(2026, 11, 10),
    ]
    # Clocks went back on November 1: the same 6:00 PM is an hour later in UTC.
    assert [slot.starts_at.hour for slot in slots] == [22, 22, 23, 23]
    assert all(slot.ends_at - slot.starts_at == timedelta(minutes=90) for slot in slots)


def test_every_two_weeks() -> None:
    """R2: bi-weekly is every two weeks."""
    rule = Rule(date(2026, 11, 24), time(18), 90, 2, "America/New_York")
    assert [slot.day for slot in counted(rule, [], 3)] == [date(2026, 11, 24), date(2026, 12, 8), date(2026, 12, 22)]


def test_days_off_move_the_end_and_drop_no_session() -> None:
    days_off = [(date(2026, 12, 21), date(2027, 1, 3)), (date(2027, 1, 12), date(2027, 1, 12))]
    days = [slot.day for slot in counted(TUESDAYS, days_off, 8)]
    assert len(days) == 8
    assert days[3:6] == [date(2026, 12, 15), date(2027, 1, 5), date(2027, 1, 19)]


def test_a_day_off_in_a_two_weekly_rhythm_keeps_the_rhythm() -> None:
    rule = Rule(date(2026, 11, 24), time(18), 90, 2, "America/New_York")
    days = [slot.day for slot in counted(rule, [(date(2026, 12, 8), date(2026, 12, 8))], 3)]
    assert days == [date(2026, 11, 24), date(2026, 12, 22), date(2027, 1, 5)]


def test_a_time_that_spring_skips_moves_forward_by_the_gap() -> None:
    slot = Rule(date(2027, 3, 14), time(2, 30), 60, 1, "America/New_York").slot_on(date(2027, 3, 14))
    assert wall_of(slot.starts_at, "America/New_York") == time(3, 30)


def test_a_time_that_happens_twice_is_the_first_of_the_two() -> None:
    slot = Rule(date(2026, 11, 1), time(1, 30), 60, 1, "America/New_York").slot_on(date(2026, 11, 1))
    assert slot.starts_at == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)  # summer time still


def test_up_to_a_horizon() -> None:
    slots = between(TUESDAYS, [], after=date(2026, 12, 1), last=date(2026, 12, 22))
    assert [slot.day.day for slot in slots] == [8, 15, 22]
    assert between(TUESDAYS, [], after=None, last=date(2026, 11, 23)) == []


@pytest.mark.parametrize(
    ("rule", "days_off"),
    [
        (TUESDAYS, [(date(2026, 1, 1), date.max)]),
        (Rule(date(9999, 12, 28), time(18), 90, 1, "America/New_York"), []),
        (Rule(date.max, time(23), 90, 1, "America/New_York"), []),
        (Rule(date.min, time(1), 90, 1, "Asia/Tokyo"), []),
    ],
)
def test_impossible_rules_say_so(rule: Rule, days_off: list[tuple[date, date]]) -> None:
    with pytest.raises(NoOpenDay):
        counted(rule, days_off, 14)


def of_every_kind(days: list[date], wall: time) -> list[str]:
    """One zone of each kind: many are names for clocks that agree at all these moments, in and beside gaps too."""
    kinds: dict[object, str] = {}
    for zone in ZONES:
        moments = [datetime.combine(day, wall, ZoneInfo(zone)) for day in days]
        kinds.setdefault(tuple((one.utcoffset(), one.replace(fold=1).utcoffset()) for one in moments), zone)
    return list(kinds.values())


@pytest.mark.parametrize("wall", [time(0, 30), time(2, 30)])
def test_every_zone_over_ten_years(wall: time) -> None:
    """All IANA zones, weekly for ten years: no session skipped, doubled or drifted (TRUST, time)."""
    weeks = 522
    days = [date(2024, 1, 7) + timedelta(weeks=week) for week in range(weeks)]  # Sundays, when most clocks change
    for zone in of_every_kind(days, wall):
        slots = counted(Rule(days[0], wall, 90, 1, zone), [], weeks)
        assert [slot.day for slot in slots] == days, zone
        for earlier, later in itertools.pairwise(slots):
            assert earlier.ends_at < later.starts_at, zone
        for slot in slots:
            shown = slot.starts_at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
            # Clocks show the wall time or, in a gap, one later by the gap: two hours at most, on Antarctica.
            shift = shown - datetime.combine(slot.day, wall)
            assert timedelta(0) <= shift <= timedelta(hours=2), (zone, slot)
            if shift:
                assert _is_skipped(slot.day, wall, zone), (zone, slot)


def _is_skipped(day: date, wall: time, zone: str) -> bool:
    wanted = datetime.combine(day, wall, ZoneInfo(zone))
    return wanted.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) != wanted.replace(tzinfo=None)


SPANS = st.tuples(st.dates(date(1990, 1, 1), date(2081, 1, 1)), st.integers(0, 40)).map(
    lambda span: (span[0], span[0] + timedelta(days=span[1]))
)
RULES = st.builds(
    Rule,
    first_day=st.dates(date(1990, 1, 1), date(2080, 1, 1)),
    wall=st.times().map(lambda moment: moment.replace(second=0, microsecond=0)),
    minutes=st.just(90),
    weeks=st.sampled_from([1, 2]),
    zone=st.sampled_from(ZONES),
)


@given(rule=RULES, count=st.integers(1, 60), days_off=st.lists(SPANS, max_size=5))
def test_any_rule(rule: Rule, count: int, days_off: list[tuple[date, date]]) -> None:
    slots = counted(rule, days_off, count)
    assert len(slots) == count
    assert all((slot.day - rule.first_day).days % (7 * rule.weeks) == 0 for slot in slots)
    assert all(not first <= slot.day <= last for slot in slots for first, last in days_off)
    assert all(earlier.ends_at <= later.starts_at for earlier, later in itertools.pairwise(slots))
    # Each day that was passed over is a day off.
    taken = {slot.day for slot in slots}
    steps = (slots[-1].day - rule.first_day).days // (7 * rule.weeks)
    passed = {rule.first_day + timedelta(weeks=rule.weeks * step) for step in range(steps)}
    assert all(any(first <= day <= last for first, last in days_off) for day in passed - taken)
