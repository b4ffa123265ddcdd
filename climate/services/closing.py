"""Forgetting what closed check-ins no longer need."""

from uuid import UUID

from climate.models import CheckIn, Mark
from common.clock import now


def forget_closed(*, group_id: UUID) -> None:
    """Delete the marks of the group's closed check-ins, and whole check-ins that closed with too few answers.

    Called when the group's next check-in begins: background work has no key and no right to these tables.
    """
    closed = CheckIn.objects.closed(now()).filter(session__group=group_id)
    Mark.objects.filter(session__in=closed.values("session")).delete()
    closed.too_few().delete()
