"""Who supervises whom, and since when: what a supervisor may read follows from it (R4, R37, R43)."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q

from common.base import Record
from practice.models.people import User
from practice.querysets import SupervisionQuerySet


class Supervision(Record):
    """A supervisor answers for a therapist's work, and reads the notes that therapist signed, while it lasts.

    The first day and, once it is over, the last stay: who could read what when is part of the record.
    """

    supervisor = models.ForeignKey(User, models.PROTECT, related_name="supervises")
    therapist = models.ForeignKey(User, models.PROTECT, related_name="supervised_by")
    since = models.DateField()
    until = models.DateField(null=True)
    begun_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects: ClassVar[SupervisionQuerySet] = SupervisionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("-since", "id")
        constraints = [
            models.UniqueConstraint(
                name="supervision_one_open", fields=["supervisor", "therapist"], condition=Q(until__isnull=True)
            ),
            models.CheckConstraint(name="supervision_of_somebody_else", condition=~Q(supervisor=F("therapist"))),
            models.CheckConstraint(
                name="supervision_days_in_order", condition=Q(until__isnull=True) | Q(until__gte=F("since"))
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="supervision_stays", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="supervision_ended_for_good",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"supervision {self.pk}"
