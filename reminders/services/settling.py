"""Reporting what became of a leased row, by compare-and-set on its lease (ADR 23).

What went out is told twice: at once, as a narrow row of ``Taken`` (``reminders.services.notes``), and for the whole
batch in the messages' own rows. If the worker dies in between, the reaper does the second part.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from django.db import connection

from reminders.models import Message

log = structlog.get_logger(__name__)

# Whoever noted it: what went out went out, also when the lease has passed to somebody else since.
_SETTLE_TAKEN = """
    WITH settled AS (
        UPDATE reminders_message AS message
           SET state = 'sent', outcome = '', sent_at = taken.at, segments = taken.segments,
               provider_id = coalesce(nullif(taken.provider_id, ''), message.provider_id),
               lease_token = NULL, lease_until = NULL
          FROM reminders_taken AS taken
         WHERE taken.message_id = message.id AND {which}
        RETURNING message.id
    )
    DELETE FROM reminders_taken AS taken USING settled WHERE taken.message_id = settled.id
"""
_OF_A_LEASE = _SETTLE_TAKEN.format(which="message.lease_token = %s")
_ABANDONED = _SETTLE_TAKEN.format(which="message.state = 'sending' AND message.lease_until < %s")


def settle(message_id: UUID, token: UUID, **change: Any) -> str:
    """Write what became of a leased row and return its state, or "lost" if the lease has passed to somebody else."""
    is_ours = Message.objects.filter(pk=message_id, lease_token=token).update(
        lease_token=None, lease_until=None, **change
    )
    if not is_ours:
        log.warning("message_lease_lost", message=str(message_id))
    return str(change["state"]) if is_ours else "lost"


def settle_taken(token: UUID) -> int:
    """Mark those messages of a lease as sent of which that was noted; return how many they were."""
    return _settle_taken(_OF_A_LEASE, token)


def settle_abandoned(at: datetime) -> int:
    """The same for those whose lease ended before ``at``: their worker noted what went out, then died."""
    return _settle_taken(_ABANDONED, at)


def _settle_taken(statement: str, value: UUID | datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, [value])
        return int(cursor.rowcount)
