"""What clinicians learn of a client before a group."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.base import Record
from common.encryption import EncryptedTextField
from common.key_scopes import per_client
from members.models.clients import Client, FamilyRole
from practice.models import User

_OF_CLIENT = per_client("client_id")


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
