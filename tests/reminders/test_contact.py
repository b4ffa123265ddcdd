"""How a client wants to be reached, and the page where a coordinator sets it (R48)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse

from groups_app.models import Membership
from members.models import Channel, Client
from practice.models import User
from reminders import services
from reminders.models import ClientChannel, Message, Outcome, Silence, Trouble, Wish
from sessions_log.models import Session
from tests.factories.messages import MessageFactory
from tests.factories.practice import CoordinatorFactory
from tests.mail_server import MailServer

pytestmark = pytest.mark.django_db

START = datetime(2026, 11, 24, 23, tzinfo=UTC)
TWO_DAYS_BEFORE = START - timedelta(hours=48)


@pytest.fixture(autouse=True)
def clock(settings: Any) -> Iterator[Any]:
    """The moment at which the first reminder is due."""
    settings.REQUIRE_STAFF_MFA = False
    with time_machine.travel(TWO_DAYS_BEFORE, tick=False) as traveller:
        yield traveller


@pytest.fixture
def coordinator(client: Browser) -> User:
    """A coordinator, signed in."""
    user = CoordinatorFactory()
    client.force_login(user)
    return user


@pytest.fixture
def imani(membership: Membership) -> Client:
    """Somebody to be reminded."""
    return membership.client


def outcome_of_a_reminder() -> tuple[str, str]:
    """What becomes of the reminder that is due now."""
    services.send_due(at=TWO_DAYS_BEFORE)
    message = Message.objects.get(lead_hours=48)
    return message.state, message.outcome


def address(name: str, client: Client, *more: str) -> str:
    """The address of one of the verbs."""
    return reverse(f"reminders:{name}", args=[client.pk, *more])


def test_safety_first_lets_nothing_out(
    client: Browser, coordinator: User, mail_server: MailServer, imani: Client
) -> None:
    for _ in range(2):
        assert client.post(address("silence", imani)).status_code == 302
    silence = Silence.objects.get()
    assert (silence.set_by, silence.set_at) == (coordinator, TWO_DAYS_BEFORE)
    assert outcome_of_a_reminder() == ("void", Outcome.SILENCED)
    assert mail_server.messages == []
    assert "Safety first: nothing is sent" in client.get(address("client", imani)).text


def test_it_is_lifted(client: Browser, coordinator: User, mail_server: MailServer, imani: Client) -> None:
    services.silence(client=imani, by=coordinator)
    for _ in range(2):
        client.post(address("lift_silence", imani))
    silence = Silence.objects.get()
    assert (silence.lifted_by, silence.lifted_at) == (coordinator, TWO_DAYS_BEFORE)
    assert outcome_of_a_reminder() == ("sent", "")


def test_only_changes(client: Browser, coordinator: User, mail_server: MailServer, imani: Client) -> None:
    client.post(address("wish", imani, "email"), {"wish": "changes"})
    assert outcome_of_a_reminder() == ("void", Outcome.NOT_WANTED)
    client.post(address("wish", imani, "email"), {"wish": "all"})
    assert ClientChannel.objects.get().wish == Wish.ALL


@pytest.mark.parametrize(("channel", "wish"), [("pigeon", "all"), ("email", "never")])
def test_unknown_wishes_are_refused(client: Browser, coordinator: User, imani: Client, channel: str, wish: str) -> None:
    assert client.post(address("wish", imani, channel), {"wish": wish}).status_code == 404


def test_a_dead_address_is_left_alone_until_it_changes(
    client: Browser, coordinator: User, mail_server: MailServer, imani: Client
) -> None:
    services.note_trouble(client=imani, channel=Channel.EMAIL, trouble=Trouble.BOUNCED)
    assert "come back undelivered" in client.get(address("client", imani)).text
    assert outcome_of_a_reminder() == ("failed", Outcome.BOUNCED)
    imani.email = "right@mail.example"
    imani.save()
    services.retry(message=Message.objects.get(lead_hours=48), by=coordinator)
    assert outcome_of_a_reminder() == ("sent", "")


def test_or_until_somebody_says_that_it_works(
    client: Browser, coordinator: User, mail_server: MailServer, imani: Client
) -> None:
    services.note_trouble(client=imani, channel=Channel.EMAIL, trouble=Trouble.BOUNCED)
    assert client.post(address("clear_trouble", imani, "pigeon")).status_code == 404
    client.post(address("clear_trouble", imani, "email"))
    assert outcome_of_a_reminder() == ("sent", "")


def test_a_complaint_is_a_stop(imani: Client) -> None:
    message = MessageFactory(membership=imani.memberships.get(), session=imani.memberships.get().group.sessions.get())
    services.mail_event(message_id=message.pk, provider_id="", event="complained", is_final=True)
    assert not imani.consents.in_force().exists()
    message.refresh_from_db()
    assert (message.state, message.outcome) == ("failed", Outcome.COMPLAINED)


def test_lists_what_was_sent_to_the_client_and_about_the_session(
    client: Browser, coordinator: User, imani: Client, session: Session
) -> None:
    MessageFactory(membership=imani.memberships.get(), session=session, answer="away")
    MessageFactory(session=session)
    for_client = client.get(address("client", imani))
    assert len(for_client.context["page_obj"].object_list) == 1
    assert "Cannot come" in for_client.text
    about = client.get(reverse("reminders:session", args=[session.pk]))
    assert len(about.context["page_obj"].object_list) == 2


@pytest.mark.parametrize("rows", [1, 3])
def test_the_clients_page_costs_the_same_for_any_number_of_rows(  # noqa: PLR0917 (fixtures)
    client: Browser, coordinator: User, imani: Client, session: Session, rows: int, django_assert_num_queries: Any
) -> None:
    for number in range(rows):
        MessageFactory(membership=imani.memberships.get(), session=session, lead_hours=number)
    with django_assert_num_queries(10):
        client.get(address("client", imani))


def test_what_failed_is_tried_again(
    client: Browser, coordinator: User, mail_server: MailServer, imani: Client, session: Session
) -> None:
    message = MessageFactory(
        membership=imani.memberships.get(), session=session, state="failed", outcome=Outcome.REFUSED, attempts=9
    )
    back = address("client", imani)
    assert client.post(reverse("reminders:retry", args=[message.pk]), {"next": back}).url == back
    services.dispatch(at=TWO_DAYS_BEFORE)
    message.refresh_from_db()
    assert (message.state, message.attempts) == ("sent", 1)
    assert len(mail_server.messages) == 1
    again = client.post(reverse("reminders:retry", args=[message.pk]), {"next": "https://evil.example/"}, follow=True)
    assert again.redirect_chain[0][0] == reverse("reminders:deliveries")
    assert "There is nothing to send again" in again.text


@pytest.mark.parametrize("name", ["silence", "lift_silence"])
def test_verbs_need_a_post(client: Browser, coordinator: User, imani: Client, name: str) -> None:
    assert client.get(address(name, imani)).status_code == 405
