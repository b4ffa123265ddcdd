"""One membership: its days, what belongs to it, and everything that happened to it (R31)."""

from datetime import date
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from groups_app import services
from groups_app.membership_history import history_of
from groups_app.models import Group, Membership, MembershipState
from practice.models import User
from tests.factories.groups_app import MembershipFactory
from tests.factories.practice import SupervisorFactory, TherapistFactory

# Session and account, savepoint and release; membership, rights, steps, versions, meeting, signature, asking, trail.
QUERIES_OF_THE_PAGE = 13


@pytest.fixture(autouse=True)
def _no_second_step(settings: Any) -> None:
    settings.REQUIRE_STAFF_MFA = False


@pytest.fixture
def member(group: Group) -> Membership:
    return MembershipFactory(group=group)


def happened(membership: Membership) -> list[tuple[str, list[str], str]]:
    membership.refresh_from_db()
    return [(one.what, one.days, one.why) for one in history_of(membership)]


def test_steps_with_their_days_and_days_by_themselves(member: Membership, therapist: User) -> None:
    services.give_notice(
        membership=member, last_day=date(2026, 12, 8), why="moved", by=therapist, reason="Found work in Austin."
    )
    services.plan_follow_up(membership=member, on=date(2027, 1, 12), by=therapist)
    services.plan_follow_up(membership=member, on=date(2027, 1, 19), by=therapist)
    services.take_notice_back(membership=member, by=therapist)
    assert happened(member) == [
        (
            "Active",
            ["Notice given: November 14, 2026 taken back", "Last day: December 8, 2026 taken back"],
            "Notice taken back.",
        ),
        ("Days changed", ["Follow-up meeting: January 19, 2027"], ""),
        ("Days changed", ["Follow-up meeting: January 12, 2027"], ""),
        ("Leaving", ["Notice given: November 14, 2026", "Last day: December 8, 2026"], "Found work in Austin."),
    ]


def test_nothing_happened_yet(member: Membership) -> None:
    assert happened(member) == []


def test_leaders_and_supervisors_read_it(
    client: Browser, member: Membership, therapist: User, coordinator: User
) -> None:
    address = reverse("groups_app:membership", args=[member.pk])
    services.withdraw(membership=member, by=therapist, reason="Too far to come.")
    for user in (therapist, SupervisorFactory()):
        client.force_login(user)
        page = client.get(address).content.decode()
        assert "Too far to come." in page
        assert reverse("groups_app:goals", args=[member.pk]) in page
    for user in (coordinator, TherapistFactory()):
        client.force_login(user)
        assert client.get(address).status_code == 404
    client.force_login(therapist)
    assert client.post(address).status_code == 405


@pytest.mark.parametrize("rows", [1, 3])
def test_page_asks_the_same_for_any_number(
    client: Browser, member: Membership, therapist: User, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows):
        services.give_notice(membership=member, last_day=date(2026, 12, 8), why="moved", by=therapist)
        services.take_notice_back(membership=member, by=therapist)
    member.refresh_from_db()
    assert member.state == MembershipState.ACTIVE
    client.force_login(therapist)
    with django_assert_num_queries(QUERIES_OF_THE_PAGE):
        client.get(reverse("groups_app:membership", args=[member.pk]))
