"""Sending once more what could not be sent."""

from django.db import transaction
from django.utils.translation import gettext as _

from audit.services import record
from common.clock import now
from common.errors import RuleBroken
from practice.models import User
from reminders.models import Message, MessageState


class NothingToRetry(RuleBroken):
    """The message did not fail, or telling it now helps nobody any more."""

    def __init__(self) -> None:
        super().__init__(_("There is nothing to send again: it went out, or its time is over. Call instead."))


@transaction.atomic
def retry(*, message: Message, by: User) -> Message:
    """Make a failed message due now, as if it had never been tried. Raises ``NothingToRetry``.

    It passes every check again, so a member without consent or with a dead address still gets nothing.
    """
    message = Message.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if message.state != MessageState.FAILED or message.is_pointless(now()):
        raise NothingToRetry
    message.state, message.outcome = MessageState.PENDING, ""
    message.attempts, message.due_at, message.sent_at, message.texted_on = 0, now(), None, None
    message.save(update_fields=["state", "outcome", "attempts", "due_at", "sent_at", "texted_on"])
    record(action="message.retried", by=by, target=message, client=message.client)
    return message
