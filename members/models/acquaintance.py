"""Who must not sit in one group with whom (R22)."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from common.base import Record
from members.models.clients import Client
from members.querysets import KeepApartQuerySet
from practice.models import User


class KeepApart(Record):
    """Two clients who must not sit in one group (R22). The pair has no direction: ``one`` is the smaller key."""

    one = models.ForeignKey(Client, models.PROTECT, related_name="+")
    other = models.ForeignKey(Client, models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects: ClassVar[KeepApartQuerySet] = KeepApartQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="keep_apart_once"),
            models.CheckConstraint(name="keep_apart_ordered", condition=Q(one__lt=F("other"))),
        ]

    def __str__(self) -> str:
        return f"keep apart {self.pk}"
