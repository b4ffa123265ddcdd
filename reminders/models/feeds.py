"""Calendars that people subscribe to (R55)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.base import Record
from practice.models import User
from reminders.querysets import FeedQuerySet


class Detail(models.TextChoices):
    """How much a calendar says to whoever looks at the screen."""

    NEUTRAL = "neutral", _("Only “Appointment” and the time")
    PLACE = "place", _("Also the address or the link to join")
    INITIALS = "initials", _("Also the number and the initials of who will be away")


class CalendarFeed(Record):
    """One secret link to one person's sessions. The link is derived from the key and stored nowhere (ADR 11)."""

    user = models.ForeignKey(User, models.PROTECT, related_name="calendar_feeds")
    detail = models.CharField(_("what it shows"), max_length=10, choices=Detail.choices, default=Detail.NEUTRAL)
    revoked_at = models.DateTimeField(null=True)

    objects: ClassVar[FeedQuerySet] = FeedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(revoked_at__isnull=True), name="feed_one_open_a_user")
        ]

    def __str__(self) -> str:
        return f"calendar feed {self.pk}"
