"""What providers tell afterwards: a text arrived or did not, a mail came back, somebody wants no more."""

from uuid import UUID

import structlog
from django.db import transaction

from common.clock import now
from members.models import Channel, Client
from members.services import give_consent, withdraw_consent
from reminders.models import Message, MessageState, Outcome, Trouble
from reminders.services.contact import note_trouble

log = structlog.get_logger(__name__)

# Twilio's words for a text that will not arrive, and its reasons that lie in the number itself.
_LOST_TEXT = frozenset({"undelivered", "failed"})
_DEAD_NUMBER = frozenset({"30003", "30005", "30006", "21211", "21614"})


@transaction.atomic
def text_status(*, message_id: UUID, provider_id: str, status: str, code: str) -> bool:
    """Note what became of a text; return whether it is one of ours. Told twice, or late, it changes nothing more."""
    message = _locked(pk=message_id, channel=Channel.TEXT)
    if message is None:
        return False
    if provider_id and not message.provider_id:
        Message.objects.filter(pk=message.pk).update(provider_id=provider_id[:80])
    if status == "delivered":
        _note_delivered(message)
    elif status in _LOST_TEXT:
        _note_lost(message, Outcome.BOUNCED, dead=code in _DEAD_NUMBER)
    return True


@transaction.atomic
def mail_event(*, message_id: UUID | None, provider_id: str, event: str, is_final: bool) -> bool:
    """Note what a mail provider or a bounce tells of a mail; return whether it is one of ours.

    ``event`` is "delivered", "bounced", "rejected" or "complained", as django-anymail names them.
    """
    if message_id is None and not provider_id:
        return False
    name = {"pk": message_id} if message_id else {"provider_id": provider_id}
    message = _locked(channel=Channel.EMAIL, **name)
    if message is None:
        return False
    if event == "delivered":
        _note_delivered(message)
    elif event in ("bounced", "rejected"):
        _note_lost(message, Outcome.BOUNCED, dead=is_final)
    elif event == "complained":
        _note_lost(message, Outcome.COMPLAINED, dead=True)
    return True


@transaction.atomic
def text_word(*, number: str, word: str) -> str:
    """Do what somebody texted: "stop", "start", "help" or nothing known; return which of them it was.

    A number may belong to several clients; what it says holds for all. Starting again works for those who once agreed.
    """
    known = _WORDS.get(word.strip().strip(".!").casefold(), "")
    for client in Client.objects.filter(mobile=number):
        if known == "stop":
            withdraw_consent(client=client, channel=Channel.TEXT, by=None)
        elif known == "start" and client.consents.filter(channel=Channel.TEXT).exists():
            give_consent(client=client, channel=Channel.TEXT, by=None)
    if known:
        log.info("text_word", word=known)
    return known


_WORDS = {
    **dict.fromkeys(
        ["stop", "stopall", "stop all", "unsubscribe", "cancel", "end", "quit", "optout", "revoke"], "stop"
    ),
    **dict.fromkeys(["start", "unstop", "yes"], "start"),
    **dict.fromkeys(["help", "info"], "help"),
}


def _locked(**name: object) -> Message | None:
    return Message.objects.select_for_update(of=("self",), no_key=True).filter(**name).select_related("client").first()


def _note_delivered(message: Message) -> None:
    if message.delivered_at is None:
        Message.objects.filter(pk=message.pk).update(delivered_at=now())


def _note_lost(message: Message, outcome: Outcome, *, dead: bool) -> None:
    # A worker that has not reported yet keeps its lease: its report would find the row settled.
    Message.objects.filter(pk=message.pk).update(
        state=MessageState.FAILED, outcome=outcome, lease_token=None, lease_until=None, delivered_at=None
    )
    if dead and message.client:
        trouble = Trouble.COMPLAINED if outcome == Outcome.COMPLAINED else Trouble.BOUNCED
        note_trouble(client=message.client, channel=Channel(message.channel), trouble=trouble)
