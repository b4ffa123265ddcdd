"""Who of the waiting list fits, read from the database."""

from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from groups_app.models import Group, MembershipState
from matching.proposals import Proposals, count_fitting, proposals_for
from members.models import Client, ClientProblemArea, Goal, KeepApart, ProblemArea
from practice.models import Policy, Practice, User
from tests.factories.groups_app import GroupFactory, MembershipFactory
from tests.factories.members import AvailabilityFactory, ClientFactory, WaitingFactory
from tests.factories.practice import SiteFactory, TherapistFactory

Waiting = Callable[..., Client]
QUERIES_FOR_ONE_GROUP = 7
QUERIES_FOR_THE_BOARD = 5


def policy() -> Policy:
    return Practice.objects.current().policy


def read(group: Group, user: User, *, with_composition: bool = False) -> Proposals:
    """The group's proposals, as its page reads them."""
    current = policy()
    found = Group.objects.with_places(current).select_related("site", "room").get(pk=group.pk)
    return proposals_for(found, policy=current, user=user, with_composition=with_composition)


def unplaced(found: Proposals) -> dict[Client, str]:
    """Who cannot join, and the reason."""
    return {person.client: person.reason.text for person in found.unplaced}


def test_longest_wait_first(group: Group, coordinator: User, waiting: Waiting) -> None:
    short, long = waiting(since=date(2026, 11, 1)), waiting(since=date(2026, 9, 14))
    found = read(group, coordinator)
    assert [(candidate.client, candidate.days_waiting) for candidate in found.candidates] == [(long, 61), (short, 13)]


def test_the_others_with_their_reason(group: Group, coordinator: User, waiting: Waiting) -> None:
    wrong_day = waiting(weekday=2)
    texan = waiting(site=SiteFactory(name="Austin", zone="America/Chicago", state="TX"))
    assert unplaced(read(group, coordinator)) == {wrong_day: "not free on Tuesday", texan: "cannot come to Brooklyn"}


def test_conflict_never_says_with_whom(group: Group, coordinator: User, waiting: Waiting) -> None:
    """R22."""
    client, member = waiting(), MembershipFactory(group=group).client
    one, other = sorted((client, member), key=lambda person: person.pk)
    KeepApart.objects.create(one=one, other=other)
    assert unplaced(read(group, coordinator)) == {client: "conflict"}


def test_conflict_with_somebody_proposed(group: Group, coordinator: User, waiting: Waiting) -> None:
    client, other = waiting(), waiting()
    MembershipFactory(group=group, client=other, state=MembershipState.PROPOSED)
    one, two = sorted((client, other), key=lambda person: person.pk)
    KeepApart.objects.create(one=one, other=two)
    assert unplaced(read(group, coordinator)) == {client: "conflict"}


def test_proposed_stand_by_themselves(group: Group, coordinator: User, waiting: Waiting) -> None:
    client = waiting()
    membership = MembershipFactory(group=group, client=client, state=MembershipState.PROPOSED)
    found = read(group, coordinator)
    assert (found.proposed, found.candidates, found.unplaced) == ([membership], [], [])
    assert (found.shown_proposed, found.shown_free) == (1, 7)


def test_history_and_other_groups(group: Group, coordinator: User, waiting: Waiting) -> None:
    client = waiting()
    MembershipFactory(group=group, client=client, state=MembershipState.DECLINED)
    MembershipFactory(group=GroupFactory(name="Monday circle"), client=client, state=MembershipState.PROPOSED)
    (candidate,) = read(group, coordinator).candidates
    against = [reason.text for reason in candidate.reasons if reason.weight == "against"]
    assert against == ["proposed for Monday circle already", "was declined for this group before"]


def test_what_nobody_has_yet(group: Group, coordinator: User, waiting: Waiting) -> None:
    """R14, R10: only people with a place count, not those who are proposed or left."""
    grief, disputes = ProblemArea.objects.filter(code__in=["grief", "role-disputes"]).order_by("code")
    client, member = waiting(), MembershipFactory(group=group).client
    former = MembershipFactory(group=group, state=MembershipState.LEFT).client
    for person, area in [(client, grief), (client, disputes), (member, grief), (former, disputes)]:
        ClientProblemArea.objects.create(client=person, area=area)
    client.goals.set(Goal.objects.filter(code__in=["connections", "vulnerability"]))
    member.goals.set(Goal.objects.filter(code="connections"))
    (candidate,) = read(group, coordinator).candidates
    texts = {reason.code: reason.text for reason in candidate.reasons}
    assert texts["problem-area"] == "brings role disputes, which nobody has yet"
    assert texts["goal"] == "wants vulnerability, which nobody works on yet"


@pytest.mark.parametrize("with_composition", [True, False])
def test_composition_only_when_asked_for(
    group: Group, coordinator: User, waiting: Waiting, with_composition: bool
) -> None:
    """R20."""
    MembershipFactory.create_batch(2, group=group, client__gender="man")
    waiting(gender="woman")
    (candidate,) = read(group, coordinator, with_composition=with_composition).candidates
    assert ("only-one" in {reason.code for reason in candidate.reasons}) == with_composition


def test_waiting_list_is_not_the_therapists(group: Group, waiting: Waiting) -> None:
    """R43."""
    waiting()
    found = read(group, TherapistFactory())
    assert not found.candidates
    assert not found.unplaced


def test_count_agrees_with_the_list(group: Group, coordinator: User, waiting: Waiting) -> None:
    waiting()
    waiting(weekday=4)
    taken = waiting()
    MembershipFactory(group=group, client=taken, state=MembershipState.PROPOSED)
    friday = GroupFactory(first_day=date(2026, 11, 27))
    current = policy()
    groups = list(Group.objects.with_places(current).select_related("site", "room"))
    counts, total = count_fitting(groups, policy=current, user=coordinator)
    assert (counts, total) == ({group.pk: 1, friday.pk: 1}, 3)


@pytest.mark.parametrize("rows", [1, 3, 120])
def test_queries_do_not_grow(
    group: Group, coordinator: User, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    _many_waiting(rows)
    MembershipFactory.create_batch(min(rows, 3), group=group)
    current = policy()
    found = Group.objects.with_places(current).select_related("site", "room").get()
    with django_assert_num_queries(QUERIES_FOR_ONE_GROUP):
        proposals = proposals_for(found, policy=current, user=coordinator, with_composition=True)
    assert len(proposals.candidates) + len(proposals.unplaced) == rows
    groups = list(Group.objects.with_places(current).select_related("site", "room"))
    with django_assert_num_queries(QUERIES_FOR_THE_BOARD):
        count_fitting(groups, policy=current, user=coordinator)


def _many_waiting(rows: int) -> None:
    goals: Any = list(Goal.objects.all())
    for number in range(rows):
        client = ClientFactory()
        WaitingFactory(client=client)
        AvailabilityFactory(client=client, weekday=number % 7, starts=time(17), ends=time(21))
        client.goals.add(goals[number % len(goals)])
