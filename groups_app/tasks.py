"""Background work of this room."""

import structlog
from celery import shared_task

from common.acting import SYSTEM, acting_as
from groups_app.services import finish_leaving, leavings_to_finish

log = structlog.get_logger(__name__)


@shared_task
@acting_as(SYSTEM)
def finish_leavings() -> None:
    """Let the members whose last session is over have left, each by itself, so that one in trouble stops no other."""
    for membership in leavings_to_finish().iterator():
        if finish_leaving(membership=membership):
            log.info("membership_left", membership_id=str(membership.pk))
