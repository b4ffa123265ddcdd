"""The outbox (R48; TRUST, reminders and mail; ADR 5).

``materialize`` writes what is to be sent as rows, ``dispatch`` sends what is due and ``reap`` takes back what a dead
worker held. Each may run in any number of processes at once, late, or twice: a row is sent by whoever leases it.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F

from common.clock import now
from practice.models import Policy, Practice
from reminders.models import URGENT, Kind, Message, MessageState, Outcome, Taken, Via
from reminders.schedule import Hours
from reminders.services.sending import Lease, deliver
from reminders.services.settling import settle, settle_abandoned, settle_taken
from reminders.sources import SOURCES, source_of
from reminders.sources.base import hours_of

BATCH = 200
# What says nothing new: a client may want to do without.
MERE_REMINDERS = (Kind.SESSION, Kind.QUESTIONS)

log = structlog.get_logger(__name__)


def send_due(*, at: datetime) -> Counter[str]:
    """Do everything a tick is for, until nothing is due; return how many messages came to which state.

    Must be called outside any transaction. The moment ``at`` decides what is due.
    """
    reap(at=at)
    materialize(at=at)
    totals: Counter[str] = Counter()
    while states := dispatch(at=at):
        totals += states
        # The server may be out of reach: the next tick knocks again, not the next batch.
        if states[MessageState.PENDING] and not states[MessageState.SENT]:
            break
    if totals:
        log.info("messages_dispatched", **totals)
    return totals


def materialize(*, at: datetime) -> int:
    """Insert the messages that are missing at the moment ``at``; return how many rows were tried.

    Every source is asked, each for itself: one that fails keeps no other from being heard.
    """
    policy = Practice.objects.current().policy
    tried = 0
    for source in SOURCES:
        try:
            tried += sum(source.find(at, policy))
        except Exception:  # what one room's rows break must not silence the others
            log.exception("source_failed", kinds=sorted(source.kinds))
    return tried


def dispatch(*, at: datetime, batch: int = BATCH) -> Counter[str]:
    """Claim up to ``batch`` due messages, send those that still hold, and return how many came to which state.

    Empty if nothing was due. Must be called outside any transaction: a claim is committed before anything is sent.
    """
    lease = Lease(token=uuid4(), ends=now() + timedelta(seconds=settings.MESSAGE_LEASE_SECONDS))
    claimed = claim(lease, at=at, batch=batch)
    if not claimed:
        return Counter()
    practice = Practice.objects.current()
    # Somebody whose lease had passed may have noted meanwhile that one of them went out.
    known = settle_taken(lease.token)
    ours = Message.objects.filter(pk__in=claimed, lease_token=lease.token)
    messages = list(ours.to_send().order_by("due_at", "id"))
    objections = _objections(messages, policy=practice.policy, at=at)
    states: Counter[str] = +Counter({str(MessageState.SENT): known})
    for message in messages:
        if message.pk in objections:
            states[settle(message.pk, lease.token, **objections[message.pk])] += 1
    sendable = [message for message in messages if message.pk not in objections]
    return states + deliver(sendable, practice=practice, lease=lease, at=at)


def claim(lease: Lease, *, at: datetime, batch: int) -> list[UUID]:
    """Lease up to ``batch`` due messages, for all to see, and return their keys."""
    with transaction.atomic(durable=True):
        due = Message.objects.due(at).select_for_update(skip_locked=True)
        claimed = list(due.values_list("pk", flat=True)[:batch])
        Message.objects.filter(pk__in=claimed).update(
            state=MessageState.SENDING, lease_token=lease.token, lease_until=lease.ends, attempts=F("attempts") + 1
        )
    return claimed


def reap(*, at: datetime) -> int:
    """Make what a worker leased and did not report on due again; return how many rows that were.

    What it noted as taken is sent. If it died between a server's answer and that note, the one message goes out once
    more, with the same Message-ID.
    """
    settle_abandoned(at)
    Taken.objects.of_no_use().delete()
    return Message.objects.abandoned(at).update(
        state=MessageState.PENDING, lease_token=None, lease_until=None, texted_on=None
    )


# --- What still holds -----------------------------------------------------------------------------------------------
def _objections(messages: Sequence[Message], *, policy: Policy, at: datetime) -> dict[UUID, dict[str, Any]]:
    """Return what rows become instead of being sent: what was true when they were written may not be so now."""
    by_kind: dict[str, list[Message]] = defaultdict(list)
    for message in messages:
        by_kind[message.kind].append(message)
    stale: dict[UUID, Outcome] = {}
    for kind, same in by_kind.items():
        source = source_of(kind)
        if source:
            stale |= source.stale(same, at)
    hours = hours_of(policy)
    found: dict[UUID, dict[str, Any]] = {}
    for message in messages:
        outcome = stale.get(message.pk) or _unwanted(message)
        change = _void(outcome) if outcome else _untimely(message, hours=hours, at=at)
        if change:
            found[message.pk] = change
    return found


def _unwanted(message: Any) -> Outcome | None:
    """Why the recipient shall not get it; what is read in Kith itself leaves no house."""
    if message.channel == Via.APP or message.client_id is None:
        return None
    if message.is_silenced:
        return Outcome.SILENCED
    if message.kind not in URGENT and not message.consents:
        return Outcome.NO_CONSENT
    if message.changes_only and message.kind in MERE_REMINDERS:
        return Outcome.NOT_WANTED
    return Outcome.BOUNCED if message.is_dead else None


def _void(outcome: Outcome) -> dict[str, Any]:
    # A dead address is the coordinator's to mend; everything else is as it should be.
    state = MessageState.FAILED if outcome == Outcome.BOUNCED else MessageState.VOID
    return {"state": state, "outcome": outcome}


def _untimely(message: Message, *, hours: Hours, at: datetime) -> dict[str, Any] | None:
    too_late = {"state": MessageState.FAILED, "outcome": Outcome.TOO_LATE}
    if message.is_pointless(at):
        return too_late
    if message.channel == Via.APP or message.kind in URGENT or hours.contain(at, message.zone):
        return None
    morning = hours.next_opening(at, message.zone)
    return too_late if morning >= message.useful_until else {"state": MessageState.PENDING, "due_at": morning}
