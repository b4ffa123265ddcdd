"""Imports (R54), what holds records beyond their time (R45), what leaves the practice and who asks for it (R44)."""

from datetime import date, timedelta
from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.base import Record
from members.models import Client
from practice.models import User
from records.querysets import (
    ClientImportQuerySet,
    DisclosureConsentQuerySet,
    DisclosureQuerySet,
    LegalHoldQuerySet,
    RecordRequestQuerySet,
)


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


class LegalBasis(models.TextChoices):
    """Why something may leave the practice (45 CFR 164, 42 CFR 2)."""

    AUTHORIZATION = "authorization", _("The person’s written consent")
    OWN_REQUEST = "own-request", _("The person’s own request for a copy")
    TREATMENT = "treatment", _("Treatment by another provider")
    COURT = "court", _("Subpoena or court order")
    PART_2_ORDER = "part-2-order", _("Court order under 42 CFR part 2, subpart E")
    EMERGENCY = "emergency", _("Medical emergency")
    SAFETY = "safety", _("Serious threat to somebody’s safety")
    LAW = "law", _("Required by law")


# 42 CFR part 2 lets these go without consent: to the person, in an emergency (2.51), on an order of its own (2.61).
WITHOUT_CONSENT = (LegalBasis.OWN_REQUEST, LegalBasis.EMERGENCY, LegalBasis.PART_2_ORDER)
_WITHOUT_CONSENT = ", ".join(f"'{basis}'" for basis in WITHOUT_CONSENT)


class DisclosureConsent(Record):
    """The client's written word that somebody may receive something, until a day or until it is taken back (R46)."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="disclosure_consents")
    recipient = models.CharField(_("who may receive it"), max_length=200)
    content = models.CharField(_("what they may receive"), max_length=500)
    purpose = models.CharField(_("what for"), max_length=300)
    signed_on = models.DateField(_("signed on"))
    expires_on = models.DateField(_("holds until"))
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    revoked_on = models.DateField(null=True)
    revocation_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects: ClassVar[DisclosureConsentQuerySet] = DisclosureConsentQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("-signed_on", "id")
        constraints = [
            models.CheckConstraint(
                name="disclosure_consent_days_in_order",
                condition=Q(expires_on__gte=models.F("signed_on")),
                violation_error_message=_("It cannot end before it was signed."),
            )
        ]
        triggers = [
            pgtrigger.Protect(name="disclosure_consent_stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="disclosure_consent_said_once",
                fields=["client", "recipient", "content", "purpose", "signed_on", "expires_on"],
            ),
        ]

    def __str__(self) -> str:
        return f"consent to disclose {self.pk}"

    def is_in_force(self, day: date) -> bool:
        """Whether something may go out by it on ``day``."""
        return self.signed_on <= day <= self.expires_on and (self.revoked_on is None or day < self.revoked_on)


_EXTENSION = ("extended_to", "extension_reason", "extended_on", "extended_by_id")
_extended_again = pgtrigger.Condition(
    "OLD.extended_to IS NOT NULL AND ({}) IS DISTINCT FROM ({})".format(
        *(", ".join(f"{row}.{column}" for column in _EXTENSION) for row in ("OLD", "NEW"))
    )
)
# 45 CFR 164.524(b)(2)(ii): once, by no more days than these, told in writing with the reason.
LONGEST_EXTENSION = timedelta(days=30)


class RecordRequest(Record):
    """A client asks for a copy of their record, and gets it by the day the law gives (45 CFR 164.524; R44).

    Before that day it may be put off once, with a reason that the client reads.
    """

    client = models.ForeignKey(Client, models.PROTECT, related_name="record_requests")
    asked_on = models.DateField()
    due_on = models.DateField()
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    extended_to = models.DateField(_("new day"), null=True)
    extension_reason = models.CharField(_("why it takes longer"), max_length=500, blank=True)
    extended_on = models.DateField(null=True)
    extended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    fulfilled_at = models.DateTimeField(null=True)
    fulfilled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects: ClassVar[RecordRequestQuerySet] = RecordRequestQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("due_on", "id")
        constraints = [
            models.UniqueConstraint(
                name="record_request_one_open", fields=["client"], condition=Q(fulfilled_at__isnull=True)
            ),
            models.CheckConstraint(name="record_request_due_later", condition=Q(due_on__gte=models.F("asked_on"))),
            models.CheckConstraint(
                name="record_request_extended_whole",
                condition=Q(
                    extended_to__isnull=True, extended_on__isnull=True, extended_by__isnull=True, extension_reason=""
                )
                | (
                    Q(extended_to__isnull=False, extended_on__isnull=False, extended_by__isnull=False)
                    & ~Q(extension_reason="")
                ),
            ),
            models.CheckConstraint(
                name="record_request_extended_in_time",
                condition=Q(extended_to__isnull=True)
                | Q(
                    extended_on__lte=models.F("due_on"),
                    extended_to__gt=models.F("due_on"),
                    extended_to__lte=models.F("due_on") + LONGEST_EXTENSION,
                ),
            ),
            models.CheckConstraint(
                name="record_request_fulfilled_by_somebody",
                condition=Q(fulfilled_at__isnull=True, fulfilled_by__isnull=True)
                | Q(fulfilled_at__isnull=False, fulfilled_by__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="record_request_stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="record_request_said_once", fields=["client", "asked_on", "due_on"]),
            pgtrigger.Protect(
                name="record_request_extended_once", operation=pgtrigger.Update, condition=_extended_again
            ),
        ]

    def __str__(self) -> str:
        return f"record request {self.pk}"

    @property
    def deadline(self) -> date:
        """The day by which the client has the copy."""
        return self.extended_to or self.due_on

    def is_late(self, today: date) -> bool:
        """Whether the client should have had the copy by the day before ``today``."""
        return self.fulfilled_at is None and self.deadline < today


class Disclosure(Record):
    """One line of the ledger: what left the practice, to whom, what for and why it may (45 CFR 164.528; R44).

    Written once. ``notice`` is what went with a record under 42 CFR part 2, whose clients carry a condition of it.
    """

    client = models.ForeignKey(Client, models.PROTECT, related_name="disclosures")
    made_on = models.DateField(_("day"))
    recipient = models.CharField(_("recipient"), max_length=200)
    content = models.CharField(_("what was disclosed"), max_length=500)
    purpose = models.CharField(_("what for"), max_length=300)
    basis = models.CharField(_("legal basis"), max_length=15, choices=LegalBasis.choices)
    consent = models.ForeignKey(DisclosureConsent, models.PROTECT, null=True, blank=True, related_name="disclosures")
    notice = models.TextField(blank=True, editable=False)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    request = models.OneToOneField(RecordRequest, models.PROTECT, null=True, editable=False, related_name="disclosure")

    objects: ClassVar[DisclosureQuerySet] = DisclosureQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("-made_on", "-created_at", "id")
        constraints = [
            models.CheckConstraint(
                name="disclosure_authorized_by_consent",
                condition=~Q(basis=LegalBasis.AUTHORIZATION) | Q(consent__isnull=False),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="disclosure_written_once", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="disclosure_part_2_consent",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=f"""
                    IF NEW.consent_id IS NULL AND NEW.basis NOT IN ({_WITHOUT_CONSENT})
                        AND EXISTS (
                            SELECT FROM members_client_conditions tagged
                            JOIN members_condition tag ON tag.id = tagged.condition_id
                            WHERE tagged.client_id = NEW.client_id AND tag.is_part_2
                        )
                    THEN
                        RAISE EXCEPTION 'records under 42 CFR part 2 leave with consent'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'disclosure_part_2_consent';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"disclosure {self.pk}"
