"""A real mail server that keeps what it was given, and a member who is to be reminded."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as SmtpSession

from groups_app.models import Membership
from practice.models import Practice
from sessions_log.models import Session
from tests.factories.groups_app import GroupFactory, MembershipFactory
from tests.factories.members import ClientFactory, ConsentFactory
from tests.factories.practice import TherapistFactory
from tests.factories.sessions_log import SessionFactory
from tests.mail_server import AnyPortController


@dataclass
class MailServer:
    """What arrived; ``refusals`` are answered first, one a message, instead of taking it."""

    refusals: list[str] = field(default_factory=list)
    refused_recipients: dict[str, str] = field(default_factory=dict)
    envelopes: list[Envelope] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's name)
        self, server: SMTP, session: SmtpSession, envelope: Envelope, address: str, options: list[Any]
    ) -> str:
        if address in self.refused_recipients:
            return self.refused_recipients[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: SmtpSession, envelope: Envelope) -> str:  # noqa: N802
        if self.refusals:
            return self.refusals.pop(0)
        self.envelopes.append(envelope)
        return "250 OK"

    @property
    def messages(self) -> list[EmailMessage]:
        """The messages in the order in which they came."""
        return [
            message_from_bytes(envelope.content, _class=EmailMessage, policy=policy.default)
            for envelope in self.envelopes
        ]


@pytest.fixture
def mail_server(settings: Any) -> Iterator[MailServer]:
    """A mail server on a free port, used by everything that sends."""
    handler = MailServer()
    controller = AnyPortController(handler, hostname="127.0.0.1", port=0)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = controller.port
    yield handler
    controller.stop()


@pytest.fixture
def named_practice(db: None) -> Practice:
    """The practice as messages name it."""
    practice = Practice.objects.current()
    practice.name, practice.phone = "Hudson Practice", "718-555-0199"
    practice.save()
    return practice


@pytest.fixture
def session(named_practice: Practice) -> Session:
    """Tuesday, November 24, 2026, 6:00 PM in New York (23:00 UTC), led by Dana Whitfield."""
    leader = TherapistFactory(first_name="Dana", last_name="Whitfield")
    return SessionFactory(group=GroupFactory(name="Thursday circle of trust", leaders=[leader]))


@pytest.fixture
def membership(session: Session) -> Membership:
    """Imani, who attends and consents to e-mail."""
    client = ClientFactory(first_name="Imani", last_name="Abara", email="imani@mail.example")
    ConsentFactory(client=client)
    return MembershipFactory(group=session.group, client=client)
