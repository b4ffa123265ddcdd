"""Rows for sessions that come into the window (R48)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from groups_app.models import LeavingReason, Membership, MembershipState
from members.models import Channel
from practice.models import Policy
from reminders import services
from reminders.models import Message
from reminders.sources import sessions
from sessions_log.models import Session, SessionStatus
from tests.factories.groups_app import MembershipFactory
from tests.factories.members import ConsentFactory
from tests.factories.practice import CoordinatorFactory

pytestmark = pytest.mark.django_db

START = datetime(2026, 11, 24, 23, tzinfo=UTC)
THREE_DAYS_BEFORE = START - timedelta(days=3)


def leads() -> dict[int, datetime]:
    """What stands in the table: lead → moment it is due."""
    return dict(Message.objects.values_list("lead_hours", "due_at"))


def test_one_row_a_lead(session: Session, membership: Membership) -> None:
    assert services.materialize(at=THREE_DAYS_BEFORE) == 2
    assert leads() == {48: START - timedelta(hours=48), 2: START - timedelta(hours=2)}
    reminder = Message.objects.first()
    assert (reminder.session, reminder.membership, reminder.version) == (session, membership, 1)


def test_twice_makes_no_second_row(membership: Membership) -> None:
    services.materialize(at=THREE_DAYS_BEFORE)
    assert services.materialize(at=THREE_DAYS_BEFORE + timedelta(hours=30)) == 0
    assert Message.objects.count() == 2


def test_a_session_outside_the_window_waits(membership: Membership) -> None:
    assert services.materialize(at=START - timedelta(days=3, seconds=1)) == 0


def test_nobody_is_reminded_of_a_session_that_begins_at_once(membership: Membership) -> None:
    assert services.materialize(at=START - timedelta(minutes=30)) == 0


def test_a_session_added_late_is_announced_once(membership: Membership) -> None:
    moment = START - timedelta(hours=1)
    services.materialize(at=moment)
    assert leads() == {2: moment}


def test_a_moved_session_gets_rows_of_its_new_version(session: Session, membership: Membership) -> None:
    services.materialize(at=THREE_DAYS_BEFORE)
    Session.objects.update(schedule_version=2)
    services.materialize(at=THREE_DAYS_BEFORE)
    assert sorted(Message.objects.values_list("version", "lead_hours")) == [(1, 2), (1, 48), (2, 2), (2, 48)]


def test_a_cancelled_session_gets_none(session: Session, membership: Membership) -> None:
    session.status, session.cancelled_at = SessionStatus.CANCELLED, THREE_DAYS_BEFORE
    session.cancelled_by = CoordinatorFactory()
    session.save()
    assert services.materialize(at=THREE_DAYS_BEFORE) == 0


@pytest.mark.parametrize("state", [MembershipState.PROPOSED, MembershipState.PREPARING, MembershipState.LEFT])
def test_who_does_not_attend_gets_none(session: Session, state: MembershipState) -> None:
    ConsentFactory(client=MembershipFactory(group=session.group, state=state).client)
    assert services.materialize(at=THREE_DAYS_BEFORE) == 0


def test_who_is_leaving_is_reminded_until_the_last_day(session: Session, membership: Membership) -> None:
    membership.state = MembershipState.LEAVING
    membership.ends_on, membership.leaving_reason = date(2026, 11, 23), LeavingReason.COMPLETED
    membership.save()
    assert services.materialize(at=THREE_DAYS_BEFORE) == 0
    membership.ends_on = date(2026, 11, 24)
    membership.save()
    assert services.materialize(at=THREE_DAYS_BEFORE) == 2


def test_who_starts_later_is_not_reminded(session: Session, membership: Membership) -> None:
    membership.starts_on = date(2026, 11, 25)
    membership.save()
    assert services.materialize(at=THREE_DAYS_BEFORE) == 0


def test_through_the_channels_consented_to(session: Session) -> None:
    someone = MembershipFactory(group=session.group)
    ConsentFactory(client=someone.client, channel=Channel.TEXT)
    ConsentFactory(client=someone.client, given_at=THREE_DAYS_BEFORE, withdrawn_at=START)
    assert services.materialize(at=THREE_DAYS_BEFORE) == 2
    assert set(Message.objects.values_list("channel", flat=True)) == {"text"}


def test_a_practice_without_leads_sends_none(membership: Membership) -> None:
    Policy.objects.update(reminder_leads=[])
    assert services.materialize(at=THREE_DAYS_BEFORE) == 0


def test_batches_take_all(session: Session, membership: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "_BATCH", 2)
    for _ in range(4):
        ConsentFactory(client=MembershipFactory(group=session.group).client)
    assert services.materialize(at=THREE_DAYS_BEFORE) == 10
    assert Message.objects.count() == 10


@pytest.mark.parametrize("members", [1, 3])
def test_costs_the_same_for_any_number_of_members(session: Session, members: int, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    for _ in range(members):
        ConsentFactory(client=MembershipFactory(group=session.group).client)
    # practice; new sessions; newly changed ones; changes to tell; who has no row; insert; nobody is left; unsigned
    # agreements; unread news; check-ins; open invitations; failures; emergencies; overdue reviews
    with django_assert_num_queries(14):
        services.materialize(at=THREE_DAYS_BEFORE)
