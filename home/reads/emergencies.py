"""What front pages say about records opened in an emergency: what one is told, what waits for a review (R41)."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from common.prepared import prepared, somebody
from members.models import EmergencyAccess, EmergencyNotice
from practice.models import User


@dataclass(frozen=True)
class Emergencies:
    """The notices nobody has seen yet, and for supervisors how many accesses wait for a review."""

    notices: list[EmergencyNotice]
    to_review: int


def emergencies_for(user: User) -> Emergencies:
    """Gather it: one query, for supervisors two."""
    is_reviewer = user.has_perm("members.review_emergencies")
    return Emergencies(
        notices=_unseen(user=user),
        to_review=EmergencyAccess.objects.to_be_reviewed_by(user).count() if is_reviewer else 0,
    )


# What a line says; client and accounts are wide rows.
_SHOWN = (
    *("access__opened_at", "access__client__first_name", "access__client__preferred_name", "access__client__last_name"),
    *("access__client__site__zone", "access__by__first_name", "access__by__last_name"),
)


@prepared(user=somebody)
def _unseen(user: Any) -> QuerySet[EmergencyNotice]:
    unseen = EmergencyNotice.objects.visible_to(user).unseen()
    rows: QuerySet[EmergencyNotice] = unseen.select_related("access__client__site", "access__by").only(*_SHOWN)
    return rows
