"""A group's page: for its leaders, coordinators and supervisors; not for members (R43)."""

import datetime
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from audit.querysets import Entries
from common.clock import now
from groups_app.models import Group, GroupState, Membership, MembershipState
from groups_app.services.lifecycle import check_ending_item, open_ending_items
from home.reads.group import GroupPage
from practice.models import User
from sessions_log.models import AbsenceNotice, Attendance, AttendanceStatus, Session, SessionStatus
from sessions_log.services import ask_after
from tests.factories.groups_app import AgreementFactory, GroupFactory, MembershipFactory
from tests.factories.members import ClientFactory
from tests.factories.practice import AdministratorFactory, SupervisorFactory, TherapistFactory
from tests.factories.sessions_log import SessionFactory
from tests.home.conftest import MORNING

pytestmark = pytest.mark.django_db

EIGHT_WEEKS = 8


@pytest.fixture
def sessions(circle: Group) -> list[Session]:
    """The circle's first eight sessions; six are over, the seventh is today."""
    return SessionFactory.create_batch(EIGHT_WEEKS, group=circle)


@pytest.fixture
def imani(circle: Group) -> Membership:
    """A member from the beginning."""
    client = ClientFactory(first_name="Imani", last_name="Abara")
    return MembershipFactory(group=circle, client=client, starts_on=circle.first_day)


def page_for(user: User, group: Group) -> GroupPage:
    """What the page shows now."""
    return GroupPage(user, group.pk, at=now())


def address(group: Group) -> str:
    """The page's address."""
    return reverse("home:group", args=[group.pk])


# --- Who sees it ----------------------------------------------------------------------------------------------------
def test_leaders_coordinators_and_supervisors_see_it(
    sign_in: Any, dana: User, coordinator: User, circle: Group
) -> None:
    for user in (dana, coordinator, SupervisorFactory()):
        assert sign_in(user).get(address(circle)).status_code == 200


def test_everybody_else_does_not_learn_that_it_exists(sign_in: Any, circle: Group) -> None:
    member = MembershipFactory(group=circle, client=ClientFactory(with_account=True)).client.user
    for user in (member, TherapistFactory(), AdministratorFactory()):
        assert sign_in(user).get(address(circle)).status_code == 404


def test_it_can_only_be_read(sign_in: Any, dana: User, circle: Group) -> None:
    assert sign_in(dana).post(address(circle)).status_code == 405


# --- The grid -------------------------------------------------------------------------------------------------------
def test_the_grid_says_how_everybody_came(
    dana: User, circle: Group, sessions: list[Session], imani: Membership
) -> None:
    def came(session: Session, status: AttendanceStatus) -> None:
        Attendance.objects.create(
            session=session, membership=imani, status=status, recorded_by=dana, recorded_at=MORNING
        )

    came(sessions[0], AttendanceStatus.PRESENT)
    came(sessions[1], AttendanceStatus.WALKED_OUT)
    Session.objects.filter(number=4).update(status=SessionStatus.CANCELLED, cancelled_at=MORNING, cancelled_by=dana)
    AbsenceNotice.objects.create(session=sessions[6], membership=imani, given_at=MORNING, given_by=dana)
    page = page_for(dana, circle)
    (row,) = page.rows
    assert row.name == "Imani A."
    assert row.marks == ["present", "walked-out", "none", "off", "none", "none", "away", "coming"]
    assert [column.number for column in page.columns if column.is_next] == [7]
    assert page.held == 5


def test_who_joined_or_left_has_marks_only_for_their_time(dana: User, circle: Group, sessions: list[Session]) -> None:
    """R31: past attendance never moves."""
    MembershipFactory(group=circle, starts_on=sessions[6].local_day)
    MembershipFactory(
        group=circle, state=MembershipState.LEFT, starts_on=circle.first_day, ends_on=sessions[1].local_day
    )
    marks = {tuple(row.marks) for row in page_for(dana, circle).rows}
    assert marks == {("",) * 6 + ("coming", "coming"), ("none", "none") + ("",) * 6}


def test_a_long_group_shows_its_last_sessions_and_a_few_to_come(dana: User) -> None:
    group = GroupFactory(leaders=[dana], first_day=datetime.date(2026, 3, 3), length="ongoing", session_count=None)
    SessionFactory.create_batch(60, group=group)
    numbers = [column.number for column in page_for(dana, group).columns]
    assert len(numbers) == 16
    assert numbers[-1] == 42  # the 39th is tonight, three weeks follow


def test_coordinators_see_that_sessions_were_held_and_no_marks(
    *, sign_in: Any, coordinator: User, dana: User, circle: Group, sessions: list[Session], imani: Membership
) -> None:
    """R43: the minimum necessary."""
    Attendance.objects.create(
        session=sessions[0], membership=imani, status=AttendanceStatus.NO_SHOW, recorded_by=dana, recorded_at=MORNING
    )
    page = page_for(coordinator, circle)
    assert page.rows == []
    assert page.held == 6
    assert "no notice" not in sign_in(coordinator).get(address(circle)).text


# --- The way into the group -----------------------------------------------------------------------------------------
def lines_of(user: User, group: Group) -> dict[str, tuple[str, bool, bool, bool]]:
    """State → note, may answer, may record, may withdraw."""
    return {
        line.membership.state: (line.note, line.may_answer, line.may_record, line.may_withdraw)
        for line in page_for(user, group).lines
    }


def test_the_next_action_follows_state_and_role(dana: User, coordinator: User) -> None:
    group = GroupFactory(leaders=[dana])
    MembershipFactory(group=group, state=MembershipState.PROPOSED, pregroup_met_on=None)
    MembershipFactory(group=group, state=MembershipState.INVITED, pregroup_met_on=None)
    MembershipFactory(group=group, state=MembershipState.PREPARING)
    MembershipFactory(group=group)
    invited = "Has not opened the invitation · No meeting recorded"
    assert lines_of(dana, group) == {
        "proposed": ("Waits for a leader’s answer", True, False, True),
        "invited": (invited, False, True, True),
        "preparing": ("Met on November 10", False, False, True),
        "active": ("Since November 12, 2026", False, False, True),
    }
    assert lines_of(coordinator, group) == {
        "proposed": ("Waits for a leader’s answer", False, False, True),
        "invited": (invited, False, False, True),
        "preparing": ("Met on November 10", False, False, True),
        "active": ("Since November 12, 2026", False, False, False),
    }


def test_the_steps_before_the_start(dana: User) -> None:
    """R23, R25, R26."""
    group = GroupFactory(leaders=[dana], first_day=datetime.date(2026, 12, 1))
    SessionFactory(group=group)
    assert [task.state for task in page_for(dana, group).tasks] == ["done", "done", "todo", "later", "later", "later"]
    MembershipFactory.create_batch(5, group=group)
    page = page_for(dana, group)
    assert [task.state for task in page.tasks] == ["done", "done", "done", "done", "todo", "later"]
    assert page.tasks[-1].note == "After what is open above"
    assert not page.is_step_due


def test_a_running_group_has_no_such_steps_and_takes_nobody(dana: User, circle: Group) -> None:
    page = page_for(dana, circle)
    assert [(task.title, task.state) for task in page.tasks] == [("Begin the ending", "later")]
    assert not page.may_match
    assert page.step == "Begin the ending"


def test_a_checked_line_of_the_ending_says_who_and_on_which_day_there(dana: User, circle: Group) -> None:
    """R29: late in the evening in New York it is the next day in UTC already."""
    circle.state = GroupState.ENDING
    circle.save()
    first, *_others = open_ending_items(circle)
    with time_machine.travel("2026-11-24T03:00:00+00:00", tick=False):
        check_ending_item(group=circle, item=first, is_done=True, by=dana)
        tasks = page_for(dana, circle).tasks
    assert (tasks[0].title, tasks[0].state, tasks[0].note) == (first.title, "done", "D. Whitfield, November 23")
    assert {task.state for task in tasks[1:-1]} == {"todo"}


def test_somebody_who_stays_away_is_to_be_asked_after_until_a_leader_did(
    dana: User, osei: User, circle: Group, imani: Membership, sessions: list[Session]
) -> None:
    """R27."""
    for session in sessions[:6]:
        Attendance.objects.create(
            session=session, membership=imani, status=AttendanceStatus.NO_SHOW, recorded_by=dana, recorded_at=MORNING
        )
    assert page_for(dana, circle).tasks[0].title == "Ask after Imani A."
    ask_after(membership=imani, on=datetime.date(2026, 11, 23), by=osei)
    task = page_for(dana, circle).tasks[0]
    assert (task.title, task.state) == ("Asked after Imani A.", "done")
    assert task.note == f"Away 6 times in a row · {osei.short_name}, November 23"


def test_the_page_says_when_the_group_is_too_small(dana: User, circle: Group) -> None:
    """R30."""
    MembershipFactory.create_batch(4, group=circle)
    assert page_for(dana, circle).lacks == 1
    circle.state = GroupState.ENDED
    circle.save()
    assert page_for(dana, circle).lacks == 0


def test_buttons_lead_to_what_they_say(sign_in: Any, dana: User) -> None:
    group = GroupFactory(leaders=[dana])
    AgreementFactory(group=group)
    proposed = MembershipFactory(group=group, state=MembershipState.PROPOSED)
    browser = sign_in(dana)
    text = browser.get(address(group)).text
    for name, pk in (
        ("groups_app:accept", proposed.pk),
        ("groups_app:decline", proposed.pk),
        ("groups_app:change_state", group.pk),
        ("groups_app:edit", group.pk),
        ("groups_app:agreement", group.pk),
    ):
        assert reverse(name, args=[pk]) in text
    agreement = browser.get(reverse("groups_app:agreement", args=[group.pk])).text
    assert reverse("groups_app:agreement_edit", args=[group.pk]) in agreement


def test_coordinators_find_members_for_an_open_group(sign_in: Any, coordinator: User, circle: Group) -> None:
    group = GroupFactory()
    assert reverse("matching:group", args=[group.pk]) in sign_in(coordinator).get(address(group)).text
    assert reverse("matching:group", args=[circle.pk]) not in sign_in(coordinator).get(address(circle)).text


def test_moved_and_cancelled_sessions_are_marked(
    sign_in: Any, dana: User, circle: Group, sessions: list[Session]
) -> None:
    Session.objects.filter(number=7).update(moved_from=MORNING)
    Session.objects.filter(number=8).update(status=SessionStatus.CANCELLED, cancelled_at=MORNING, cancelled_by=dana)
    text = sign_in(dana).get(address(circle)).text
    assert "moved</span>" in text
    assert "canceled</span>" in text


def test_of_a_group_that_is_over_only_what_remains_is_shown(sign_in: Any, dana: User, circle: Group) -> None:
    MembershipFactory(group=circle, state=MembershipState.LEFT)
    Group.objects.filter(pk=circle.pk).update(state=GroupState.ENDED)
    page = sign_in(dana).get(address(circle)).text
    assert "1 former member" in page
    for gone in ("places taken", "Next sessions", "Composition"):
        assert gone not in page


def test_months_stand_over_their_sessions(dana: User, circle: Group, sessions: list[Session]) -> None:
    months = [(month.name, month.columns) for month in page_for(dana, circle).months]
    assert months[:2] == [("Oct 2026", 3), ("Nov", 4)]
    assert sum(columns for _name, columns in months) == len(sessions)


@pytest.mark.parametrize("rows", [1, 3])
def test_costs_the_same_for_any_number_of_rows(
    sign_in: Any, dana: User, circle: Group, rows: int, django_assert_num_queries: Any
) -> None:
    for session in SessionFactory.create_batch(6 + rows, group=circle):
        for membership in MembershipFactory.create_batch(1, group=circle, starts_on=circle.first_day):
            AbsenceNotice.objects.create(session=session, membership=membership, given_at=MORNING, given_by=dana)
    MembershipFactory.create_batch(rows, group=circle, state=MembershipState.PROPOSED)
    browser = sign_in(dana)
    # savepoint and release (none outside tests); session; person; and what the page reads
    with django_assert_num_queries(12):
        browser.get(address(circle))


def test_who_reads_it_is_in_the_trail_of_each_member(
    sign_in: Any, dana: User, coordinator: User, circle: Group
) -> None:
    """R42: an entry a member for who sees how they came; of a coordinator, who does not, that they opened it."""
    members = MembershipFactory.create_batch(2, group=circle, starts_on=circle.first_day)
    for reader in (dana, coordinator):
        sign_in(reader).get(address(circle))
    entries = list(Entries(actions=("group.read",), target=str(circle.pk)))
    assert {(entry.actor_id, entry.client_id) for entry in entries} == {
        (coordinator.pk, None),
        *((dana.pk, member.client_id) for member in members),
    }
