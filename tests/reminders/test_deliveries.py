"""The coordinators' list of deliveries."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from members.models import Channel
from practice.models import User
from reminders.models import Outcome, Reminder, ReminderState
from sessions_log.models import Session
from tests.factories.groups_app import MembershipFactory
from tests.factories.practice import (
    AdministratorFactory,
    CoordinatorFactory,
    MemberUserFactory,
    SupervisorFactory,
    TherapistFactory,
)

pytestmark = pytest.mark.django_db

START = datetime(2026, 11, 24, 23, tzinfo=UTC)
PAGE = reverse("reminders:deliveries")


def reminder_for(session: Session, **fields: Any) -> Reminder:
    """A reminder of ``session`` for a new member, sent unless told otherwise."""
    defaults = {"state": ReminderState.SENT, "sent_at": START - timedelta(hours=48)}
    return Reminder.objects.create(
        session=session,
        membership=MembershipFactory(group=session.group),
        channel=Channel.EMAIL,
        lead_hours=48,
        schedule_version=1,
        due_at=START - timedelta(hours=48),
        **(defaults | fields),
    )


@pytest.fixture(autouse=True)
def _no_second_step(settings: Any) -> None:
    settings.REQUIRE_STAFF_MFA = False


@pytest.fixture
def coordinator(client: Browser) -> User:
    """A coordinator, signed in."""
    user = CoordinatorFactory()
    client.force_login(user)
    return user


def test_shows_who_when_and_what_became_of_it(client: Browser, coordinator: User, session: Session) -> None:
    sent = reminder_for(session)
    failed = reminder_for(session, state=ReminderState.FAILED, sent_at=None, outcome=Outcome.REFUSED)
    text = client.get(PAGE).text
    assert sent.membership.client.name in text
    assert failed.membership.client.name in text
    assert "November 24, 6:00 PM" in text
    assert "November 22, 6:00 PM" in text
    assert "The mail server refused the address" in text
    assert "1 reminder could not be sent" in text


def test_narrows_by_result_and_day(client: Browser, coordinator: User, session: Session) -> None:
    sent = reminder_for(session)
    failed = reminder_for(session, state=ReminderState.FAILED, sent_at=None)

    def shown(**narrow: str) -> set[Reminder]:
        return set(client.get(PAGE, narrow).context["page_obj"].object_list)

    assert shown(state="failed") == {failed}
    assert shown(since="11/24/2026", until="11/24/2026") == {sent, failed}
    assert shown(since="11/25/2026") == shown(until="2026-11-23") == set()


def test_a_wrong_date_is_said_and_the_list_stays(client: Browser, coordinator: User, session: Session) -> None:
    reminder_for(session)
    response = client.get(PAGE, {"since": "tomorrow"})
    assert response.status_code == 200
    assert "Enter a date as month/day/year" in response.text


def test_says_what_to_expect_when_there_is_nothing(client: Browser, coordinator: User) -> None:
    assert "No reminders yet" in client.get(PAGE).text
    assert "No reminder fits" in client.get(PAGE, {"state": "failed"}).text


@pytest.mark.parametrize("factory", [TherapistFactory, SupervisorFactory, AdministratorFactory, MemberUserFactory])
def test_is_unknown_to_everybody_else(client: Browser, factory: Any) -> None:
    client.force_login(factory())
    assert client.get(PAGE).status_code == 404


def test_can_only_be_read(client: Browser, coordinator: User) -> None:
    assert client.post(PAGE).status_code == 405


@pytest.mark.parametrize("rows", [1, 3])
def test_costs_the_same_for_any_number_of_rows(
    client: Browser, coordinator: User, session: Session, rows: int, django_assert_num_queries: Any
) -> None:
    for _ in range(rows):
        reminder_for(session)
    with django_assert_num_queries(7):
        client.get(PAGE)
