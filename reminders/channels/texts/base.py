"""What every provider of text messages can do for us."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from reminders.channels.results import Receipt


@dataclass(frozen=True)
class Text:
    """One text message to one number (E.164). ``key`` is the idempotency key."""

    key: UUID
    recipient: str
    body: str


class TextBackend(Protocol):
    """Hands text messages to somebody who delivers them."""

    def send(self, text: Text) -> Receipt:
        """Hand one over. Raises ``Refused``, ``OptedOut``, ``TryLater`` or ``Unreachable``."""

    def close(self) -> None:
        """Let go of connections."""
