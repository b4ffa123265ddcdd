"""The practice's own words for messages."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.base import Record
from practice.models import User
from reminders.models.message import Kind, Via


class MessageText(Record):
    """What messages of one kind say through one channel, instead of the words Kith comes with.

    Placeholders stand in braces: ``{day}``. Links, the way to stop and the layout are added around it and cannot be
    edited away.
    """

    kind = models.CharField(max_length=20, choices=Kind.choices)
    channel = models.CharField(max_length=10, choices=Via.choices)
    heading = models.CharField(_("subject"), max_length=120, blank=True)
    body = models.TextField(_("text"), max_length=1_000)
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "channel"], name="message_text_once")]

    def __str__(self) -> str:
        return f"text of {self.kind} by {self.channel}"
