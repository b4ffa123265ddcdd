"""When a leader takes somebody in spite of a conflict (R22)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.base import Record
from groups_app.models.groups import Group
from members.models import Client
from practice.models import User


class ConflictOverride(Record):
    """A leader decided, with a reason, that a client may join a group although somebody there is to be kept apart."""

    group = models.ForeignKey(Group, models.PROTECT, related_name="conflict_overrides")
    client = models.ForeignKey(Client, models.PROTECT, related_name="conflict_overrides")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(_("reason"), max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "client"], name="conflict_override_once"),
            models.CheckConstraint(name="conflict_override_with_reason", condition=~models.Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"override {self.pk}"
