"""Imports: an uploaded file, its rows, what became of each (R54). And what holds records beyond their time (R45)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.base import Record
from members.models import Client
from practice.models import User
from records.querysets import ClientImportQuerySet, LegalHoldQuerySet


class ImportState(models.TextChoices):
    """Where an import is on its way."""

    UPLOADED = "uploaded", _("Waiting to be checked")
    CHECKING = "checking", _("Being checked")
    CHECKED = "checked", _("Checked, nothing taken yet")
    TAKING = "taking", _("Being taken")
    TAKEN = "taken", _("Taken")
    REFUSED = "refused", _("Cannot be read")


class ClientImport(Record):
    """One uploaded list of clients."""

    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=200)
    content = models.BinaryField()  # emptied when the import has been taken
    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.UPLOADED)
    refusal = models.TextField(blank=True)
    rows_total = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    objects: ClassVar[ClientImportQuerySet] = ClientImportQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("-created_at",)
        constraints = [
            models.CheckConstraint(name="import_done_within_total", condition=Q(rows_done__lte=models.F("rows_total")))
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_at_work(self) -> bool:
        """Whether a worker has it, or should have it soon."""
        return self.state in (ImportState.UPLOADED, ImportState.CHECKING, ImportState.TAKING)


class LegalHold(Record):
    """What keeps a client's record however long ago the last contact was, until it is lifted (R45)."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="legal_holds")
    reason = models.CharField(max_length=300)
    placed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    placed_at = models.DateTimeField()
    lift_reason = models.CharField(max_length=300, blank=True)
    lifted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)

    objects: ClassVar[LegalHoldQuerySet] = LegalHoldQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(name="legal_hold_one_open", fields=["client"], condition=Q(lifted_at__isnull=True)),
            models.CheckConstraint(
                name="legal_hold_lifted_by_somebody",
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"legal hold {self.pk}"


class RowVerdict(models.TextChoices):
    """What a row of the file is."""

    NEW = "new", _("New client")
    KNOWN = "known", _("Already here")
    BAD = "bad", _("Cannot be taken")


class ImportRow(models.Model):
    """One row of an uploaded list: its line in the file, what it is and, when bad, each column's reason."""

    batch = models.ForeignKey(ClientImport, models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()
    label = models.CharField(max_length=200, blank=True)
    verdict = models.CharField(max_length=10, choices=RowVerdict.choices)
    problems = models.JSONField(default=list)  # [{"column": "Date of birth", "reason": "…"}]
    client = models.ForeignKey(Client, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("line",)
        constraints = [models.UniqueConstraint(fields=["batch", "line"], name="import_row_line_once")]

    def __str__(self) -> str:
        return f"line {self.line}"
