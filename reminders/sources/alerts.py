"""Staff are asked to sign in, for what cannot wait until they do so anyway. The message never says for what (R53)."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from practice.models import Policy
from reminders.models import Kind, Message, Outcome
from reminders.sources import emergencies, failures
from reminders.sources.base import Source

_REASONS = (failures, emergencies)


def _find(at: datetime, policy: Policy) -> Iterator[int]:
    for reason in _REASONS:
        yield from reason.find(at, policy)


def _stale(messages: Sequence[Message], at: datetime) -> dict[UUID, Outcome]:
    subjects = {message.subject_id for message in messages}
    still = {key for reason in _REASONS for key in reason.still_open(subjects, at)}
    return {message.pk: Outcome.SETTLED for message in messages if message.subject_id not in still}


SOURCE = Source(kinds=frozenset({Kind.ALERT}), find=_find, stale=_stale)
