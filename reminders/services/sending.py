"""Handing claimed messages to the channels, and what their answers mean for the rows."""

from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings

from common.clock import now
from members.models import Channel
from members.services import withdraw_consent
from practice.models import Policy, Practice
from reminders.channels.email import MailRoom
from reminders.channels.results import OptedOut, Receipt, Refused, TryLater, Unreachable
from reminders.channels.texts import get_backend
from reminders.channels.texts.base import TextBackend
from reminders.composing import Composer
from reminders.models import Message, MessageState, Outcome, Via
from reminders.services.caps import take_turn
from reminders.services.settling import Sent, settle, settle_sent_for_sure

FIRST_DELAY = timedelta(seconds=30)
LONGEST_DELAY = timedelta(hours=1)

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Lease:
    """Until when claimed rows are ours."""

    token: UUID
    ends: datetime

    def has_room(self) -> bool:
        """Whether enough of it is left to begin one more message: longer than a server may keep us waiting."""
        return now() + timedelta(seconds=settings.MESSAGE_SENDING_SECONDS) < self.ends


def deliver(messages: Sequence[Message], *, practice: Practice, lease: Lease, at: datetime) -> Counter[str]:
    """Send the messages channel by channel; put off what is left when the lease or a server is gone."""
    states: Counter[str] = Counter()
    composer = Composer(practice)
    by_channel = {via: [message for message in messages if message.channel == via] for via in Via}
    for via, same in by_channel.items():
        with _Counter(via, composer=composer, policy=practice.policy, at=at) as counter:
            states += _deliver_through(counter, same, lease=lease)
    return states


class _Counter:
    """One channel while a batch goes through it; the first message opens its connection, the end closes it."""

    def __init__(self, via: str, *, composer: Composer, policy: Policy, at: datetime) -> None:
        self._via, self._composer, self._policy, self._at = via, composer, policy, at
        self._open = ExitStack()
        self._mail: MailRoom | None = None
        self._texts: TextBackend | None = None

    def __enter__(self) -> "_Counter":
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def hand_over(self, message: Message) -> Receipt | dict[str, Any]:
        """Return the provider's receipt, or what the row becomes because it is not this message's turn."""
        if self._via == Via.APP:
            return Receipt()
        if self._via == Via.EMAIL:
            if self._mail is None:
                self._mail = MailRoom()
                self._open.callback(self._mail.close)
            return self._mail.send(self._composer.letter(message))
        put_off = take_turn(message, policy=self._policy, at=self._at)
        if put_off:
            return put_off
        if self._texts is None:
            self._texts = get_backend()
            self._open.callback(self._texts.close)
        text = self._composer.text(message)
        if not text.recipient:
            raise Refused("no number")
        return self._texts.send(text)


def _deliver_through(counter: _Counter, messages: Sequence[Message], *, lease: Lease) -> Counter[str]:
    states: Counter[str] = Counter()
    rest = iter(messages)
    for message in rest:
        if not lease.has_room():
            states += _put_off([message, *rest], lease)
            break
        try:
            answer = counter.hand_over(message)
        except Unreachable:  # for the others too
            states += _put_off([message, *rest], lease)
            break
        except Refused as refusal:
            if isinstance(refusal, OptedOut) and message.client:
                withdraw_consent(client=message.client, channel=Channel.TEXT, by=None)
            change = {"state": MessageState.FAILED, "outcome": Outcome.REFUSED, "texted_on": None}
            states[settle(message.pk, lease.token, **change)] += 1
        except TryLater:
            states[settle(message.pk, lease.token, **later(message))] += 1
        else:
            states[_settled(message, answer, lease)] += 1
    return states


def _settled(message: Message, answer: Receipt | dict[str, Any], lease: Lease) -> str:
    if isinstance(answer, Receipt):
        sent = Sent(message.pk, now(), answer.provider_id, answer.segments)
        return settle_sent_for_sure([sent], lease.token, until=lease.ends)[0]
    return settle(message.pk, lease.token, **answer)


def _put_off(messages: Sequence[Message], lease: Lease) -> Counter[str]:
    return Counter(settle(message.pk, lease.token, **later(message)) for message in messages)


def later(message: Message) -> dict[str, Any]:
    """Try again after 30 s, twice as long after each attempt, at most an hour; once more when it becomes pointless."""
    delay = min(FIRST_DELAY * 2 ** min(max(message.attempts - 1, 0), 10), LONGEST_DELAY)
    due_at = min(now() + delay, max(message.useful_until, now()))
    return {
        "state": MessageState.PENDING,
        "due_at": due_at,
        "outcome": Outcome.SERVER_TROUBLE,
        "texted_on": None,
    }
