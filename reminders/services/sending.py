"""Handing claimed messages to the channels, and what their answers mean for the rows."""

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
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
from reminders.services.notes import Notes, Sent
from reminders.services.settling import settle, settle_taken

FIRST_DELAY = timedelta(seconds=30)
LONGEST_DELAY = timedelta(hours=1)

log = structlog.get_logger(__name__)

Written = TypeVar("Written")


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
    notes = Notes(lease.token, until=lease.ends)
    composer = Composer(practice)
    by_channel = {via: [message for message in messages if message.channel == via] for via in Via}
    try:
        for via, same in by_channel.items():
            with _Counter(via, same, composer=composer, policy=practice.policy, at=at) as counter:
                states += _deliver_through(counter, same, lease=lease, notes=notes)
    finally:
        notes.finish()
        lost = states[MessageState.SENT] - settle_taken(lease.token)
    if lost:  # somebody else holds them; that they went out is noted all the same
        log.warning("message_lease_lost", messages=lost)
        states += Counter({MessageState.SENT: -lost, "lost": lost})
    return +states


class _Counter:
    """One channel while a batch goes through it; the first message opens its connection, the end closes it.

    Letters are all written before the first one goes out: from then on the connection to the database is the notes'.
    One that cannot be written is missing then, and keeps no other from going out.
    """

    def __init__(
        self, via: str, messages: Sequence[Message], *, composer: Composer, policy: Policy, at: datetime
    ) -> None:
        self._via, self._composer, self._policy, self._at = via, composer, policy, at
        self._letters = _written(composer.letter, messages if via == Via.EMAIL else [])
        self._open = ExitStack()
        self._mail: MailRoom | None = None
        self._texts: TextBackend | None = None

    def __enter__(self) -> "_Counter":
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def hand_over(self, message: Message, *, following: Message | None) -> Receipt | dict[str, Any]:
        """Return the provider's receipt, or what the row becomes because it is not this message's turn."""
        if self._via == Via.APP:
            return Receipt()
        if self._via == Via.EMAIL:
            if message.pk not in self._letters:
                return _not_written(message)
            if self._mail is None:
                self._mail = MailRoom()
                self._open.callback(self._mail.close)
            next_letter = self._letters.get(following.pk) if following else None
            return self._mail.send(self._letters[message.pk], following=next_letter)
        put_off = take_turn(message, policy=self._policy, at=self._at)
        if put_off:
            return put_off
        text = _written(self._composer.text, [message]).get(message.pk)
        if text is None:
            return _not_written(message)
        if self._texts is None:
            self._texts = get_backend()
            self._open.callback(self._texts.close)
        if not text.recipient:
            raise Refused("no number")
        return self._texts.send(text)


def _written(write: Callable[[Message], Written], messages: Sequence[Message]) -> dict[UUID, Written]:
    """Return what ``write`` makes of the messages, without those of which it makes an error."""
    written = {}
    for message in messages:
        try:
            written[message.pk] = write(message)
        except Exception:  # one message's fault is not the others'
            log.exception("message_unwritable", message=str(message.pk), kind=message.kind)
    return written


def _deliver_through(counter: _Counter, messages: Sequence[Message], *, lease: Lease, notes: Notes) -> Counter[str]:
    states: Counter[str] = Counter()
    for place, message in enumerate(messages):
        following = messages[place + 1] if place + 1 < len(messages) else None
        if not lease.has_room():
            notes.finish()
            states += _put_off(messages[place:], lease)
            break
        if message.channel == Via.TEXT:  # counting its turn needs the database
            notes.finish()
        try:
            answer = counter.hand_over(message, following=following)
        except Unreachable:  # for the others too
            notes.finish()
            states += _put_off(messages[place:], lease)
            break
        except (Refused, TryLater) as trouble:
            notes.finish()
            states[settle(message.pk, lease.token, **_after(trouble, message))] += 1
        else:
            if isinstance(answer, Receipt):
                notes.add(Sent(message.pk, now(), answer.provider_id, answer.segments))
                states[MessageState.SENT] += 1
            else:
                notes.finish()
                states[settle(message.pk, lease.token, **answer)] += 1
    return states


def _after(trouble: Refused | TryLater, message: Message) -> dict[str, Any]:
    """Return what a message becomes that a server did not take."""
    if isinstance(trouble, TryLater):
        return later(message)
    if isinstance(trouble, OptedOut) and message.client:
        withdraw_consent(client=message.client, channel=Channel.TEXT, by=None)
    return {"state": MessageState.FAILED, "outcome": Outcome.REFUSED, "texted_on": None}


def _not_written(message: Message) -> dict[str, Any]:
    """Try again: who mends the fault in time loses nothing, and else a coordinator reads why."""
    return {**later(message), "outcome": Outcome.UNWRITABLE}


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
