"""That somebody asked after a member who stays away."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from common.base import Record
from groups_app.models import Membership
from practice.models import User
from sessions_log.querysets import StandingQuerySet


class AskedAfter(Record):
    """A leader asked after a member on a day (R27); of what was said nothing is kept here.

    For the policy's number of days nobody is reminded of that member. Whoever takes it back leaves the row.
    """

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="asked_after")
    asked_on = models.DateField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    objects: ClassVar[StandingQuerySet] = StandingQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["membership", "asked_on"], condition=Q(withdrawn_at__isnull=True), name="asked_once_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"asked after {self.membership_id}"
