"""Saying by the link in a message whether one comes (R48); the answer becomes the absence notice."""

from django.db import transaction
from django.utils.translation import gettext as _

from common.clock import now
from common.errors import RuleBroken
from reminders.links import message_of_answer_token
from reminders.models import Answer, Message
from sessions_log.services import give_absence_notice, withdraw_absence_notice


class LinkOver(RuleBroken):
    """The appointment has begun, was called off, or is no longer the recipient's."""

    def __init__(self) -> None:
        super().__init__(_("This link has done its work. Please call if you have a question."))


class TimeChanged(RuleBroken):
    """The appointment was moved while the page was open: the answer was about another time."""

    def __init__(self) -> None:
        super().__init__(_("The time has changed since you opened this page. Please look again and answer."))


def find_answerable(token: str) -> Message | None:
    """Return the message behind a link, with its session, or nothing if the link is not one of ours."""
    key = message_of_answer_token(token)
    if key is None:
        return None
    return (
        Message.objects.filter(pk=key, session__isnull=False)
        .select_related("session", "membership", "client__user")
        .first()
    )


def is_open(message: Message) -> bool:
    """Whether the link still works: until the session begins, while it takes place."""
    session = message.session
    return session is not None and not session.is_cancelled and not session.has_started(now())


@transaction.atomic
def answer(*, message: Message, given: Answer, version: int) -> None:
    """Note what the recipient said of the session as the page showed it, in its ``version``; the last word counts.

    Raises ``LinkOver``, ``TimeChanged`` and what giving or taking back an absence notice raises.
    """
    message = (
        Message.objects.select_for_update(of=("self",), no_key=True)
        .select_related("session", "membership", "client__user")
        .get(pk=message.pk)
    )
    session, membership, client = message.session, message.membership, message.client
    if session is None or membership is None or client is None or not is_open(message):
        raise LinkOver
    if session.schedule_version != version:
        raise TimeChanged
    if given == Answer.AWAY:
        give_absence_notice(session=session, membership=membership, by=client.user)
    else:
        withdraw_absence_notice(session=session, membership=membership)
    message.answer, message.answered_at = given, now()
    message.save(update_fields=["answer", "answered_at"])
