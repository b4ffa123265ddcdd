"""Agreements: the practice's templates, the versions of each group, and what members signed."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.base import Record
from groups_app.models.groups import Group
from groups_app.models.memberships import Membership
from groups_app.querysets import AgreementQuerySet, SignatureQuerySet
from practice.models import User


class AgreementTemplate(Record):
    """The text a practice starts its group agreements from (R5, R26). Headings are lines that begin with "## "."""

    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text"))
    is_default = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=Q(is_default=True), name="agreement_template_one_default"
            )
        ]

    def __str__(self) -> str:
        return self.title


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


class Signature(Record):
    """An agreement signed by a member: the exact text, its hash, the typed name, both boxes, account and time (R47)."""

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="signatures")
    version = models.ForeignKey(AgreementVersion, models.PROTECT, related_name="signatures")
    account = models.ForeignKey(User, models.PROTECT, related_name="+")
    text = models.TextField(editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    typed_name = models.CharField(_("your full name"), max_length=200)
    has_read = models.BooleanField()
    intends_to_sign = models.BooleanField()
    signed_at = models.DateTimeField()

    objects: ClassVar[SignatureQuerySet] = SignatureQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["membership", "version"], name="signature_once_a_version"),
            models.CheckConstraint(
                name="signature_is_meant", condition=Q(has_read=True, intends_to_sign=True) & ~Q(typed_name="")
            ),
        ]

    def __str__(self) -> str:
        return f"signature {self.pk}"

    @property
    def reference(self) -> str:
        """What a person can read out on the phone: the random end of the key, "3F7A-90C2-11DE"."""
        tail = self.pk.hex[-12:].upper()
        return f"{tail[:4]}-{tail[4:8]}-{tail[8:]}"
