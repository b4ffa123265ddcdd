"""Who must not sit in one group with whom (R22)."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.base import Record
from common.names import SortKeyField
from members.models.clients import Client
from members.querysets import KeepApartQuerySet
from practice.models import User


class KeepApart(Record):
    """Two clients who must not sit in one group (R22). The pair has no direction: ``one`` is the smaller key."""

    one = models.ForeignKey(Client, models.PROTECT, related_name="+")
    other = models.ForeignKey(Client, models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ending_reason = models.CharField(max_length=300, blank=True)

    objects: ClassVar[KeepApartQuerySet] = KeepApartQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["one", "other"], condition=Q(ended_at__isnull=True), name="keep_apart_once"
            ),
            models.CheckConstraint(
                name="keep_apart_ended_with_reason",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, ending_reason="")
                | Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(ending_reason=""),
            ),
            models.CheckConstraint(name="keep_apart_ordered", condition=Q(one__lt=F("other"))),
        ]

    def __str__(self) -> str:
        return f"keep apart {self.pk}"


class KnownPerson(Record):
    """Somebody a client knows and would not want to meet in a group: the client's private list (R22).

    Whoever has that name here is kept apart, without anybody being told. Nobody but the client reads the list.
    """

    client = models.ForeignKey(Client, models.PROTECT, related_name="known_people")
    first_name = models.CharField(_("first name"), max_length=100)
    last_name = models.CharField(_("last name"), max_length=100)
    sort_key = SortKeyField(source=("last_name", "first_name"))
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("sort_key", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["client", "sort_key"], condition=Q(removed_at__isnull=True), name="known_person_once"
            )
        ]
        indexes = [models.Index(fields=["sort_key"], name="known_person_name")]

    def __str__(self) -> str:
        return f"known person {self.pk}"
