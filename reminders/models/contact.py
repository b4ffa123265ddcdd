"""How a client wants to be written to, and when not at all (R48)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.base import Record
from members.models import Channel, Client
from practice.models import User
from reminders.querysets import SilenceQuerySet


class Silence(Record):
    """ "Safety first": nothing leaves the house for a client, whatever they consented to, until somebody lifts it.

    For clients whose mail or phone somebody else reads. What they may see after signing in stays.
    """

    client = models.ForeignKey(Client, models.PROTECT, related_name="silences")
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects: ClassVar[SilenceQuerySet] = SilenceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("-set_at",)
        constraints = [
            models.UniqueConstraint(
                fields=["client"], condition=Q(lifted_at__isnull=True), name="silence_one_open_a_client"
            ),
            models.CheckConstraint(
                name="silence_lifted_by_somebody",
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"silence {self.pk}"


class Wish(models.TextChoices):
    """What a client wants through a channel they consented to."""

    ALL = "all", _("Reminders and changes")
    CHANGES = "changes", _("Only when something changes")


class Trouble(models.TextChoices):
    """Why nothing more is sent to an address."""

    BOUNCED = "bounced", _("Messages come back undelivered")
    COMPLAINED = "complained", _("Messages were marked as unwanted")


class ClientChannel(Record):
    """What is known of one way to one client: what they want there, and whether the address is dead.

    ``troubled_address`` is the address that failed: a corrected one is written to again without further ado.
    """

    client = models.ForeignKey(Client, models.PROTECT, related_name="channels")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    wish = models.CharField(_("wants"), max_length=10, choices=Wish.choices, default=Wish.ALL)
    trouble = models.CharField(max_length=12, choices=Trouble.choices, blank=True)
    troubled_at = models.DateTimeField(null=True)
    troubled_address = models.CharField(max_length=254, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "channel"], name="client_channel_once"),
            models.CheckConstraint(
                name="client_channel_trouble_whole",
                condition=Q(trouble="", troubled_at__isnull=True, troubled_address="")
                | ~Q(trouble="") & Q(troubled_at__isnull=False) & ~Q(troubled_address=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} of client {self.client_id}"
