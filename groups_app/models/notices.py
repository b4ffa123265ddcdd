"""What members are told inside the application about their group: neutral, and without anybody's name (R24, R28)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from common.base import Record
from groups_app.models.memberships import Membership
from groups_app.querysets import NoticeQuerySet


class NoticeKind(models.TextChoices):
    """What is said; the words are made where they are read."""

    DOOR = "door"  # from ``day`` on somebody new may join
    DOOR_SHUT = "door-shut"  # nobody joins after all
    LEADERS = "leaders"  # from ``day`` on others lead


class MemberNotice(Record):
    """One thing one member is told. It waits on the member's page until seen; messages may point there (R48)."""

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=10, choices=NoticeKind.choices)
    day = models.DateField()
    seen_at = models.DateTimeField(null=True)
    # Overtaken by something newer before it was seen.
    withdrawn_at = models.DateTimeField(null=True)

    objects: ClassVar[NoticeQuerySet] = NoticeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("-created_at", "id")
        indexes = [
            models.Index(
                fields=["membership"],
                condition=Q(seen_at__isnull=True, withdrawn_at__isnull=True),
                name="notice_unseen",
            )
        ]

    def __str__(self) -> str:
        return f"notice {self.pk}"
