"""The individual meeting before the group: goals and the interpersonal inventory (R25)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.base import Record
from common.encryption import EncryptedTextField
from common.key_scopes import per_client
from groups_app.models.memberships import Membership
from practice.models import User

_OF_CLIENT = per_client("membership.client_id")


class PregroupMeeting(Record):
    """What was agreed and learned when a leader met a client alone; clinicians of the group read it, nobody else."""

    membership = models.OneToOneField(Membership, models.PROTECT, related_name="pregroup_meeting")
    held_on = models.DateField(_("day of the meeting"))
    goals = EncryptedTextField(_("goals for the group"), scope=_OF_CLIENT)
    inventory = EncryptedTextField(_("people who matter"), scope=_OF_CLIENT)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    contract_explained = models.BooleanField(_("went through the agreement together"))

    class Meta:
        constraints = [models.CheckConstraint(name="pregroup_contract_explained", condition=Q(contract_explained=True))]

    def __str__(self) -> str:
        return f"meeting {self.pk}"
