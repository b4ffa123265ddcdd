"""Saying from the message whether one comes (R48): without signing in, by a click, revealing day and time only."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse

from reminders.links import answer_token, message_of_answer_token
from reminders.models import Answer, Message
from sessions_log.models import AbsenceNotice, Session
from tests.factories.groups_app import MembershipFactory
from tests.factories.members import ClientFactory
from tests.factories.messages import MessageFactory
from tests.factories.practice import CoordinatorFactory

pytestmark = pytest.mark.django_db

START = datetime(2026, 11, 24, 23, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    """The day before the session."""
    with time_machine.travel(START - timedelta(days=1), tick=False) as traveller:
        yield traveller


@pytest.fixture
def message(session: Session) -> Message:
    """A reminder that Imani got; she has no account."""
    client = ClientFactory(first_name="Imani", last_name="Abara")
    return MessageFactory(session=session, membership=MembershipFactory(group=session.group, client=client))


@pytest.fixture
def address(message: Message) -> str:
    """The address in it."""
    return reverse("answers:answer", args=[answer_token(message.pk)])


def say(browser: Browser, address: str, answer: str, version: int = 1) -> Any:
    """Click a button of the page."""
    return browser.post(address, {"answer": answer, "version": version})


def is_away(message: Message) -> bool:
    """Whether the leaders see an absence notice."""
    return AbsenceNotice.objects.filter(membership=message.membership, withdrawn_at__isnull=True).exists()


def test_opening_it_shows_when_and_answers_nothing(client: Browser, message: Message, address: str) -> None:
    text = client.get(address).text
    assert "Tuesday, November 24" in text
    assert "6:00 PM" in text
    assert not is_away(message)
    for secret in ("Imani", "Abara", "Thursday", "trust", "Dana", "Whitfield", message.client.email):
        assert secret not in text
    for word in ("therap", "group", "session "):
        assert word not in text.lower().replace("sessionid", "")


def test_i_cannot_come_is_an_absence_notice_by_nobody_with_an_account(
    client: Browser, message: Message, address: str
) -> None:
    for _ in range(2):
        assert "you cannot come" in say(client, address, "away").text
    notice = AbsenceNotice.objects.get()
    assert (notice.given_by, notice.membership) == (None, message.membership)
    message.refresh_from_db()
    assert (message.answer, message.answered_at) == (Answer.AWAY, START - timedelta(days=1))


def test_i_will_be_there_takes_it_back(client: Browser, message: Message, address: str) -> None:
    say(client, address, "away")
    assert "you will be there" in say(client, address, "coming").text
    assert not is_away(message)


def test_the_account_of_who_has_one_gives_the_notice(client: Browser, session: Session) -> None:
    person = ClientFactory(with_account=True)
    message = MessageFactory(session=session, membership=MembershipFactory(group=session.group, client=person))
    say(client, reverse("answers:answer", args=[answer_token(message.pk)]), "away")
    assert AbsenceNotice.objects.get().given_by == person.user


def test_it_ends_when_the_session_begins(client: Browser, message: Message, address: str, clock: Any) -> None:
    clock.move_to(START)
    assert client.get(address).status_code == 410
    assert say(client, address, "away").status_code == 410
    assert not is_away(message)


def test_a_canceled_session_wants_no_answer(client: Browser, message: Message, address: str, session: Session) -> None:
    session.status, session.cancelled_at, session.cancelled_by = "cancelled", START, CoordinatorFactory()
    session.save()
    assert "is canceled" in client.get(address).text
    assert say(client, address, "away").status_code == 410


def test_a_move_while_the_page_is_open_asks_again(client: Browser, message: Message, address: str) -> None:
    later = START + timedelta(days=1)
    Session.objects.update(
        schedule_version=2, starts_at=later, ends_at=later + timedelta(minutes=90), local_day="2026-11-25"
    )
    response = say(client, address, "away", version=1)
    assert response.status_code == 409
    assert "The time has changed" in response.text
    assert "November 25" in response.text
    assert not is_away(message)
    assert say(client, address, "away", version=2).status_code == 200


@pytest.mark.parametrize("typed", [{}, {"answer": "perhaps", "version": "1"}, {"answer": "away", "version": "x"}])
def test_anything_else_is_refused(client: Browser, address: str, typed: dict[str, str]) -> None:
    assert client.post(address, typed).status_code == 400


def test_needs_the_page_in_between(message: Message, address: str) -> None:
    """A form elsewhere cannot answer for somebody."""
    assert say(Browser(enforce_csrf_checks=True), address, "away").status_code == 403


def test_other_verbs_are_refused(client: Browser, address: str) -> None:
    assert client.put(address).status_code == 405


@pytest.mark.parametrize("token", ["x", "A" * 32, "é" * 8, "====", "A" * 400])
def test_a_link_we_did_not_sign_is_unknown(client: Browser, token: str) -> None:
    assert client.get(reverse("answers:answer", args=[token])).status_code == 404


def test_a_link_is_good_for_one_message(message: Message) -> None:
    token = answer_token(message.pk)
    assert len(token) == 32
    assert message_of_answer_token(token) == message.pk
    changed = ("A" if token[0] != "A" else "B") + token[1:]
    assert message_of_answer_token(changed) is None


def test_gives_the_appointment_as_a_file(client: Browser, address: str) -> None:
    response = client.get(f"{address}/appointment.ics")
    assert response["Content-Type"].startswith("text/calendar")
    assert "SUMMARY:Appointment" in response.text
    assert "no-store" in response["Cache-Control"]
