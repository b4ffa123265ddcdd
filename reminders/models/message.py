"""What is to be sent, to whom, when and through what; and what became of it (R48)."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.base import Record
from groups_app.models import Membership
from members.models import Channel, Client
from practice.models import User
from reminders.querysets import MessageQuerySet
from sessions_log.models import Session


class MessageState(models.TextChoices):
    """Where a message is on its way."""

    PENDING = "pending", _("Waiting")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    VOID = "void", _("No longer needed")
    FAILED = "failed", _("Could not be sent")


class Via(models.TextChoices):
    """Through what a message reaches its recipient. The first two are what a client consents to."""

    EMAIL = Channel.EMAIL.value, Channel.EMAIL.label
    TEXT = Channel.TEXT.value, Channel.TEXT.label
    APP = "app", _("In Kith")


class Kind(models.TextChoices):
    """What a message is about. What it says is in ``reminders.texts``."""

    SESSION = "session", _("Session reminder")
    MOVED = "moved", _("Session moved")
    PLACE = "place", _("Place changed")
    CANCELLED = "cancelled", _("Session canceled")
    EXTRA = "extra", _("Extra session")
    AGREEMENT = "agreement", _("Agreement to sign")
    INVITATION = "invitation", _("Invitation")
    DOOR = "door", _("Notice about the group")
    QUESTIONS = "questions", _("Questions to answer")
    ALERT = "alert", _("Please sign in")


# About one meeting, told to one of those expected there.
OF_A_SESSION = (Kind.SESSION, Kind.MOVED, Kind.PLACE, Kind.CANCELLED, Kind.EXTRA, Kind.QUESTIONS)
# Told at any hour and without consent: what somebody waits for, or what cannot wait.
URGENT = (Kind.INVITATION, Kind.ALERT)


class Answer(models.TextChoices):
    """What the recipient said by the link in the message."""

    COMING = "coming", _("Will be there")
    AWAY = "away", _("Cannot come")


class Outcome(models.TextChoices):
    """Why a message is where it is, for the coordinator; never a server's own words, which may hold an address."""

    CANCELLED = "cancelled", _("The session was canceled")
    MOVED = "moved", _("The session was changed again")
    NOT_EXPECTED = "not-expected", _("The member is not expected")
    ABSENCE_KNOWN = "absence-known", _("The member will be away")
    SETTLED = "settled", _("It was done meanwhile")
    WITHDRAWN = "withdrawn", _("The link was replaced or withdrawn")
    NO_CONSENT = "no-consent", _("No consent to this way of contact")
    NOT_WANTED = "not-wanted", _("The member wants only changes this way")
    SILENCED = "silenced", _("Safety first: nothing is sent")
    NEWER_DUE = "newer-due", _("A later reminder took its place")
    SERVER_TROUBLE = "server-trouble", _("The server did not take it yet")
    UNWRITABLE = "unwritable", _("It could not be written; this is a fault of Kith's")
    REFUSED = "refused", _("The address or number was refused")
    BOUNCED = "bounced", _("It came back undelivered")
    COMPLAINED = "complained", _("The recipient marked it as unwanted")
    CAP = "cap", _("Enough texts for now")
    TOO_LATE = "too-late", _("It could not be sent in time")


class Message(Record):
    """One message to one recipient through one channel.

    Its key is the Message-ID and the idempotency key, so that a repeated attempt can be recognized. What it is about is
    named by kind and key (``subject_id``: a session, an agreement's version, a transition …) without a foreign key to
    every table there is; those about a session have one. ``version`` is the version of that subject: a newer one makes
    new rows, and rows of an older one end as void.
    """

    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.SESSION)
    channel = models.CharField(max_length=10, choices=Via.choices)
    client = models.ForeignKey(Client, models.PROTECT, null=True, related_name="messages")
    account = models.ForeignKey(User, models.PROTECT, null=True, related_name="messages")
    subject_id = models.UUIDField()
    session = models.ForeignKey(Session, models.PROTECT, null=True, related_name="messages")
    membership = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="messages")
    # Hours before a session, or after whatever else the message is about.
    lead_hours = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    # Of a change: when it was to be before, whether it is elsewhere, too, and for how many further changes it stands.
    previous_at = models.DateTimeField(null=True)
    is_elsewhere = models.BooleanField(default=False, db_default=False)
    also_changed = models.PositiveSmallIntegerField(default=0)

    due_at = models.DateTimeField()
    useful_until = models.DateTimeField()
    state = models.CharField(max_length=10, choices=MessageState.choices, default=MessageState.PENDING)
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    # The recipient's day on which a text is sent, set before it goes out: what the caps count.
    texted_on = models.DateField(null=True)
    segments = models.PositiveSmallIntegerField(null=True)
    provider_id = models.CharField(max_length=80, blank=True)
    delivered_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=10, choices=Answer.choices, blank=True)
    answered_at = models.DateTimeField(null=True)

    objects: ClassVar[MessageQuerySet] = MessageQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("due_at", "id")
        constraints = [
            models.UniqueConstraint(
                name="message_once",
                fields=["subject_id", "client", "account", "membership", "channel", "kind", "lead_hours", "version"],
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="message_one_recipient",
                condition=Q(client__isnull=False, account__isnull=True)
                | Q(client__isnull=True, account__isnull=False, channel__in=["email", "app"]),
            ),
            models.CheckConstraint(
                name="message_about_its_session",
                condition=Q(
                    kind__in=OF_A_SESSION,
                    session__isnull=False,
                    membership__isnull=False,
                    client__isnull=False,
                    subject_id=F("session"),
                )
                | ~Q(kind__in=OF_A_SESSION) & Q(session__isnull=True),
            ),
            models.CheckConstraint(
                name="message_about_its_membership",
                condition=~Q(kind__in=["agreement", "door"]) | Q(membership__isnull=False, client__isnull=False),
            ),
            models.CheckConstraint(
                name="message_sent_has_time",
                condition=Q(state="failed")
                | Q(state="sent", sent_at__isnull=False)
                | ~Q(state__in=["sent", "failed"]) & Q(sent_at__isnull=True),
            ),
            models.CheckConstraint(
                name="message_lease_while_sending",
                condition=Q(state="sending", lease_token__isnull=False, lease_until__isnull=False)
                | ~Q(state="sending") & Q(lease_token__isnull=True, lease_until__isnull=True),
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="message_due", condition=Q(state__in=["pending", "sending"])),
            models.Index(fields=["-due_at", "id"], name="message_latest_first"),
            models.Index(
                fields=["client", "texted_on"], name="message_texts_of_day", condition=Q(texted_on__isnull=False)
            ),
            models.Index(fields=["provider_id"], name="message_provider", condition=~Q(provider_id="")),
        ]

    def __str__(self) -> str:
        return f"message {self.pk}"

    @property
    def zone(self) -> str:
        """The recipient's zone: the client's site's, else that of an account's home site."""
        if self.client is not None:
            return self.client.site.zone
        home = self.account.home_site if self.account else None
        return home.zone if home else "UTC"

    def is_pointless(self, at: datetime) -> bool:
        """Whether telling it at the moment ``at`` helps nobody any more."""
        return self.useful_until <= at
