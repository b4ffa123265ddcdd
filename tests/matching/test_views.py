"""The board, one group's candidates, and proposing."""

from collections.abc import Callable

import pytest
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from groups_app.models import Group, GroupState, Membership, MembershipState
from members.models import Client
from practice.models import Role, User
from tests.factories.groups_app import GroupFactory, MembershipFactory
from tests.factories.practice import (
    AdministratorFactory,
    CoordinatorFactory,
    MemberUserFactory,
    SupervisorFactory,
    TherapistFactory,
)

Waiting = Callable[..., Client]
OUTSIDERS = [TherapistFactory, AdministratorFactory, MemberUserFactory]
# Session and account, savepoint and release of the request's transaction, and what the page itself reads.
QUERIES_OF_THE_BOARD = 12
QUERIES_OF_A_GROUP = 13


@pytest.fixture
def browser(coordinator: User) -> Browser:
    """The coordinator's."""
    browser = Browser()
    browser.force_login(coordinator)
    return browser


def propose_url(group: Group, client: Client) -> str:
    return reverse("matching:propose", args=[group.pk, client.pk])


def test_board_shows_open_doors_with_places(browser: Browser, group: Group, waiting: Waiting) -> None:
    waiting()
    full = GroupFactory(name="Full circle", capacity=2)
    MembershipFactory.create_batch(2, group=full)
    GroupFactory(name="Running circle", state=GroupState.RUNNING)
    page = browser.get(reverse("matching:board")).content.decode()
    assert "Tuesday circle" in page
    assert "1 fits" in page
    assert "Full circle" not in page
    assert "Running circle" not in page


def test_board_with_nothing_to_fill(browser: Browser) -> None:
    assert "No group has a free place" in browser.get(reverse("matching:board")).content.decode()


def test_group_names_candidates_and_others(browser: Browser, group: Group, waiting: Waiting) -> None:
    waiting(first_name="Noor", last_name="Baker")
    waiting(first_name="Chloé", last_name="Stone", weekday=4)
    page = browser.get(reverse("matching:group", args=[group.pk])).content.decode()
    assert "1 person fits" in page
    assert "waiting 44 days" in page
    assert "free Tuesday 5–9 PM" in page
    assert "Not free on Tuesday." in page


def test_group_with_a_shut_door(browser: Browser, group: Group, waiting: Waiting) -> None:
    """R1."""
    waiting()
    Group.objects.update(state=GroupState.RUNNING)
    page = browser.get(reverse("matching:group", args=[group.pk])).content.decode()
    assert "its door is shut" in page
    assert "Propose" not in page


def test_composition_is_for_clinical_staff(group: Group, waiting: Waiting) -> None:
    """R20: a coordinator who is also a therapist, and a supervisor, read it; a coordinator does not."""
    MembershipFactory.create_batch(2, group=group, client__gender="man")
    waiting(gender="woman")
    both = CoordinatorFactory(roles=[Role.COORDINATOR, Role.THERAPIST])
    for user, reads in [(CoordinatorFactory(), False), (both, True), (SupervisorFactory(), True)]:
        browser = Browser()
        browser.force_login(user)
        page = browser.get(reverse("matching:group", args=[group.pk])).content.decode()
        assert ("would be the only woman" in page) == reads


def test_propose_and_take_back(browser: Browser, group: Group, coordinator: User, waiting: Waiting) -> None:
    client = waiting(first_name="Noor", last_name="Baker")
    page = browser.post(propose_url(group, client), follow=True).content.decode()
    membership = Membership.objects.get()
    assert (membership.state, membership.proposed_by) == (MembershipState.PROPOSED, coordinator)
    undo = reverse("matching:take_back", args=[membership.pk])
    assert "Noor Baker is proposed for Tuesday circle" in page
    assert f'action="{undo}"' in page
    assert "is taken back" in browser.post(undo, follow=True).content.decode()
    membership.refresh_from_db()
    assert membership.state == MembershipState.WITHDRAWN


def test_propose_twice(browser: Browser, group: Group, waiting: Waiting) -> None:
    client = waiting()
    browser.post(propose_url(group, client))
    assert "already" in browser.post(propose_url(group, client), follow=True).content.decode()
    assert Membership.objects.count() == 1


def test_take_back_too_late(browser: Browser, group: Group) -> None:
    """Once the leaders have answered, a click on an old page takes nothing away."""
    seated = MembershipFactory(group=group)
    page = browser.post(reverse("matching:take_back", args=[seated.pk]), follow=True).content.decode()
    assert "answered already" in page
    seated.refresh_from_db()
    assert seated.state == MembershipState.ACTIVE


@pytest.mark.parametrize("outsider", OUTSIDERS)
def test_outsiders_find_nothing(outsider: Callable[[], User], group: Group, waiting: Waiting) -> None:
    """R43: also the group's own leader does not read the waiting list."""
    client, proposal = waiting(), MembershipFactory(group=group, state=MembershipState.PROPOSED)
    users = [outsider(), group.leaders.get().user]
    for user in users:
        browser = Browser()
        browser.force_login(user)
        assert browser.get(reverse("matching:board")).status_code == 404
        assert browser.get(reverse("matching:group", args=[group.pk])).status_code == 404
        assert browser.post(propose_url(group, client)).status_code == 404
        assert browser.post(reverse("matching:take_back", args=[proposal.pk])).status_code == 404
    assert Membership.objects.get() == proposal


def test_wrong_verbs(browser: Browser, group: Group, waiting: Waiting) -> None:
    client, proposal = waiting(), MembershipFactory(group=group, state=MembershipState.PROPOSED)
    assert browser.get(propose_url(group, client)).status_code == 405
    assert browser.get(reverse("matching:take_back", args=[proposal.pk])).status_code == 405
    assert browser.post(reverse("matching:board")).status_code == 405
    assert browser.post(reverse("matching:group", args=[group.pk])).status_code == 405


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_of_the_pages(
    browser: Browser,
    group: Group,
    waiting: Waiting,
    rows: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(rows):
        waiting()
        waiting(weekday=5)
        MembershipFactory(group=group, state=MembershipState.PROPOSED)
        MembershipFactory(group=group)
        GroupFactory()
    with django_assert_num_queries(QUERIES_OF_THE_BOARD):
        browser.get(reverse("matching:board"))
    with django_assert_num_queries(QUERIES_OF_A_GROUP):
        browser.get(reverse("matching:group", args=[group.pk]))
