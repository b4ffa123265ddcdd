"""``manage.py take_bounce < mail``: what a mail server delivers to the address that bounces go to."""

import email
import email.policy
import re
import sys
from email.message import EmailMessage
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand

from common.acting import SYSTEM, acting_as
from reminders.services import mail_event

_MESSAGE_ID = re.compile(r"<([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})@")


class Command(BaseCommand):
    """Reads one delivery status notification (RFC 3464) from standard input."""

    help = "Note a mail that came back. Let the mail server pipe bounces into it."

    @acting_as(SYSTEM)
    def handle(self, *args: Any, **options: Any) -> None:
        """Note it; anything else is left alone, because a mail server must not get an error for other mail."""
        mail = email.message_from_bytes(sys.stdin.buffer.read(), _class=EmailMessage, policy=email.policy.default)
        key, status = _returned_key(mail), _status(mail)
        if key is None or not status:
            self.stdout.write("No bounce of ours.")
            return
        event = "bounced" if status.startswith("5") else "deferred"
        is_ours = mail_event(message_id=key, provider_id="", event=event, is_final=status.startswith("5.1"))
        self.stdout.write(f"{event}: {key}" if is_ours else "No bounce of ours.")


def _returned_key(mail: EmailMessage) -> UUID | None:
    """The Message-ID of the mail that came back, in whatever part its headers are quoted."""
    quoted = [part for part in mail.walk() if part.get_content_type() in ("message/rfc822", "text/rfc822-headers")]
    for part in quoted:
        found = _MESSAGE_ID.search(part.as_string())
        if found:
            return UUID(found[1])
    return None


def _status(mail: EmailMessage) -> str:
    """The first recipient's status, "5.1.1": 5 is for good, 4 for now; 5.1 means that the address is wrong."""
    for part in mail.walk():
        if part.get_content_type() == "message/delivery-status":
            found = re.search(r"^Status:\s*(\d\.\d+\.\d+)", part.as_string(), re.MULTILINE | re.IGNORECASE)
            if found:
                return found[1]
    return ""
