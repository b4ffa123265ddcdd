"""What django-anymail tells of mails that were sent."""

from typing import Any
from uuid import UUID

from anymail.signals import tracking
from django.dispatch import receiver

from reminders.services import mail_event


@receiver(tracking, dispatch_uid="reminders.mail_event")
def note_mail_event(event: Any, **_: object) -> None:
    """Note what became of a mail; providers return the key that went along as metadata."""
    mail_event(
        message_id=_key((event.metadata or {}).get("message")),
        provider_id=str(event.message_id or ""),
        event=str(event.event_type),
        is_final=event.event_type != "deferred",
    )


def _key(text: object) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None
