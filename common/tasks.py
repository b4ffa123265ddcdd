"""Background work that belongs to no room."""

from typing import Any

from celery import shared_task
from celery.signals import worker_ready

from common.health import note_worker_heartbeat


@shared_task
def worker_heartbeat() -> None:
    """Tell ``/readyz`` that beat ticks and a worker takes its tasks."""
    note_worker_heartbeat()


@worker_ready.connect
def note_first_heartbeat(**_: Any) -> None:
    """A worker that has just come up is at work, beat's first tick being seconds away."""
    note_worker_heartbeat()
