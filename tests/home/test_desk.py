"""The coordinator's desk: counts that lead to lists, groups to fill, groups to worry about (R17, R30)."""

import datetime
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from common.clock import now
from groups_app.models import GroupState, Membership, MembershipState
from home.reads.desk import DeskPage, desk_page
from practice.models import User
from records.models import ClientImport, ImportState
from reminders.models import MessageState, Outcome
from sessions_log.models import SeriesStop
from tests.factories.groups_app import GroupFactory, MembershipFactory
from tests.factories.members import WaitingFactory
from tests.factories.messages import MessageFactory
from tests.factories.sessions_log import SessionFactory
from tests.home.conftest import MORNING, stays_away

pytestmark = pytest.mark.django_db

PAGE = reverse("home:desk")


def page_for(user: User) -> DeskPage:
    """What the desk shows now."""
    return desk_page(user, at=now())


def figures(user: User) -> dict[str, tuple[int, bool]]:
    """Address of the list → count and whether it needs attention."""
    return {figure.url: (figure.count, figure.needs_attention) for figure in page_for(user).figures}


def test_the_counts_lead_to_their_lists(coordinator: User) -> None:
    WaitingFactory.create_batch(2)
    WaitingFactory(closed_on=datetime.date(2026, 11, 1), outcome="placed")
    membership = MembershipFactory(state=MembershipState.PROPOSED)
    MessageFactory(
        session=SessionFactory(group=membership.group),
        membership=membership,
        due_at=MORNING,
        state=MessageState.FAILED,
        outcome=Outcome.REFUSED,
    )
    ClientImport.objects.create(uploaded_by=coordinator, file_name="list.csv", content=b"", state=ImportState.CHECKED)
    SeriesStop.objects.create(group=membership.group, day=datetime.date(2027, 6, 8), noticed_at=MORNING)
    assert figures(coordinator) == {
        reverse("members:waiting"): (2, False),
        reverse("matching:board"): (1, False),
        "#free": (1, False),
        "#small": (0, False),
        reverse("groups_app:list") + "?away=on": (0, False),
        reverse("reminders:deliveries") + "?state=failed": (1, True),
        reverse("sessions_log:attention"): (1, True),
        reverse("records:imports"): (1, False),
    }


def test_an_old_proposal_needs_attention(coordinator: User) -> None:
    MembershipFactory(state=MembershipState.PROPOSED)
    Membership.objects.update(created_at=MORNING - datetime.timedelta(days=8))
    assert figures(coordinator)[reverse("matching:board")] == (1, True)


def test_groups_with_free_places_stand_in_the_order_of_their_start(coordinator: User) -> None:
    later = GroupFactory(first_day=datetime.date(2027, 1, 5))
    sooner = GroupFactory(first_day=datetime.date(2026, 12, 1), state=GroupState.PLANNED)
    full = GroupFactory(capacity=2)
    MembershipFactory.create_batch(2, group=full)
    GroupFactory(state=GroupState.RUNNING)
    MembershipFactory(group=later)
    MembershipFactory(group=later, state=MembershipState.PROPOSED)
    rows = page_for(coordinator).open_groups
    assert [row.group for row in rows] == [sooner, later]
    assert (rows[1].seated, rows[1].capacity, rows[1].free, rows[1].proposed) == (1, 8, 7, 1)


def test_only_the_first_of_many_are_listed_and_the_rest_counted(coordinator: User) -> None:
    GroupFactory.create_batch(13)
    page = page_for(coordinator)
    assert (len(page.open_groups), page.more_open) == (12, 1)
    assert figures(coordinator)["#free"] == (13, False)


def test_running_groups_below_the_smallest_size_are_named(coordinator: User) -> None:
    """R30."""
    small = GroupFactory(state=GroupState.RUNNING)
    MembershipFactory.create_batch(3, group=small)
    MembershipFactory(group=small, state=MembershipState.LEFT)
    MembershipFactory(group=small, state=MembershipState.LEAVING)
    enough = GroupFactory(state=GroupState.RUNNING)
    MembershipFactory.create_batch(5, group=enough)
    GroupFactory(state=GroupState.ENDED)
    (row,) = page_for(coordinator).small_groups
    assert (row.group, row.expected) == (small, 4)
    assert figures(coordinator)["#small"] == (1, True)


def test_members_who_stay_away_are_counted_and_not_named(sign_in: Any, coordinator: User) -> None:
    """R27, R43."""
    member = MembershipFactory(group__state=GroupState.RUNNING)
    stays_away(member)
    assert figures(coordinator)[reverse("groups_app:list") + "?away=on"] == (1, True)
    assert member.client.last_name not in sign_in(coordinator).get(PAGE).text


def test_who_waits_longest_stands_on_top(coordinator: User) -> None:
    WaitingFactory(since=datetime.date(2026, 11, 14))
    WaitingFactory(since=datetime.date(2026, 9, 24))
    assert [row.days for row in page_for(coordinator).waiting] == [61, 10]


def test_an_empty_desk_says_what_to_do(sign_in: Any, coordinator: User) -> None:
    text = sign_in(coordinator).get(PAGE).text
    assert "Every place is taken" in text
    assert reverse("sessions_log:new_group") in text
    assert "Every running group is large enough." in text


@pytest.mark.parametrize("rows", [1, 3])
def test_costs_the_same_for_any_number_of_rows(
    client: Browser, coordinator: User, rows: int, django_assert_num_queries: Any
) -> None:
    for _ in range(rows):
        membership = MembershipFactory(group=GroupFactory(state=GroupState.RUNNING))
        SessionFactory(group=membership.group, local_day=datetime.date(2026, 12, 1))
        MembershipFactory(state=MembershipState.PROPOSED)
        WaitingFactory()
    client.force_login(coordinator)
    # savepoint and release (none outside tests); session; person; and what the page reads
    with django_assert_num_queries(15):
        response = client.get(PAGE)
    assert len(response.context["page"].open_groups) == rows
