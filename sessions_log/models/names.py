"""What somebody said about a name that was found in a note (R35)."""

from django.db import models

from common.base import Record
from common.encryption import EncryptedTextField
from groups_app.models import Membership
from practice.models import User
from sessions_log.models.notes import OF_GROUP
from sessions_log.models.schedule import Session


class NameConfirmation(Record):
    """Somebody's word that a name in one note is not a member's: it holds for that note.

    The name is encrypted as the note is, for it is a word of it. ``membership`` says whose note, ``None`` the group's.
    """

    session = models.ForeignKey(Session, models.PROTECT, related_name="name_confirmations")
    membership = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    word = EncryptedTextField(scope=OF_GROUP)
    confirmed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"name confirmation {self.pk}"
