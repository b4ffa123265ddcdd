"""Background work on imports; interrupted or repeated, it goes on where it was."""

from uuid import UUID

from celery import shared_task

from common.acting import SYSTEM, acting_as
from records import services


@shared_task
@acting_as(SYSTEM)
def check_import(import_id: str) -> None:
    """Check the rows of an upload."""
    services.check(import_id=UUID(import_id))


@shared_task
@acting_as(SYSTEM)
def take_import(import_id: str) -> None:
    """Take the good rows of a checked upload."""
    services.take(import_id=UUID(import_id))
