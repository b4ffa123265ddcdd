"""What happens elsewhere and concerns messages: an invitation to mail, what django-anymail tells of mails."""

from typing import Any
from uuid import UUID

from anymail.signals import tracking
from django.db import transaction
from django.dispatch import receiver

from practice.invited import Mailed
from practice.models import Invitation
from practice.signals import invitation_made, invitation_mail_asked
from reminders.reads import mail_of_invitation
from reminders.services import mail_event
from reminders.tasks import send_due_reminders


@receiver(invitation_made, sender=Invitation)
def mail_invitation(**_: object) -> None:
    """Wake the worker once the invitation is there for all to see; when the queue is down, the next tick finds it."""
    transaction.on_commit(send_due_reminders.delay, robust=True)


@receiver(invitation_mail_asked, sender=Invitation)
def tell_of_invitation(invitation: Invitation, **_: object) -> Mailed:
    """Say what became of its mail."""
    return mail_of_invitation(invitation)


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
