"""Background work of this room."""

import structlog
from celery import shared_task

from common.acting import SYSTEM, acting_as
from sessions_log.services import extend_ongoing, ongoing_groups_to_extend

log = structlog.get_logger(__name__)


@shared_task
@acting_as(SYSTEM)
def extend_ongoing_groups() -> None:
    """Schedule the coming sessions of ongoing groups, each group by itself, so that one in trouble stops no other."""
    for group_id in ongoing_groups_to_extend().values_list("pk", flat=True):
        added = extend_ongoing(group_id=group_id)
        log.info("ongoing_group_extended", group_id=str(group_id), sessions=len(added))
