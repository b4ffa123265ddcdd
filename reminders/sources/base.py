"""What every source of messages has: a way to find what is missing, and a way to say what no longer holds."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from groups_app.models import MembershipState
from practice.models import Policy
from reminders.models import Kind, Message, Outcome, Via
from reminders.schedule import Hours

ATTENDING = (MembershipState.ACTIVE, MembershipState.LEAVING)


@dataclass(frozen=True)
class Source:
    """One room's facts that people are told of. Lower rooms know nothing of it: it pulls from their rows.

    ``find`` writes the messages that are due or will be, each once however often it is called, and yields how many rows
    were tried. ``stale`` returns, of messages about to be sent, those that no longer hold, and why.
    """

    kinds: frozenset[str]
    find: Callable[[datetime, Policy], Iterator[int]]
    stale: Callable[[Sequence[Message], datetime], dict[UUID, Outcome]]


def hours_of(policy: Policy) -> Hours:
    """Return the part of a day in which messages may arrive (R48)."""
    return Hours(opens=policy.quiet_until, closes=policy.quiet_from)


def please_sign_in(account: UUID, *, about: UUID, at: datetime, useful_for: timedelta, version: int = 1) -> Message:
    """Return the row that asks somebody of the staff to sign in, by mail: in Kith itself their front page tells it."""
    return Message(
        kind=Kind.ALERT,
        channel=Via.EMAIL,
        account_id=account,
        subject_id=about,
        version=version,
        created_at=at,
        due_at=at,
        useful_until=at + useful_for,
    )


def insert(rows: Iterable[Message]) -> int:
    """Insert rows of which another process may write the same just now: the unique constraint lets one of them win."""
    return len(Message.objects.bulk_create(rows, ignore_conflicts=True))
