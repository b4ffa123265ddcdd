"""The ending of a group: what is to be done before the last goodbye, and what was done (R29)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.base import Record
from groups_app.models.groups import Group
from practice.models import User


class EndingItem(Record):
    """One line of the practice's ending checklist. Reference data."""

    title = models.CharField(_("title"), max_length=120)
    help_text = models.CharField(_("help"), max_length=300, blank=True)
    position = models.PositiveSmallIntegerField()
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        ordering = ("position", "id")

    def __str__(self) -> str:
        return self.title


class EndingCheck(Record):
    """A line of the checklist that is done for one group: by whom and when."""

    group = models.ForeignKey(Group, models.PROTECT, related_name="ending_checks")
    item = models.ForeignKey(EndingItem, models.PROTECT, related_name="checks")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "item"], name="ending_check_once")]

    def __str__(self) -> str:
        return f"check {self.pk}"
