"""Text messages: one part, at most one a day and three a week, providers that refuse, and what people text back."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from groups_app.models import Membership
from members.models import Channel, Client, ContactConsent
from practice.models import Practice, Site
from reminders import services
from reminders.channels.results import OptedOut, Receipt, Refused, TryLater, Unreachable
from reminders.channels.texts.base import Text
from reminders.channels.texts.local import ConsoleBackend, written_texts
from reminders.channels.texts.twilio import TwilioBackend, signature
from reminders.composing import Composer
from reminders.models import ClientChannel, Message, MessageState, Outcome
from reminders.texts.gsm import is_plain, plain, segments, septets
from sessions_log.models import Session
from tests.factories.members import ClientFactory
from tests.factories.messages import MessageFactory
from tests.factories.sessions_log import SessionFactory

pytestmark = pytest.mark.django_db

START = datetime(2026, 11, 24, 23, tzinfo=UTC)
TWO_DAYS_BEFORE = START - timedelta(hours=48)
INBOUND = reverse("reminders:text_inbound")


@pytest.fixture
def clock() -> Iterator[Any]:
    """Two days before the session."""
    with time_machine.travel(TWO_DAYS_BEFORE, tick=False) as traveller:
        yield traveller


@pytest.fixture
def texted(membership: Membership, settings: Any, tmp_path: Any) -> Client:
    """Imani, who wants texts instead of mails; the texts become lines of a file."""
    settings.SMS_OPTIONS = {"path": str(tmp_path)}
    ContactConsent.objects.update(channel=Channel.TEXT)
    return membership.client


@pytest.fixture
def provider(settings: Any) -> None:
    """An installation with a provider whose signature is known."""
    settings.SMS_OPTIONS = {"account": "AC1", "token": "secret", "sender": "+15550100"}
    settings.BASE_URL = "https://practice.example"


def post_signed(path: str, **told: str) -> Any:
    """Post as the provider does."""
    given = signature("secret", f"https://practice.example{path}", told.items())
    return Browser(enforce_csrf_checks=True).post(path, told, headers={"X-Twilio-Signature": given})


# --- What is sent ---------------------------------------------------------------------------------------------------
def test_says_practice_day_time_phone_and_how_to_stop_in_one_part(clock: Any, texted: Client, settings: Any) -> None:
    settings.BASE_URL = "https://practice.example"
    services.send_due(at=TWO_DAYS_BEFORE)
    (text,) = written_texts(9)
    message = Message.objects.get(state=MessageState.SENT)
    assert text["to"] == texted.mobile
    for words in ("Hudson Practice", "Tue, Nov 24", "6:00 PM", "718-555-0199", "STOP"):
        assert words in text["body"]
    assert "https://practice.example/a/" in text["body"]
    assert len(text["body"]) <= 160
    assert (message.segments, message.texted_on.isoformat()) == (1, "2026-11-22")


@given(
    name=st.text(min_size=1, max_size=40).filter(lambda text: text.strip()),
    phone=st.from_regex(r"\+1 [0-9]{3} [0-9]{3} [0-9]{4}", fullmatch=True),
    host=st.integers(1, 60),
)
def test_whatever_the_practice_is_called_it_is_one_part(name: str, phone: str, host: int) -> None:
    zone = Site(zone="America/New_York")
    message = Message(
        kind="session",
        channel="text",
        client=Client(mobile="+17185550100", site=zone),
        session=Session(starts_at=datetime(2026, 9, 30, 16, tzinfo=UTC), zone="America/New_York"),
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.conf.settings.BASE_URL", f"https://{'x' * host}.example")
        body = Composer(Practice(name=name, phone=phone), own_words={}).text(message).body
    assert is_plain(body)
    assert segments(body) == 1
    assert body.endswith("STOP to stop.")


def test_counts_signs_as_providers_do() -> None:
    assert septets("Ring {x}") == 10  # braces take two
    assert [segments("a" * signs) for signs in (160, 161, 306, 307)] == [1, 2, 2, 3]
    assert plain("“It’s” – naïve… 🎈") == '"It\'s" - naive... '


def test_console_prints_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert ConsoleBackend().send(Text(uuid4(), "+1555", "Hello")) == Receipt(segments=1)
    assert "Hello" in capsys.readouterr().out


# --- Caps -----------------------------------------------------------------------------------------------------------
def test_a_second_text_of_a_day_waits_for_the_next_morning(clock: Any, texted: Client, session: Session) -> None:
    MessageFactory(
        session=session,
        membership=texted.memberships.get(),
        channel=Channel.TEXT,
        kind="extra",
        state=MessageState.PENDING,
        due_at=TWO_DAYS_BEFORE,
    )
    services.send_due(at=TWO_DAYS_BEFORE)
    assert len(written_texts(9)) == 1
    waiting = Message.objects.get(outcome=Outcome.CAP)
    assert (waiting.state, waiting.due_at) == ("pending", datetime(2026, 11, 23, 13, tzinfo=UTC))
    clock.move_to(waiting.due_at)
    services.send_due(at=waiting.due_at)
    assert len(written_texts(9)) == 2


def test_a_fourth_text_of_a_week_waits(clock: Any, texted: Client, session: Session) -> None:
    for day in (17, 18, 19):
        MessageFactory(
            session=session,
            membership=texted.memberships.get(),
            channel="text",
            kind="extra",
            lead_hours=day,
            texted_on=f"2026-11-{day}",
        )
    services.send_due(at=TWO_DAYS_BEFORE)
    assert written_texts(9) == []
    clock.move_to(datetime(2026, 11, 24, 13, tzinfo=UTC))
    services.send_due(at=datetime(2026, 11, 24, 13, tzinfo=UTC))
    assert len(written_texts(9)) == 1


def test_what_cannot_wait_for_the_cap_is_the_coordinators(clock: Any, texted: Client, session: Session) -> None:
    clock.move_to(START - timedelta(hours=3))
    for kind in ("extra", "cancelled"):
        MessageFactory(
            session=session,
            membership=texted.memberships.get(),
            channel="text",
            kind="extra",
            lead_hours=len(kind),
            state=MessageState.PENDING,
        )
    services.dispatch(at=START - timedelta(hours=3))
    assert sorted(Message.objects.values_list("state", "outcome")) == [("failed", Outcome.CAP), ("sent", "")]


# --- Providers ------------------------------------------------------------------------------------------------------
def twilio(answer: httpx.Response | Exception, seen: list[httpx.Request]) -> TwilioBackend:
    """A backend whose provider always gives ``answer``."""

    def handle(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        if isinstance(answer, Exception):
            raise answer
        return answer

    backend = TwilioBackend(account="AC1", token="secret", sender="MG7")
    backend._client = httpx.Client(
        base_url="https://api.twilio.com", auth=("AC1", "secret"), transport=httpx.MockTransport(handle)
    )
    return backend


def test_twilio_gets_number_text_callback_and_key(settings: Any) -> None:
    settings.BASE_URL = "https://practice.example"
    seen: list[httpx.Request] = []
    key = uuid4()
    backend = twilio(httpx.Response(201, json={"sid": "SM9", "num_segments": "1"}), seen)
    assert backend.send(Text(key, "+17185550100", "Hello & more")) == Receipt("SM9", 1)
    backend.close()
    (request,) = seen
    assert request.url.path == "/2010-04-01/Accounts/AC1/Messages.json"
    assert request.headers["Idempotency-Key"] == str(key)
    form = dict(httpx.QueryParams(request.content.decode()))
    assert form == {
        "MessagingServiceSid": "MG7",
        "To": "+17185550100",
        "Body": "Hello & more",
        "StatusCallback": f"https://practice.example/messages/texts/status/{key}/",
    }


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (httpx.Response(400, json={"code": 21211}), Refused),
        (httpx.Response(400, json={"code": 21610}), OptedOut),
        (httpx.Response(400, text="no json"), Refused),
        (httpx.Response(401, json={"code": 20003}), Unreachable),
        (httpx.Response(429, json={}), TryLater),
        (httpx.Response(503), Unreachable),
        (httpx.ReadTimeout("slow"), Unreachable),
        (httpx.ConnectError("down"), Unreachable),
    ],
)
def test_twilio_refuses(answer: Any, error: type[Exception]) -> None:
    with pytest.raises(error) as raised:
        twilio(answer, []).send(Text(uuid4(), "+17185550100", "Hello"))
    assert "555" not in str(raised.value)


@pytest.mark.parametrize(
    ("error", "state", "outcome"),
    [
        (Refused("21211"), "failed", Outcome.REFUSED),
        (TryLater("429"), "pending", Outcome.SERVER_TROUBLE),
        (Unreachable("503"), "pending", Outcome.SERVER_TROUBLE),
    ],
)
def test_a_refusal_becomes_the_rows_state(  # noqa: PLR0917 (fixtures)
    clock: Any, texted: Client, monkeypatch: pytest.MonkeyPatch, error: Exception, state: str, outcome: Outcome
) -> None:
    def refuse(self: Any, text: Text) -> Receipt:
        raise error

    monkeypatch.setattr("reminders.channels.texts.local.FileBackend.send", refuse)
    services.send_due(at=TWO_DAYS_BEFORE)
    message = Message.objects.get(lead_hours=48)
    assert (message.state, message.outcome, message.texted_on) == (state, outcome, None)


def test_a_provider_that_knows_of_a_stop_ends_the_consent(
    clock: Any, texted: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Any, text: Text) -> Receipt:
        raise OptedOut("21610")

    monkeypatch.setattr("reminders.channels.texts.local.FileBackend.send", refuse)
    services.send_due(at=TWO_DAYS_BEFORE)
    assert not texted.consents.in_force().exists()


# --- What comes back ------------------------------------------------------------------------------------------------
def test_a_status_call_notes_that_it_arrived(provider: None) -> None:
    message = MessageFactory(channel="text")
    path = reverse("reminders:text_status", args=[message.pk])
    for _ in range(2):
        assert post_signed(path, MessageSid="SM9", MessageStatus="delivered").status_code == 204
    message.refresh_from_db()
    assert message.delivered_at
    assert message.provider_id == "SM9"


def test_a_dead_number_is_not_texted_again_until_it_changes(provider: None) -> None:
    message = MessageFactory(channel="text")
    path = reverse("reminders:text_status", args=[message.pk])
    post_signed(path, MessageSid="SM9", MessageStatus="undelivered", ErrorCode="30005")
    message.refresh_from_db()
    assert (message.state, message.outcome) == ("failed", Outcome.BOUNCED)
    known = ClientChannel.objects.get()
    assert (known.client, known.trouble, known.troubled_address) == (message.client, "bounced", message.client.mobile)


@pytest.mark.parametrize("path", [INBOUND, "/messages/texts/status/018cc251-f406-7e04-aa9b-7c787669421d/"])
def test_without_the_providers_signature_there_is_no_such_address(provider: None, path: str) -> None:
    assert Browser().post(path, {"Body": "STOP"}).status_code == 404
    assert Browser().post(path, {"Body": "STOP"}, headers={"X-Twilio-Signature": "nö"}).status_code == 404


def test_without_a_provider_no_signature_is_right(settings: Any) -> None:
    given = signature("", f"{settings.BASE_URL}{INBOUND}", [("Body", "STOP")])
    assert Browser().post(INBOUND, {"Body": "STOP"}, headers={"X-Twilio-Signature": given}).status_code == 404


@pytest.mark.parametrize("word", ["STOP", "stop.", " Unsubscribe ", "END"])
def test_stop_holds_at_once_for_everybody_with_the_number(texted: Client, provider: None, word: str) -> None:
    assert "no more texts" in post_signed(INBOUND, From=texted.mobile, Body=word).text
    assert not texted.consents.in_force().exists()


def test_unstop_holds_for_who_once_agreed(texted: Client, provider: None) -> None:
    post_signed(INBOUND, From=texted.mobile, Body="STOP")
    assert "again" in post_signed(INBOUND, From=texted.mobile, Body="unstop").text
    assert texted.consents.in_force().filter(channel=Channel.TEXT).exists()


def test_unstop_gives_nobody_a_consent_they_never_gave(provider: None) -> None:
    somebody = ClientFactory(mobile="+17185550177")
    post_signed(INBOUND, From=somebody.mobile, Body="START")
    assert not somebody.consents.exists()


@pytest.mark.parametrize(("word", "answer"), [("HELP", "appointment reminders"), ("Hello?", "nobody reads texts")])
def test_help_and_anything_else_are_answered(texted: Client, provider: None, word: str, answer: str) -> None:
    response = post_signed(INBOUND, From=texted.mobile, Body=word)
    assert answer in response.text
    assert response["Content-Type"].startswith("text/xml")
    assert texted.consents.in_force().exists()


def test_two_texts_for_one_person_at_once_take_turns(clock: Any, texted: Client, session: Session) -> None:
    other = SessionFactory(group=session.group)
    for about in (session, other):
        MessageFactory(
            session=about, membership=texted.memberships.get(), channel="text", state="pending", due_at=TWO_DAYS_BEFORE
        )
    services.dispatch(at=TWO_DAYS_BEFORE, batch=1)
    services.dispatch(at=TWO_DAYS_BEFORE, batch=1)
    assert sorted(Message.objects.values_list("state", flat=True)) == ["pending", "sent"]
