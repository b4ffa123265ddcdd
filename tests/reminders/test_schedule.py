"""When reminders go out (R48): in the hours of the policy, moved rather than dropped, before the session."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminders.schedule import SHORTEST_NOTICE, Hours, plan

NEW_YORK = "America/New_York"
DAYTIME = Hours(opens=time(8), closes=time(21))
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 3 * 366 * 24 * 60).map(
    lambda minutes: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026 as clocks in New York show it."""
    return datetime(2026, 11, day, hour, minute, tzinfo=ZoneInfo(NEW_YORK))


@pytest.mark.parametrize(
    ("starts_at", "lead", "due"),
    [
        pytest.param(at(24, 18), 48, at(22, 18), id="within the hours: exactly the lead"),
        pytest.param(at(24, 18), 2, at(24, 16), id="two hours before"),
        pytest.param(at(24, 23), 24 * 2, at(23, 8), id="late evening moves to the morning"),
        pytest.param(at(24, 9), 2, at(24, 8), id="early morning moves to eight when that is soon enough"),
        pytest.param(at(24, 8), 2, at(23, 20, 45), id="else to the evening before: earlier rather than too late"),
        pytest.param(at(24, 20, 50), 24, at(24, 8), id="the last minutes of a day are not planned for"),
        pytest.param(at(3, 18), 60, at(1, 8), id="clocks went back that night: still eight"),
    ],
)
def test_moves_into_the_hours(starts_at: datetime, lead: int, due: datetime) -> None:
    assert plan(starts_at=starts_at, zone=NEW_YORK, leads=[lead], hours=DAYTIME, at=LONG_AGO) == {lead: due}


def test_a_late_session_gets_only_the_most_recent_lead_at_once() -> None:
    due = plan(starts_at=at(24, 18), zone=NEW_YORK, leads=[72, 48, 2], hours=DAYTIME, at=at(23, 12))
    assert due == {48: at(23, 12), 2: at(24, 16)}


def test_a_late_session_close_ahead_gets_one_message_only() -> None:
    due = plan(starts_at=at(24, 18), zone=NEW_YORK, leads=[72, 48, 2], hours=DAYTIME, at=at(24, 17))
    assert due == {2: at(24, 17)}


def test_two_leads_that_move_to_one_moment_become_one_message() -> None:
    due = plan(starts_at=at(24, 8), zone=NEW_YORK, leads=[3, 2, 1], hours=DAYTIME, at=LONG_AGO)
    assert due == {1: at(23, 20, 45)}


@given(
    start=MOMENTS,
    zone=st.sampled_from([NEW_YORK, "America/Chicago", "Europe/London", "Australia/Lord_Howe", "Asia/Kathmandu"]),
    leads=st.lists(st.integers(1, 336), min_size=1, max_size=5),
    opens=st.integers(4, 12),
    closes=st.integers(13, 23),
    ahead=st.integers(31, 40_000),
)
def test_always_in_the_hours_and_before_the_session(
    *, start: datetime, zone: str, leads: list[int], opens: int, closes: int, ahead: int
) -> None:
    hours = Hours(opens=time(opens), closes=time(closes))
    made_at = start - timedelta(minutes=ahead)
    due = plan(starts_at=start, zone=zone, leads=leads, hours=hours, at=made_at)
    assert due
    assert set(due) <= set(leads)
    for lead, moment in due.items():
        assert hours.contain(moment, zone)
        assert moment <= start - SHORTEST_NOTICE
        if moment > made_at:
            assert abs(moment - max(start - timedelta(hours=lead), made_at)) < timedelta(days=1)


@given(
    moment=MOMENTS,
    zone=st.sampled_from([NEW_YORK, "Australia/Lord_Howe"]),
)
def test_the_next_opening_is_the_nearest(moment: datetime, zone: str) -> None:
    opening = DAYTIME.next_opening(moment, zone)
    assert timedelta(0) < opening - moment <= timedelta(hours=25)
    assert DAYTIME.contain(opening, zone)
    assert not DAYTIME.contain(opening - timedelta(minutes=1), zone)
