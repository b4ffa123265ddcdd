"""Mails that come back: told by a provider, or by the bounce that a mail server delivers."""

import base64
import io
import json
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.test import Client as Browser
from django.urls import reverse

from members.models import Channel
from reminders import services
from reminders.models import ClientChannel, Message, Outcome, Trouble
from tests.factories.messages import MessageFactory

pytestmark = pytest.mark.django_db

BOUNCE = """\
From: MAILER-DAEMON@mx.example
To: no-reply@kith.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

No such user.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; somebody@mail.example
Action: failed
Status: {status}

--b
Content-Type: text/rfc822-headers

Message-ID: <{key}@kith.example>
Subject: Your appointment

--b--
"""


def bounce(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], mail: str) -> str:
    """Let the mail server pipe ``mail`` into the command; return what it says."""
    stdin = io.TextIOWrapper(io.BytesIO(mail.encode()))
    monkeypatch.setattr("sys.stdin", stdin)
    call_command("take_bounce")
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("status", "state", "is_dead"), [("5.1.1", "failed", True), ("5.2.2", "failed", False), ("4.4.1", "sent", False)]
)
def test_a_bounce_is_noted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], status: str, state: str, is_dead: bool
) -> None:
    message = MessageFactory()
    said = bounce(monkeypatch, capsys, BOUNCE.format(status=status, key=message.pk))
    assert str(message.pk) in said
    message.refresh_from_db()
    assert message.state == state
    assert ClientChannel.objects.filter(client=message.client, trouble=Trouble.BOUNCED).exists() == is_dead


@pytest.mark.parametrize("mail", ["", "Hello", BOUNCE.format(status="5.1.1", key=uuid4()), BOUNCE])
def test_other_mail_is_left_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], mail: str
) -> None:
    assert bounce(monkeypatch, capsys, mail) == "No bounce of ours.\n"


# --- Providers ------------------------------------------------------------------------------------------------------
def told(message: Message, record: str, secret: str = "user:word") -> Any:
    """Post what Postmark posts."""
    body = {
        "RecordType": record,
        "MessageID": str(uuid4()),
        "Metadata": {"message": str(message.pk)},
        "ID": 1,
        "Type": "HardBounce",
        "TypeCode": 1,
        "Email": message.client.email if message.client else "",
        "Recipient": message.client.email if message.client else "",
        "BouncedAt": "2026-11-22T17:00:00Z",
        "DeliveredAt": "2026-11-22T17:00:00Z",
    }
    return Browser(enforce_csrf_checks=True).post(
        reverse("reminders:mail_event", args=["postmark"]),
        json.dumps(body),
        content_type="application/json",
        headers={"Authorization": f"Basic {base64.b64encode(secret.encode()).decode()}"},
    )


def test_a_provider_tells_of_bounces_and_deliveries(settings: Any) -> None:
    settings.ANYMAIL = {"WEBHOOK_SECRET": "user:word"}
    arrived, lost = MessageFactory(), MessageFactory()
    assert told(arrived, "Delivery").status_code == 200
    assert told(lost, "Bounce").status_code == 200
    arrived.refresh_from_db()
    lost.refresh_from_db()
    assert arrived.delivered_at
    assert (lost.state, lost.outcome) == ("failed", Outcome.BOUNCED)


def test_only_who_knows_the_secret(settings: Any) -> None:
    settings.ANYMAIL = {"WEBHOOK_SECRET": "user:word"}
    message = MessageFactory()
    assert told(message, "Bounce", secret="user:guess").status_code == 400
    settings.ANYMAIL = {"WEBHOOK_SECRET": ""}
    assert told(message, "Bounce").status_code == 404
    assert Browser().post(reverse("reminders:mail_event", args=["nobody"])).status_code == 404
    message.refresh_from_db()
    assert message.state == "sent"


def test_a_mail_is_also_known_by_the_providers_name_for_it() -> None:
    message = MessageFactory(provider_id="PM7")
    assert services.mail_event(message_id=None, provider_id="PM7", event="bounced", is_final=True)
    assert not services.mail_event(message_id=None, provider_id="", event="bounced", is_final=True)
    assert not services.mail_event(message_id=uuid4(), provider_id="", event="bounced", is_final=True)
    message.refresh_from_db()
    assert message.outcome == Outcome.BOUNCED
    assert ClientChannel.objects.get().channel == Channel.EMAIL
