"""What the worker does when beat wakes it."""

from celery import shared_task

from common.acting import SYSTEM, acting_as
from common.clock import now
from reminders import services


@shared_task
@acting_as(SYSTEM)
def send_due_reminders() -> None:
    """Send whatever is due by now."""
    services.send_due(at=now())
