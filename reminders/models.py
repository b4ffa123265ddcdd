"""What is to be sent, to whom and when; and what became of it (R48)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.base import Record
from groups_app.models import Membership
from members.models import Channel
from reminders.querysets import ReminderQuerySet
from sessions_log.models import Session


class ReminderState(models.TextChoices):
    """Where a reminder is on its way."""

    PENDING = "pending", _("Waiting")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    VOID = "void", _("No longer needed")
    FAILED = "failed", _("Could not be sent")


class ReminderKind(models.TextChoices):
    """What a message is about."""

    SESSION = "session", _("Session reminder")


class Outcome(models.TextChoices):
    """Why a reminder is where it is, for the coordinator; never a server's own words, which may hold an address."""

    CANCELLED = "cancelled", _("The session was canceled")
    MOVED = "moved", _("The session was moved")
    NOT_EXPECTED = "not-expected", _("The member is not expected")
    ABSENCE_KNOWN = "absence-known", _("The member will be away")
    NO_CONSENT = "no-consent", _("No consent to email")
    NEWER_DUE = "newer-due", _("A later reminder took its place")
    SERVER_TROUBLE = "server-trouble", _("The mail server did not take it yet")
    REFUSED = "refused", _("The mail server refused the address")
    TOO_LATE = "too-late", _("It could not be sent in time")


class Reminder(Record):
    """One message to one recipient about one session.

    Its key is the message's id, so that a repeated attempt can be recognized. Unique by session, membership, channel,
    kind, lead and version of the schedule: moving a session makes a new row and voids the old one.
    """

    session = models.ForeignKey(Session, models.PROTECT, related_name="reminders")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="reminders")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    kind = models.CharField(max_length=20, choices=ReminderKind.choices, default=ReminderKind.SESSION)
    lead_hours = models.PositiveSmallIntegerField()
    schedule_version = models.PositiveIntegerField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=ReminderState.choices, default=ReminderState.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True)

    objects: ClassVar[ReminderQuerySet] = ReminderQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("due_at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["session", "membership", "channel", "kind", "lead_hours", "schedule_version"],
                name="reminder_once",
            ),
            models.CheckConstraint(
                name="reminder_sent_has_time",
                condition=Q(state="sent", sent_at__isnull=False) | ~Q(state="sent") & Q(sent_at__isnull=True),
            ),
            models.CheckConstraint(
                name="reminder_lease_while_sending",
                condition=Q(state="sending", lease_token__isnull=False, lease_until__isnull=False)
                | ~Q(state="sending") & Q(lease_token__isnull=True, lease_until__isnull=True),
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="reminder_due", condition=Q(state__in=["pending", "sending"])),
            models.Index(fields=["-due_at", "id"], name="reminder_latest_first"),
        ]

    def __str__(self) -> str:
        return f"reminder {self.pk}"
