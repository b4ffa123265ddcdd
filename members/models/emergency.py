"""Opening a record in an emergency, without another right to it (R41)."""

from datetime import datetime, timedelta
from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.base import Record
from members.models.clients import Client
from members.querysets import EmergencyNoticeQuerySet, EmergencyQuerySet
from practice.models import User

LONGEST_ACCESS = timedelta(hours=4)  # whatever the policy says


class Verdict(models.TextChoices):
    """What the review of an emergency access found."""

    JUSTIFIED = "justified", _("Justified")
    NOT_JUSTIFIED = "not-justified", _("Not justified")


class EmergencyAccess(Record):
    """Somebody opens a client's chart for a short time, gives the reason, and is reviewed for it afterwards.

    Policies of the database consult the row: while it is open the chart can be read, and nothing of it changed.
    """

    client = models.ForeignKey(Client, models.PROTECT, related_name="emergencies")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    verdict = models.CharField(max_length=15, choices=Verdict.choices, blank=True)
    review_note = models.CharField(max_length=1000, blank=True)
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)

    objects: ClassVar[EmergencyQuerySet] = EmergencyQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("-opened_at", "id")
        constraints = [
            models.UniqueConstraint(
                name="emergency_one_open", fields=["client", "by"], condition=Q(closed_at__isnull=True)
            ),
            models.CheckConstraint(name="emergency_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="emergency_is_short",
                condition=Q(closes_at__gt=F("opened_at")) & Q(closes_at__lte=F("opened_at") + LONGEST_ACCESS),
            ),
            models.CheckConstraint(
                name="emergency_closed_in_time",
                condition=Q(closed_at__isnull=True)
                | (Q(closed_at__gte=F("opened_at")) & Q(closed_at__lte=F("closes_at"))),
            ),
            models.CheckConstraint(
                name="emergency_reviewed_whole",
                condition=Q(verdict="", reviewed_by__isnull=True, reviewed_at__isnull=True)
                | (Q(reviewed_by__isnull=False, reviewed_at__isnull=False) & ~Q(verdict="")),
            ),
            models.CheckConstraint(
                name="emergency_reviewed_by_another", condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("by"))
            ),
        ]
        indexes = [models.Index(fields=["opened_at"], name="emergency_unreviewed", condition=Q(verdict=""))]
        triggers = [
            pgtrigger.Protect(name="emergency_stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="emergency_said_once", fields=["client", "by", "reason", "opened_at", "closes_at"]),
        ]

    def __str__(self) -> str:
        return f"emergency access {self.pk}"

    def is_open(self, at: datetime) -> bool:
        """Whether the chart can be read at the moment ``at``."""
        return self.closed_at is None and at < self.closes_at


class EmergencyNotice(Record):
    """Somebody who cares for the client is told of an emergency access, until they say that they have seen it."""

    access = models.ForeignKey(EmergencyAccess, models.PROTECT, related_name="notices")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    seen_at = models.DateTimeField(null=True)

    objects: ClassVar[EmergencyNoticeQuerySet] = EmergencyNoticeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("created_at", "id")
        constraints = [models.UniqueConstraint(name="emergency_told_once", fields=["access", "user"])]
        triggers = [pgtrigger.Protect(name="emergency_notice_stays", operation=pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"emergency notice {self.pk}"
