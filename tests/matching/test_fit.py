"""Reasons for and against, from facts alone."""

from dataclasses import replace
from datetime import date, time
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.fit import (
    DAY,
    WEEK,
    ClientFacts,
    GroupFacts,
    WeekSpan,
    Weight,
    covering_span,
    covers,
    first_block,
    hours,
    reasons,
)

BROOKLYN, AUSTIN = UUID(int=1), UUID(int=2)
THURSDAY = 3
EVENING = WeekSpan.of_day(THURSDAY, time(18), time(21))

# Thursdays 6:00–7:30 PM in Brooklyn, four of eight places taken, five needed.
GROUP = GroupFacts(
    site_id=BROOKLYN,
    site_name="Brooklyn",
    zone="America/New_York",
    is_online=False,
    first_day=date(2027, 1, 7),
    start_time=time(18),
    minutes=90,
    accepts_members=True,
    places=8,
    smallest=5,
    seated=2,
)
CLIENT = ClientFacts(site_id=BROOKLYN, zone="America/New_York", only_online=False, online_ok=False, free=(EVENING,))


def block(group: GroupFacts = GROUP, client: ClientFacts = CLIENT) -> tuple[str, str] | None:
    """The first block as its code and text."""
    found = first_block(group, client)
    return (found.code, found.text) if found else None


def codes(group: GroupFacts, client: ClientFacts, *, with_composition: bool = False) -> dict[str, str]:
    """Code → text of every reason."""
    return {reason.code: reason.text for reason in reasons(group, client, with_composition=with_composition)}


# --- What keeps somebody out ----------------------------------------------------------------------------------------
def test_fits() -> None:
    assert block() is None
    assert codes(GROUP, CLIENT) == {"time": "free Thursday 6–9 PM"}


@pytest.mark.parametrize(
    ("group", "client", "expected"),
    [
        ({}, {"is_in_group": True}, ("in-group", "in this group already")),
        ({"accepts_members": False}, {}, ("door", "the group has started, its door is shut")),
        ({"seated": 8}, {}, ("full", "every place is taken")),
        ({}, {"site_id": AUSTIN}, ("site", "cannot come to Brooklyn")),
        ({}, {"only_online": True}, ("online", "can only meet online")),
        ({"is_online": True}, {}, ("online", "would not join an online group")),
        ({}, {"free": ()}, ("time", "has not said when they are free")),
        (
            {},
            {"free": (WeekSpan.of_day(0, time(18), time(21)),)},
            ("time", "not free on Thursday"),
        ),
        (
            {},
            {"free": (WeekSpan.of_day(THURSDAY, time(8), time(10, 30)),)},
            ("time", "free Thursday 8–10:30 AM, not 6–7:30 PM"),
        ),
        ({}, {"has_conflict": True}, ("conflict", "conflict")),
    ],
)
def test_blocks(group: dict[str, object], client: dict[str, object], expected: tuple[str, str]) -> None:
    """R22: a conflict is that one word."""
    assert block(replace(GROUP, **group), replace(CLIENT, **client)) == expected


@pytest.mark.parametrize("changes", [{"online_ok": True}, {"only_online": True, "site_id": AUSTIN}])
def test_online_group_asks_for_no_site(changes: dict[str, object]) -> None:
    assert block(replace(GROUP, is_online=True), replace(CLIENT, **changes)) is None


def test_every_block_is_told_when_all_are_asked_for() -> None:
    found = codes(GROUP, replace(CLIENT, site_id=AUSTIN, free=(), has_conflict=True))
    assert list(found)[:3] == ["site", "time", "conflict"]


def test_wall_times_of_two_zones() -> None:
    """R18: 6:00 PM in Brooklyn is 5:00 PM in Austin, and Thursday noon there is Friday morning in Tokyo."""
    online = replace(GROUP, is_online=True)
    assert online.meets("America/Chicago") == WeekSpan(THURSDAY * DAY + 17 * 60, THURSDAY * DAY + 18 * 60 + 30)
    assert online.meets("Asia/Tokyo").start == 4 * DAY + 8 * 60
    texan = replace(CLIENT, zone="America/Chicago", online_ok=True)
    assert block(online, replace(texan, free=(WeekSpan.of_day(THURSDAY, time(17), time(18, 30)),))) is None
    assert block(online, replace(texan, free=(WeekSpan.of_day(THURSDAY, time(18), time(21)),))) == (
        "time",
        "free Thursday 6–9 PM, not 5–6:30 PM",
    )


# --- What speaks for and against ------------------------------------------------------------------------------------
def test_brings_what_nobody_has() -> None:
    """R14, R10, R20: problems vary."""
    group = replace(GROUP, goals=frozenset({"peer support"}), problem_areas=frozenset({"grief"}))
    client = replace(
        CLIENT, goals=frozenset({"peer support", "connections"}), problem_areas=frozenset({"grief", "role transitions"})
    )
    found = codes(group, client)
    assert found["problem-area"] == "brings role transitions, which nobody has yet"
    assert found["goal"] == "wants connections, which nobody works on yet"


def test_in_an_empty_group_everything_is_new_and_nothing_worth_saying() -> None:
    client = replace(CLIENT, goals=frozenset({"connections"}), problem_areas=frozenset({"grief"}))
    assert set(codes(replace(GROUP, seated=0), client)) == {"time"}


def test_reaches_the_minimum() -> None:
    """R30."""
    assert "minimum" in codes(replace(GROUP, seated=4), CLIENT)
    assert "minimum" not in codes(replace(GROUP, seated=5), CLIENT)


def test_history_and_other_groups_speak_against() -> None:
    found = reasons(
        GROUP,
        replace(CLIENT, was_declined=True, was_member=True, elsewhere="proposed for Monday circle already"),
        with_composition=False,
    )
    assert [reason.code for reason in found if reason.weight == Weight.AGAINST] == ["elsewhere", "declined", "left"]
    assert found[0].weight == Weight.FOR


@pytest.mark.parametrize(
    ("genders", "gender", "expected"),
    [
        (("man", "man"), "woman", {"only-one": "would be the only woman"}),
        (("man", "woman", "woman"), "man", {"second": "second man, so nobody is alone"}),
        (("man", "man", ""), "man", {}),
        (("", ""), "man", {}),
        (("man", "man"), "", {}),
        (("man", "man"), "another", {}),
    ],
)
def test_composition_is_for_clinical_staff(genders: tuple[str, ...], gender: str, expected: dict[str, str]) -> None:
    """R20: warn, never block, and only where clinicians read it."""
    group, client = replace(GROUP, genders=genders), replace(CLIENT, gender=gender)
    found = codes(group, client, with_composition=True)
    assert {code: found[code] for code in ("only-one", "second") if code in found} == expected
    assert not {"only-one", "second"} & set(codes(group, client))
    assert block(group, client) is None


# --- Time -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("starts", "ends", "text"),
    [
        (time(18), time(21), "6–9 PM"),
        (time(18), time(19, 30), "6–7:30 PM"),
        (time(11, 30), time(13), "11:30 AM–1 PM"),
        (time(0), time(23, 59), "midnight–midnight"),
        (time(12), time(14), "12–2 PM"),
    ],
)
def test_hours(starts: time, ends: time, text: str) -> None:
    assert hours(WeekSpan.of_day(2, starts, ends)) == text.replace("midnight", "12 AM")


def test_neighboring_spans_count_as_one() -> None:
    free = (WeekSpan.of_day(3, time(17), time(18, 30)), WeekSpan.of_day(3, time(18, 30), time(20)))
    assert covering_span(free, WeekSpan(3 * DAY + 18 * 60, 3 * DAY + 19 * 60 + 30)) == WeekSpan(
        3 * DAY + 17 * 60, 3 * DAY + 20 * 60
    )


def test_over_midnight_and_over_sunday() -> None:
    """An end at 23:59 is midnight, and the week goes round."""
    free = (WeekSpan.of_day(6, time(22), time(23, 59)), WeekSpan.of_day(0, time(0), time(1)))
    assert covers(free, WeekSpan(6 * DAY + 23 * 60, 6 * DAY + 23 * 60 + 90))
    assert not covers(free, WeekSpan(6 * DAY + 23 * 60, 6 * DAY + 23 * 60 + 150))


# Quarters of an hour keep the brute force small; the code under test knows nothing of them.
QUARTER = 15
spans = st.builds(
    lambda day, first, length: WeekSpan(
        day * DAY + first * QUARTER, min(day * DAY + first * QUARTER + length * QUARTER, (day + 1) * DAY)
    ),
    st.integers(0, 6),
    st.integers(0, 95),
    st.integers(1, 40),
)


@given(
    free=st.lists(spans, max_size=8),
    start=st.integers(0, WEEK // QUARTER - 1),
    length=st.integers(1, 32),
)
def test_covers_says_what_counting_says(free: list[WeekSpan], start: int, length: int) -> None:
    """Compared with marking every quarter of an hour of the week."""
    marked = {minute % WEEK for span in free for minute in range(span.start, span.end, QUARTER)}
    wanted = WeekSpan(start * QUARTER, (start + length) * QUARTER)
    expected = all(minute % WEEK in marked for minute in range(wanted.start, wanted.end, QUARTER))
    assert covers(free, wanted) == expected
