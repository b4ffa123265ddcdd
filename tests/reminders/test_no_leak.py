"""No message of any kind, through any channel, tells who meets with whom or why (R43, R48, F.1).

A full group with telling names; every kind there is; every channel it goes through. Body, headers, envelope, links and
logs are searched.
"""

import base64
import quopri
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import structlog
import time_machine
from structlog.testing import capture_logs

from groups_app.models import Group
from members.models import Channel, Client
from practice.models import Practice
from practice.services import invite
from reminders import services
from reminders.channels.texts.local import written_texts
from reminders.composing import Composer
from reminders.models import OF_A_SESSION, Kind, Message, MessageState, Outcome, Via
from reminders.texts.lint import telling_words
from reminders.texts.words import CHANNELS
from sessions_log.models import Session
from tests.factories.groups_app import AgreementFactory, GroupFactory, MembershipFactory
from tests.factories.members import ClientFactory, ConsentFactory
from tests.factories.practice import TherapistFactory
from tests.factories.sessions_log import SessionFactory
from tests.mail_server import MailServer

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 17, tzinfo=UTC)
# In links of its own the house may say what a program is called; nothing else is taken out before the search.
SECRET_NAMES = ("Zephyrine", "Quillfeather", "Whitfieldson", "Danabeth", "Thornwood", "Saltmarsh")


@pytest.fixture
def full_group(named_practice: Practice) -> Group:
    """Eight members with accounts who agreed to everything, and two leaders."""
    leaders = [TherapistFactory(first_name="Danabeth", last_name="Whitfieldson"), TherapistFactory()]
    group = GroupFactory(name="Thornwood depression circle", leaders=leaders)
    SessionFactory(group=group)
    AgreementFactory(group=group, title="Saltmarsh agreement")
    for number in range(8):
        client = ClientFactory(
            first_name=f"Zephyrine{number}",
            last_name=f"Quillfeather{number}",
            email=f"box{number}@mail.example",
            mobile=f"+1718555010{number}",
            with_account=True,
        )
        for channel in Channel:
            ConsentFactory(client=client, channel=channel)
        MembershipFactory(group=group, client=client)
    return group


@pytest.fixture
def caught(settings: Any, tmp_path: Any) -> Iterator[list[Any]]:
    """Texts become lines of a file; logs are kept."""
    settings.SMS_OPTIONS = {"path": str(tmp_path)}
    settings.BASE_URL = "https://practice.example"
    with time_machine.travel(NOON, tick=False), capture_logs() as logs:
        yield logs


def messages_of(kind: Kind, via: Via, group: Group) -> list[Message]:
    """One message of ``kind`` to each of the eight, due now."""
    session: Session = group.sessions.get()
    leader = group.leaders.first().user
    rows = []
    for membership in group.memberships.select_related("client"):
        is_alert = kind == Kind.ALERT
        about_session = kind in OF_A_SESSION
        subject = session.pk if about_session else invite_of(membership.client) if kind == Kind.INVITATION else group.pk
        rows.append(
            Message(
                kind=kind,
                channel=via,
                client=None if is_alert else membership.client,
                account=leader if is_alert else None,
                subject_id=subject,
                session=session if about_session else None,
                membership=None if is_alert or kind == Kind.INVITATION else membership,
                previous_at=session.starts_at - timedelta(days=1) if kind == Kind.MOVED else None,
                also_changed=3 if kind == Kind.MOVED else 0,
                due_at=NOON,
                useful_until=session.starts_at,
            )
        )
        if is_alert:
            break
    return Message.objects.bulk_create(rows)


def invite_of(client: Client) -> Any:
    """An open invitation to the client's account."""
    assert client.user
    client.user.set_unusable_password()
    client.user.save()
    return invite(user=client.user, by=None).pk


def decoded(text: str) -> str:
    """A text with whatever hides in base64 words laid open beside it."""
    opened = [text]
    for word in text.replace("/", " ").split():
        try:
            opened.append(base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)).decode("utf-8", "ignore"))
        except ValueError:
            continue
    return "\n".join(opened)


def expect_harmless(whole: str, group: Group, recipient: str) -> None:
    """Nothing of the group in ``whole``, and no recipient but this one."""
    laid_open = decoded(whole)
    for name in (*SECRET_NAMES, group.name):
        assert name.lower() not in laid_open.lower().replace(recipient.lower(), "")
    for number in range(8):
        for other in (f"box{number}@mail.example", f"+1718555010{number}"):
            assert other == recipient or other not in laid_open
    assert telling_words(whole.replace("Hudson Practice", "")) == []


@pytest.mark.parametrize("kind", list(Kind))
def test_mails(kind: Kind, full_group: Group, caught: list[Any], mail_server: MailServer, monkeypatch: Any) -> None:
    rows = messages_of(kind, Via.EMAIL, full_group)
    monkeypatch.setattr("reminders.services.outbox.source_of", lambda kind: None)  # all still hold
    services.dispatch(at=NOON)
    assert len(mail_server.envelopes) == len(rows)
    for envelope in mail_server.envelopes:
        (recipient,) = envelope.rcpt_tos
        raw = bytes(envelope.content)
        expect_harmless(quopri.decodestring(raw).decode(), full_group, recipient)
        assert raw.count(recipient.encode()) == 1
        assert b"\nCc:" not in raw
        assert b"\nBcc:" not in raw
    expect_silent_logs(caught)


@pytest.mark.parametrize("kind", [kind for kind in Kind if Via.TEXT in CHANNELS[kind]])
def test_texts(kind: Kind, full_group: Group, caught: list[Any], monkeypatch: Any) -> None:
    messages_of(kind, Via.TEXT, full_group)
    monkeypatch.setattr("reminders.services.outbox.source_of", lambda kind: None)
    services.dispatch(at=NOON)
    texts = written_texts(99)
    assert len({text["to"] for text in texts}) == len(texts) == 8
    for text in texts:
        expect_harmless(text["body"], full_group, text["to"])
        assert len(text["body"]) <= 160
        for words in ("Hudson Practice", "718-555-0199", "STOP"):
            assert words in text["body"]
    expect_silent_logs(caught)


@pytest.mark.parametrize("kind", [kind for kind in Kind if Via.APP in CHANNELS[kind]])
def test_notices_in_kith(kind: Kind, full_group: Group, caught: list[Any], named_practice: Practice) -> None:
    """Phones lie on tables: also what is read after signing in names nobody."""
    for message in Message.objects.filter(pk__in=[row.pk for row in messages_of(kind, Via.APP, full_group)]):
        notice = Composer(named_practice).notice(message)
        expect_harmless(f"{notice.heading} {notice.body}", full_group, "")


def test_what_is_refused_or_fails_is_logged_without_names(
    full_group: Group, caught: list[Any], mail_server: MailServer
) -> None:
    mail_server.refused_recipients = {f"box{number}@mail.example": "550 no such user" for number in range(4)}
    mail_server.refusals = ["451 later"] * 2
    messages_of(Kind.SESSION, Via.EMAIL, full_group)
    services.send_due(at=NOON)
    assert Message.objects.filter(state=MessageState.FAILED, outcome=Outcome.REFUSED).count() == 4
    expect_silent_logs(caught)


def expect_silent_logs(logs: list[Any]) -> None:
    """Ids only."""
    whole = structlog.processors.JSONRenderer()(None, "", {"all": logs})
    for secret in (*SECRET_NAMES, "mail.example", "+1718", "Hudson"):
        assert secret not in str(whole)
