"""A member's goals: set, rated by both sides, charted (R10)."""

from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from groups_app import services
from groups_app.goal_chart import HEIGHT, MARGIN, WIDTH, charts_of
from groups_app.models import GoalRating, Group, MemberGoal, Membership, MembershipState, PregroupMeeting, Side
from groups_app.services import MeetingIncomplete, Wish, record_pregroup_meeting
from groups_app.services.errors import GoalsFull, GoalWrong
from groups_app.services.goals import end_goal, rate_goals, set_goal
from members.models import Goal
from practice.models import User
from tests.factories.groups_app import MembershipFactory
from tests.factories.practice import SupervisorFactory, TherapistFactory
from tests.groups_app.pages import signed_in

# Session and account, savepoint and release; membership, rights, goals, ratings, trail, catalogue.
QUERIES_OF_THE_PAGE = 11
QUERIES_WITHOUT_ROOM = 10  # three goals are the most: no form offers the catalogue


@pytest.fixture(autouse=True)
def _without_second_step(settings: Settings) -> None:
    settings.REQUIRE_STAFF_MFA = False


@pytest.fixture
def membership(group: Group) -> Membership:
    return MembershipFactory(group=group, client__with_account=True)


def goal_of(membership: Membership, words: str, by: User) -> MemberGoal:
    return set_goal(membership=membership, catalogue=None, words=words, by=by)


def test_three_goals_and_not_more(membership: Membership, therapist: User) -> None:
    catalogue = Goal.objects.get(code="vulnerability")
    first = set_goal(membership=membership, catalogue=catalogue, words="", by=therapist)
    assert first.title == "vulnerability"
    second, third = goal_of(membership, "Say it", therapist), goal_of(membership, "Ask", therapist)
    assert [first.position, second.position, third.position] == [1, 2, 3]
    with pytest.raises(GoalsFull):
        goal_of(membership, "More", therapist)
    for _again in range(2):
        end_goal(goal=second, by=therapist)
    assert goal_of(membership, "More", therapist).position == 2


def test_a_goal_has_words(membership: Membership, therapist: User) -> None:
    with pytest.raises(GoalWrong):
        goal_of(membership, " ", therapist)


def test_own_words_are_encrypted(membership: Membership, therapist: User) -> None:
    goal_of(membership, "Say it when it hurts", therapist)
    assert b"hurts" not in bytes(MemberGoal.objects.values_list("words", flat=True).get())
    assert MemberGoal.objects.get().title == "Say it when it hurts"


def test_rating_again_on_the_same_day_replaces(membership: Membership, therapist: User) -> None:
    goal = goal_of(membership, "Ask", therapist)
    for score in (3, 5):
        rate_goals(membership=membership, scores={goal: score}, side=Side.LEADER, by=therapist)
    rate_goals(membership=membership, scores={goal: 4}, side=Side.MEMBER, by=membership.client.user)
    assert sorted(GoalRating.objects.values_list("side", "score")) == [("leader", 5), ("member", 4)]


def test_goals_of_others_and_ended_ones_are_not_rated(membership: Membership, therapist: User) -> None:
    other = goal_of(MembershipFactory(group=membership.group), "Ask", therapist)
    with pytest.raises(services.WrongState):
        rate_goals(membership=membership, scores={other: 3}, side=Side.LEADER, by=therapist)


def test_the_database_knows_the_scale(membership: Membership, therapist: User) -> None:
    goal = goal_of(membership, "Ask", therapist)
    with pytest.raises(IntegrityError, match="goal_rating_in_range"), transaction.atomic():
        GoalRating.objects.create(goal=goal, side=Side.LEADER, score=11, day=date(2026, 11, 14), by=therapist)


def test_chart(membership: Membership, therapist: User, clock: time_machine.Traveller) -> None:
    goal = goal_of(membership, "Ask", therapist)
    for day, score in (("2026-11-14T17:00:00+00:00", 0), ("2026-11-28T17:00:00+00:00", 10)):
        clock.move_to(day)
        rate_goals(membership=membership, scores={goal: score}, side=Side.MEMBER, by=membership.client.user)
    (chart,) = charts_of(membership)
    member, leader = chart.lines
    assert member.dots == [(MARGIN, HEIGHT - MARGIN), (WIDTH - MARGIN, MARGIN)]
    assert leader.dots == []
    assert [(row.day.day, row.member, row.leader) for row in chart.rows] == [(28, 10, None), (14, 0, None)]


# --- Pages ----------------------------------------------------------------------------------------------------------
def test_member_and_leader_rate_on_one_page(membership: Membership, therapist: User) -> None:
    leader, member = signed_in(therapist), signed_in(membership.client.user)
    address = reverse("groups_app:goals", args=[membership.pk])
    add = reverse("groups_app:goal_add", args=[membership.pk])
    assert leader.post(add, {"words": "Say it when it hurts"})["Location"] == address
    goal = MemberGoal.objects.get()
    for browser, score in ((leader, "4"), (member, "6")):
        assert browser.post(address, {f"goal_{goal.pk}": score})["Location"] == address
    assert member.get(reverse("groups_app:my_goals"))["Location"] == address
    page = member.get(address).content.decode()
    assert "<polyline" in page
    assert "Say it when it hurts" in page
    assert "Select a valid choice" in member.post(address, {f"goal_{goal.pk}": "11"}).content.decode()
    assert "Choose a goal, or write one" in member.post(add, {}).content.decode()
    end = reverse("groups_app:goal_end", args=[membership.pk, goal.pk])
    for _again in range(2):
        assert member.post(end)["Location"] == address
    assert "Ended" in leader.get(address).content.decode()
    assert member.get(end).status_code == member.get(add).status_code == 405


def test_a_fourth_goal_is_refused_with_a_sentence(membership: Membership, therapist: User) -> None:
    for words in ("One", "Two", "Three"):
        goal_of(membership, words, therapist)
    address = reverse("groups_app:goal_add", args=[membership.pk])
    page = signed_in(therapist).post(address, {"words": "Four"}).content.decode()
    assert "Three goals are enough. End one of them first." in page
    assert 'value="Four"' in page


def test_goals_are_nobody_elses(membership: Membership, therapist: User, coordinator: User) -> None:
    goal = goal_of(membership, "Ask", therapist)
    address = reverse("groups_app:goals", args=[membership.pk])
    other = MembershipFactory(group=membership.group, client__with_account=True)
    for outsider in (coordinator, TherapistFactory(), other.client.user):
        browser = signed_in(outsider)
        assert browser.get(address).status_code == 404
        assert browser.post(address, {f"goal_{goal.pk}": "3"}).status_code == 404
    assert "Ask" in signed_in(SupervisorFactory()).get(address).content.decode()


@pytest.mark.parametrize(
    ("rows", "queries"), [(1, QUERIES_OF_THE_PAGE), (2, QUERIES_OF_THE_PAGE), (3, QUERIES_WITHOUT_ROOM)]
)
def test_page_asks_the_same_for_any_number(
    *,
    rows: int,
    queries: int,
    membership: Membership,
    therapist: User,
    django_assert_num_queries: DjangoAssertNumQueries,
    clock: Any,
) -> None:
    for number in range(rows):
        goal = goal_of(membership, f"Goal {number}", therapist)
        rate_goals(membership=membership, scores={goal: 3}, side=Side.LEADER, by=therapist)
    browser = signed_in(therapist)
    browser.get(reverse("groups_app:goals", args=[membership.pk]))  # the process keeps the unwrapped key
    with django_assert_num_queries(queries):
        browser.get(reverse("groups_app:goals", args=[membership.pk]))


def test_what_is_agreed_before_the_group_are_the_goals(group: Group, therapist: User) -> None:
    """R10, R25: recording again keeps what stays, with its ratings, and ends what is left out."""
    member = MembershipFactory(group=group, state=MembershipState.PREPARING, pregroup_met_on=None, starts_on=None)
    vulnerability = Goal.objects.get(code="vulnerability")

    def agreed(*wishes: Wish) -> list[str]:
        record_pregroup_meeting(
            membership=member,
            on=date(2026, 11, 12),
            goals=wishes,
            inventory="A sister.",
            contract_explained=True,
            by=therapist,
        )
        return [goal.title for goal in member.goals.filter(ended_at__isnull=True)]

    assert agreed(Wish(words=" Say it "), Wish(vulnerability), Wish()) == ["Say it", "vulnerability"]
    kept = member.goals.get(position=1)
    rate_goals(membership=member, scores={kept: 4}, side=Side.LEADER, by=therapist)
    assert agreed(Wish(words="Say it"), Wish(words="Ask")) == ["Say it", "Ask"]
    assert kept.ratings.get().score == 4
    assert PregroupMeeting.objects.get().goals == "Say it\nAsk"
    with pytest.raises(GoalsFull):
        agreed(*(Wish(words=str(number)) for number in range(4)))
    with pytest.raises(MeetingIncomplete):
        agreed(Wish())


def test_the_meeting_can_be_read_for_good(group: Group, therapist: User, coordinator: User) -> None:
    member = MembershipFactory(group=group)
    address = reverse("groups_app:pregroup", args=[member.pk])
    assert "Nothing is recorded of this meeting" in signed_in(therapist).get(address).content.decode()
    PregroupMeeting.objects.create(
        membership=member,
        held_on=date(2026, 11, 10),
        goals="Say it",
        inventory="A sister.",
        contract_explained=True,
        recorded_by=therapist,
    )
    page = signed_in(therapist).get(address).content.decode()
    assert "A sister." in page
    assert 'name="inventory"' not in page
    typed = {"on": "11/10/2026", "words_1": "Other", "inventory": "Nobody.", "contract_explained": "on"}
    assert signed_in(therapist).post(address, typed).status_code == 200
    assert PregroupMeeting.objects.get().inventory == "A sister."
    assert signed_in(coordinator).get(address).status_code == 404
