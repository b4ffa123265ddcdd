"""A real SMTP server for tests, on whatever port of the loopback is free."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from queue import Queue
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

PATIENCE_SECONDS = 30


class AnyPortController(Controller):
    """Listens on whatever port is free, and knows which one that is."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@dataclass
class MailServer:
    """What arrived; ``refusals`` are answered first, one a message, instead of taking it."""

    port: int = 0
    refusals: list[str] = field(default_factory=list)
    refused_recipients: dict[str, str] = field(default_factory=dict)
    envelopes: list[Envelope] = field(default_factory=list)
    _unasked: Queue[Envelope] = field(default_factory=Queue)

    async def handle_EHLO(  # noqa: N802 (aiosmtpd's name)
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Offer what every mail server of size does."""
        session.host_name = hostname
        return [responses[0], "250-PIPELINING", *responses[1:]]

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's name)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[Any]
    ) -> str:
        if address in self.refused_recipients:
            return self.refused_recipients[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.refusals:
            return self.refusals.pop(0)
        self.envelopes.append(envelope)
        self._unasked.put(envelope)
        return "250 OK"

    @property
    def address(self) -> str:
        """Where it listens, as Django's EMAIL_URL."""
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def messages(self) -> list[EmailMessage]:
        """The messages in the order in which they came."""
        return [_message(envelope) for envelope in self.envelopes]

    def next(self) -> tuple[list[str], EmailMessage]:
        """Return the next message and its recipients; wait for it if it is still on its way."""
        envelope = self._unasked.get(timeout=PATIENCE_SECONDS)
        return envelope.rcpt_tos, _message(envelope)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was received that ``next`` was not asked for."""
        return self._unasked.empty()


@contextmanager
def running_mail_server() -> Iterator[MailServer]:
    """Listen until the block is left."""
    mail_server = MailServer()
    controller = AnyPortController(mail_server, hostname="127.0.0.1", port=0)
    controller.start()
    mail_server.port = controller.port
    yield mail_server
    controller.stop()


def _message(envelope: Envelope) -> EmailMessage:
    return message_from_bytes(envelope.original_content or b"", _class=EmailMessage, policy=policy.default)
