"""What front pages say about records opened in an emergency: what one is told, what waits for a review (R41)."""

from dataclasses import dataclass

from members.models import EmergencyAccess, EmergencyNotice
from practice.models import User


@dataclass(frozen=True)
class Emergencies:
    """The notices nobody has seen yet, and for supervisors how many accesses wait for a review."""

    notices: list[EmergencyNotice]
    to_review: int


def emergencies_for(user: User) -> Emergencies:
    """Gather it: one query, for supervisors two."""
    unseen = EmergencyNotice.objects.visible_to(user).unseen().select_related("access__client__site", "access__by")
    is_reviewer = user.has_perm("members.review_emergencies")
    return Emergencies(
        notices=list(unseen),
        to_review=EmergencyAccess.objects.to_be_reviewed_by(user).count() if is_reviewer else 0,
    )
