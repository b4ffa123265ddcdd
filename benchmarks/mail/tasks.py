"""The plain way, to compare: a task a message, which opens a connection, sends and marks the row."""

from celery import shared_task

from common.acting import SYSTEM, acting_as
from common.clock import now
from practice.models import Practice
from reminders.composing import Composer
from reminders.models import Message, MessageState


@shared_task
@acting_as(SYSTEM)
def send_one(key: str) -> None:
    """Send one message."""
    message = Message.objects.with_recipient().get(pk=key)
    Composer(Practice.objects.current()).letter(message).as_django_message().send()
    Message.objects.filter(pk=key).update(state=MessageState.SENT, sent_at=now())
