"""The coordinators' list of deliveries."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from practice.models import User
from reminders.models import Message, MessageState, Outcome
from sessions_log.models import Session
from tests.factories.messages import MessageFactory
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
    sent = MessageFactory(session=session)
    failed = MessageFactory(session=session, state=MessageState.FAILED, outcome=Outcome.REFUSED)
    text = client.get(PAGE).text
    assert sent.membership.client.name in text
    assert failed.membership.client.name in text
    assert "November 24, 6:00 PM" in text
    assert "November 22, 6:00 PM" in text
    assert "The address or number was refused" in text
    assert "not sent, this week" in text


def test_narrows_by_result_and_day(client: Browser, coordinator: User, session: Session) -> None:
    sent = MessageFactory(session=session)
    failed = MessageFactory(session=session, state=MessageState.FAILED)

    def shown(**narrow: str) -> set[Message]:
        return set(client.get(PAGE, narrow).context["page_obj"].object_list)

    assert shown(state="failed") == {failed}
    assert shown(since="11/22/2026", until="11/22/2026") == {sent, failed}
    assert shown(since="11/23/2026") == shown(until="2026-11-21") == set()


def test_a_wrong_date_is_said_and_the_list_stays(client: Browser, coordinator: User, session: Session) -> None:
    MessageFactory(session=session)
    response = client.get(PAGE, {"since": "tomorrow"})
    assert response.status_code == 200
    assert "Enter a date as month/day/year" in response.text


def test_says_what_to_expect_when_there_is_nothing(client: Browser, coordinator: User) -> None:
    assert "No messages yet" in client.get(PAGE).text
    assert "No message fits" in client.get(PAGE, {"state": "failed"}).text


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
        MessageFactory(session=session)
    with django_assert_num_queries(7):
        client.get(PAGE)
