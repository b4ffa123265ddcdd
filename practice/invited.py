"""What became of the mail with an invitation's link, for whoever invited somebody (R41)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from practice.models import Invitation
from practice.signals import invitation_mail_asked


@dataclass(frozen=True)
class Mailed:
    """When a mail server took it, if one did, and in a few words why it does not arrive."""

    at: datetime | None = None
    trouble: str = ""


def mailed(invitation: Invitation) -> Mailed:
    """Ask the room that mails: one query. Nobody knows of it yet: it is on its way."""
    answers: list[tuple[Any, Any]] = invitation_mail_asked.send(sender=Invitation, invitation=invitation)
    return next((answer for _receiver, answer in answers if answer), Mailed())
