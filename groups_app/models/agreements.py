"""Agreements of groups: the texts, their versions, what members signed and how (R5, R26, R47)."""

import base64
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast, Right
from django.utils.translation import gettext_lazy as _

from common.base import Record
from common.encryption import EncryptedTextField
from common.key_scopes import per_client
from groups_app.clauses import Clause
from groups_app.models.groups import Group
from groups_app.models.memberships import Membership
from groups_app.querysets import AgreementQuerySet, SignatureQuerySet
from practice.models import User


class ClauseRow(Record):
    """Abstract: one clause as a row. ``body`` is Markdown's small subset (``groups_app.markup``), ``why`` one line."""

    position = models.PositiveSmallIntegerField()
    heading = models.CharField(_("heading"), max_length=120, blank=True)
    body = models.TextField(_("text"), blank=True)
    why = models.CharField(_("why it is there"), max_length=500, blank=True)

    class Meta:
        abstract = True
        ordering = ("position",)

    @property
    def words(self) -> Clause:
        """The clause as ``groups_app.clauses`` knows it."""
        return Clause(self.heading, self.body, self.why)


class AgreementTemplate(Record):
    """The clauses a practice starts its group agreements from (R5, R26); a group's own agreement is a variant of it."""

    title = models.CharField(_("title"), max_length=120)
    is_default = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=Q(is_default=True), name="agreement_template_one_default"
            )
        ]

    def __str__(self) -> str:
        return self.title


class TemplateClause(ClauseRow):
    """A clause of a template. ``{notice_sessions}`` and ``{minimum_stay_sessions}`` in it stand for the policy's."""

    template = models.ForeignKey(AgreementTemplate, models.CASCADE, related_name="clauses")

    class Meta(ClauseRow.Meta):
        constraints = [models.UniqueConstraint(fields=["template", "position"], name="template_clause_position_once")]

    def __str__(self) -> str:
        return self.heading


class AgreementVersion(Record):
    """One version of one group's agreement. A published text is never changed: a change is a new version (R26)."""

    group = models.ForeignKey(Group, models.PROTECT, related_name="agreements")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text"))
    sha256 = models.CharField(max_length=64, editable=False)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects: ClassVar[AgreementQuerySet] = AgreementQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("-number",)
        constraints = [models.UniqueConstraint(fields=["group", "number"], name="agreement_number_once")]

    def __str__(self) -> str:
        return f"{self.title}, version {self.number}"


class AgreementClause(ClauseRow):
    """A clause of a published version: what is acknowledged by itself. The version's ``text`` is all of them."""

    version = models.ForeignKey(AgreementVersion, models.PROTECT, related_name="clauses")

    class Meta(ClauseRow.Meta):
        constraints = [models.UniqueConstraint(fields=["version", "position"], name="agreement_clause_position_once")]

    def __str__(self) -> str:
        return self.heading


class Signature(Record):
    """An agreement signed by a member: the exact text and its hash, and how it was meant (R47).

    On a screen: the typed name, both boxes, the account. On paper: the day on the sheet and who recorded it; the sheet
    itself may be kept as a ``PaperScan``. A withdrawn signature stays, with who withdrew it and when.
    """

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="signatures")
    version = models.ForeignKey(AgreementVersion, models.PROTECT, related_name="signatures")
    account = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    text = models.TextField(editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    typed_name = models.CharField(_("your full name"), max_length=200)
    has_read = models.BooleanField()
    intends_to_sign = models.BooleanField()
    signed_at = models.DateTimeField()
    paper_signed_on = models.DateField(null=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    withdrawal_reason = models.CharField(max_length=300, blank=True)

    objects: ClassVar[SignatureQuerySet] = SignatureQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["membership", "version"],
                condition=Q(withdrawn_at__isnull=True),
                name="signature_once_a_version",
            ),
            models.CheckConstraint(
                name="signature_is_meant",
                condition=~Q(typed_name="")
                & (
                    Q(account__isnull=False, has_read=True, intends_to_sign=True)
                    & Q(paper_signed_on__isnull=True, recorded_by__isnull=True)
                    | Q(account__isnull=True, paper_signed_on__isnull=False, recorded_by__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="signature_withdrawn_by_somebody",
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
            ),
        ]
        indexes = [models.Index(Right(Cast("id", models.TextField()), 12), name="signature_reference")]

    def __str__(self) -> str:
        return f"signature {self.pk}"

    @property
    def reference(self) -> str:
        """What a person can read out on the phone: the random end of the key, "3F7A-90C2-11DE"."""
        tail = self.pk.hex[-12:].upper()
        return f"{tail[:4]}-{tail[4:8]}-{tail[8:]}"

    @property
    def is_on_paper(self) -> bool:
        """Whether a sheet of paper was signed, and staff recorded it."""
        return self.paper_signed_on is not None


class Acknowledgement(Record):
    """One clause acknowledged by one member (R5, R47). It waits for the signature, and then belongs to it for good.

    A clause that stands unchanged in a new version is not asked again: ``carried_from`` is where it was acknowledged.
    """

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="acknowledgements")
    clause = models.ForeignKey(AgreementClause, models.PROTECT, related_name="+")
    account = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    signature = models.ForeignKey(Signature, models.PROTECT, null=True, related_name="acknowledgements")
    carried_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("clause__position",)
        constraints = [
            models.UniqueConstraint(
                fields=["membership", "clause"],
                condition=Q(signature__isnull=True),
                name="acknowledgement_waits_once",
            ),
            models.UniqueConstraint(fields=["signature", "clause"], name="acknowledgement_once_a_signature"),
        ]

    def __str__(self) -> str:
        return f"acknowledgement {self.pk}"


class PaperScan(Record):
    """The picture of a signed sheet of paper, encrypted like a note."""

    signature = models.OneToOneField(Signature, models.PROTECT, related_name="scan")
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()  # bytes of the file itself
    encoded = EncryptedTextField(scope=per_client("signature.membership.client_id"))  # base64

    def __str__(self) -> str:
        return f"scan {self.pk}"

    @property
    def content(self) -> bytes:
        """The file."""
        return base64.b64decode(self.encoded)
