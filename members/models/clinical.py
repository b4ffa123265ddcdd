"""What clinicians learn of a client before a group, and what they decide."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.base import Record
from common.encryption import EncryptedTextField
from common.key_scopes import per_client
from members.models.clients import Client, FamilyRole, ReferenceItem
from members.querysets import ScreeningQuerySet, ScreeningRequestQuerySet
from practice.models import User

_OF_CLIENT = per_client("client_id")
_OF_SCREENED = per_client("screening.client_id")


class Intake(Record):
    """What a clinician learned at intake. Coordinators and administrators never see it (R7, R43)."""

    client = models.OneToOneField(Client, models.PROTECT, related_name="intake")
    brings = EncryptedTextField(_("What brings the client here"), blank=True, scope=_OF_CLIENT)
    hopes = EncryptedTextField(_("What the client hopes for"), blank=True, scope=_OF_CLIENT)
    family_roles = models.ManyToManyField(FamilyRole, blank=True, verbose_name=_("roles in the family of origin"))
    concurrent_therapist = EncryptedTextField(_("Individual therapist, if any"), blank=True, scope=_OF_CLIENT)
    release_on_file = models.BooleanField(_("signed release to talk with the individual therapist"), default=False)
    fee_cents = models.PositiveIntegerField(_("agreed fee for a session"), null=True, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"intake {self.pk}"


class ScreeningOutcome(models.TextChoices):
    """What a therapist decides about somebody who asks for a group (R21)."""

    APPROVED = "approved", _("Approved")
    WAIT = "wait", _("Wait")
    UNSUITABLE = "unsuitable", _("Not suitable")


class ScreeningItem(ReferenceItem):
    """A question of the screening checklist; ``favors`` is the answer that speaks for a group now (R21)."""

    favors = models.BooleanField(default=True)


class ScreeningRequest(Record):
    """A therapist is asked to screen a client, who may then open the client's record until it is decided (R21, R43)."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="screening_requests")
    therapist = models.ForeignKey(User, models.PROTECT, related_name="screening_requests")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    objects: ClassVar[ScreeningRequestQuerySet] = ScreeningRequestQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("asked_at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["client"], condition=Q(closed_at__isnull=True), name="screening_request_one_open"
            )
        ]

    def __str__(self) -> str:
        return f"screening request {self.pk}"


class Screening(Record):
    """A therapist's decision on a client: the outcome, who and when. A later one supersedes it; none is deleted (R21).

    Why is in ``ScreeningFindings``: coordinators see the outcome and nothing clinical.
    """

    client = models.ForeignKey(Client, models.PROTECT, related_name="screenings")
    outcome = models.CharField(_("decision"), max_length=12, choices=ScreeningOutcome.choices)
    review_on = models.DateField(_("look at it again on"), null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    objects: ClassVar[ScreeningQuerySet] = ScreeningQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("-decided_at",)
        constraints = [
            models.UniqueConstraint(
                fields=["client"], condition=Q(superseded_at__isnull=True), name="screening_one_current"
            ),
            models.CheckConstraint(name="screening_outcome_known", condition=Q(outcome__in=ScreeningOutcome.values)),
        ]

    def __str__(self) -> str:
        return f"screening {self.pk}"


class ScreeningFindings(Record):
    """What a screening found, for clinicians only. ``answers`` is JSON: item code → {"answer": …, "remark": …}."""

    screening = models.OneToOneField(Screening, models.PROTECT, related_name="findings")
    answers = EncryptedTextField(scope=_OF_SCREENED)
    reason = EncryptedTextField(_("reasons"), blank=True, scope=_OF_SCREENED)

    def __str__(self) -> str:
        return f"findings {self.pk}"
