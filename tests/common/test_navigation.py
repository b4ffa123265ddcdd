"""Where people may go from every page."""

from itertools import combinations

import pytest

from common.navigation import MOST_ENTRIES, STAFF_ENTRIES, current_entry, entries_for


def names(*roles: str) -> list[str]:
    return [entry.view_name for entry in entries_for(roles)]


@pytest.mark.parametrize("role", [*STAFF_ENTRIES, "member"])
def test_one_role_has_six_places_at_a_glance_and_two_behind_more_at_most(role: str) -> None:
    assert 0 < len(names(role)) <= MOST_ENTRIES + 2


def test_every_place_exists() -> None:
    everybody = [*STAFF_ENTRIES, "member"]
    assert all(entry.url.startswith("/") for role in everybody for entry in entries_for([role]))


def test_a_member_sees_only_member_places() -> None:
    assert names("member") == ["home:member", "home:schedule", "groups_app:agreements", "home:me"]


def test_an_administrator_sees_no_client_places() -> None:
    """R43: minimum necessary."""
    assert names("administrator") == ["practice:settings", "practice:sites", "practice:people"]


def test_several_roles_meet_each_place_once() -> None:
    for count in range(2, len(STAFF_ENTRIES) + 1):
        for roles in combinations(STAFF_ENTRIES, count):
            merged = names(*roles)
            assert len(merged) == len(set(merged))
            assert set(merged) == {entry.view_name for role in roles for entry in STAFF_ENTRIES[role]}


def test_nobody_has_no_places() -> None:
    assert entries_for([]) == ()


@pytest.mark.parametrize(
    ("view_name", "chosen", "current"),
    [
        ("sessions_log:notes", "", "sessions_log:notes"),
        ("sessions_log:session", "", "sessions_log:calendar"),
        ("sessions_log:session", "groups_app:list", "groups_app:list"),
        ("mfa_index", "", None),
    ],
)
def test_a_page_belongs_to_one_place(view_name: str, chosen: str, current: str | None) -> None:
    entry = current_entry(entries_for(["therapist"]), view_name=view_name, chosen=chosen)
    assert (entry.view_name if entry else None) == current
