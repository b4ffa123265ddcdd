"""The door of a running group: shut, until a leader announces that somebody may join (R28)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.base import Record
from groups_app.models.groups import Group
from practice.models import User


class DoorOpening(Record):
    """One opening of a group's door: who announced it, why, from which day on people may join, and its closing."""

    group = models.ForeignKey(Group, models.PROTECT, related_name="openings")
    reason = models.CharField(_("reason"), max_length=300)
    opens_on = models.DateField(_("open from"))
    announced_at = models.DateTimeField()
    announced_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-announced_at",)
        constraints = [
            models.UniqueConstraint(fields=["group"], condition=Q(closed_at__isnull=True), name="door_open_once"),
            models.CheckConstraint(name="door_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="door_closed_by_somebody",
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"door {self.pk}"
