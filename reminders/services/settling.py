"""Reporting what became of a leased row, by compare-and-set on its lease."""

import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import structlog
from django.db import InterfaceError, OperationalError, connection

from common.acting import acting
from common.clock import now
from reminders.models import Message, MessageState

log = structlog.get_logger(__name__)

_PAUSE = 0.2  # seconds between two attempts to reach a database that restarts
# The report is durable against the death of any process of ours the moment it is written. Only PostgreSQL itself
# crashing within its next half second could lose it; the message then goes out again with the same Message-ID. Waiting
# for the disk after each message would cost more than sending it.
_REPORT_SENT = """
    SELECT set_config('app.user_id', %s, true), set_config('synchronous_commit', 'off', true);
    UPDATE reminders_message
       SET state = 'sent', outcome = '', sent_at = %s, provider_id = %s, segments = %s,
           lease_token = NULL, lease_until = NULL
     WHERE id = %s AND lease_token = %s
"""


class Sent(NamedTuple):
    """What the provider took, and when."""

    message_id: UUID
    at: datetime
    provider_id: str = ""
    segments: int | None = None


def settle(message_id: UUID, token: UUID, **change: Any) -> str:
    """Write what became of a leased row and return its state, or "lost" if the lease has passed to somebody else."""
    is_ours = Message.objects.filter(pk=message_id, lease_token=token).update(
        lease_token=None, lease_until=None, **change
    )
    return str(change["state"]) if is_ours else _lost(message_id)


def settle_sent(sent: Sent, token: UUID) -> str:
    """Write that a message went out: the same as ``settle``, quicker, after each of thousands.

    Both statements go to the server at once, on the driver's own cursor, and are one transaction unless one is open.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.cursor() as cursor:
        report = [acting(), sent.at, sent.provider_id, sent.segments, sent.message_id, token]
        cursor.execute(_REPORT_SENT, report)
        cursor.nextset()
        is_ours = cursor.rowcount == 1
    return str(MessageState.SENT) if is_ours else _lost(sent.message_id)


def settle_sent_for_sure(sent: Sequence[Sent], token: UUID, *, until: datetime) -> list[str]:
    """Report what went out, waiting for a database that restarts; give up at ``until``, when the lease ends."""
    states: list[str] = []
    rest = list(sent)
    while rest:
        try:
            states.append(settle_sent(rest[0], token))
            rest.pop(0)
        except (OperationalError, InterfaceError):
            if now() >= until:
                raise
            connection.close()
            time.sleep(_PAUSE)
    return states


def _lost(message_id: UUID) -> str:
    log.warning("message_lease_lost", message=str(message_id))
    return "lost"
