"""The list of groups: what it says of each, to whom, and how it is narrowed."""

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from common.clock import now
from groups_app.models import Group, GroupState, MembershipState
from practice.models import User
from sessions_log.models import Attendance, AttendanceStatus
from tests.factories.groups_app import GroupFactory, MembershipFactory
from tests.factories.practice import AdministratorFactory, MemberUserFactory, SupervisorFactory
from tests.factories.sessions_log import SessionFactory
from tests.groups_app.pages import signed_in, text

# Session and account, savepoint and release of the transaction; policy, count, groups with site and room, leaders.
QUERIES = 9


@pytest.fixture(autouse=True)
def _without_second_step(settings: Settings) -> None:
    settings.REQUIRE_STAFF_MFA = False


def test_shows_own_groups_to_therapists_and_all_to_coordinators(
    group: Group, therapist: User, coordinator: User
) -> None:
    other = GroupFactory(name="Monday circle")
    mine = text(signed_in(therapist).get(reverse("groups_app:list")))
    assert "My groups" in mine
    assert group.name in mine
    assert other.name not in mine
    for user in (coordinator, SupervisorFactory()):
        assert other.name in text(signed_in(user).get(reverse("groups_app:list")))


def test_tells_how_full_a_group_is(group: Group, coordinator: User) -> None:
    """R30: below the smallest size is said."""
    MembershipFactory.create_batch(3, group=group)
    MembershipFactory(group=group, state=MembershipState.PROPOSED)
    page = text(signed_in(coordinator).get(reverse("groups_app:list")))
    assert "3 of 8" in page
    assert "2 short" in page
    assert "1 proposed" in page
    assert "Tuesday 6:00 PM" in page


def test_hides_ended_groups_until_asked_for(group: Group, coordinator: User) -> None:
    Group.objects.update(state=GroupState.ENDED)
    browser = signed_in(coordinator)
    assert "No groups yet" in text(browser.get(reverse("groups_app:list")))
    assert group.name in text(browser.get(reverse("groups_app:list"), {"state": "ended"}))
    Group.objects.update(state=GroupState.CALLED_OFF)
    assert "No groups yet" in text(browser.get(reverse("groups_app:list")))


def test_marks_where_somebody_stays_away(group: Group, coordinator: User, therapist: User) -> None:
    """R27: a number and no name; the same marks narrow the list."""
    Group.objects.filter(pk=group.pk).update(state=GroupState.RUNNING)
    member = MembershipFactory(group=group)
    for session in SessionFactory.create_batch(3, group=group):
        Attendance.objects.create(
            session=session,
            membership=member,
            status=AttendanceStatus.NO_SHOW,
            recorded_by=therapist,
            recorded_at=now(),
        )
    other = GroupFactory(name="Monday circle")
    browser = signed_in(coordinator)
    everything = text(browser.get(reverse("groups_app:list")))
    assert "1 stays away" in everything
    assert member.client.last_name not in everything
    assert other.name in everything
    narrowed = text(browser.get(reverse("groups_app:list"), {"away": "on"}))
    assert group.name in narrowed
    assert other.name not in narrowed


@pytest.mark.parametrize("search", ["monday", "\x00", "x" * 500, "%"])
def test_takes_any_search(group: Group, coordinator: User, search: str) -> None:
    GroupFactory(name="Monday circle")
    assert signed_in(coordinator).get(reverse("groups_app:list"), {"q": search, "state": "no"}).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_asks_the_same_for_any_number(
    group: Group, coordinator: User, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows):
        MembershipFactory(group=GroupFactory())
    browser = signed_in(coordinator)
    with django_assert_num_queries(QUERIES):
        browser.get(reverse("groups_app:list"))


def test_is_for_staff_who_work_with_groups(db: None) -> None:
    for user in (AdministratorFactory(), MemberUserFactory()):
        assert signed_in(user).get(reverse("groups_app:list")).status_code == 404
