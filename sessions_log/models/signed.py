"""What is added to a signed record: it is never changed, only completed (R37). And how somebody likes to write."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.base import Record
from common.encryption import EncryptedTextField
from common.key_scopes import per_author
from groups_app.models import Membership
from practice.models import User
from sessions_log.models.notes import BUT_NEW_KEYS, OF_GROUP, NoteFormat
from sessions_log.models.schedule import Session


class Addendum(Record):
    """Words added to a signed note; ``membership`` says to whose, ``None`` to the group's. Written once, for good."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="addenda")
    membership = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="addenda")
    text = EncryptedTextField(_("What is to be added"), scope=OF_GROUP)
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        ordering = ("written_at", "id")
        triggers = [
            pgtrigger.Protect(name="addendum_stays", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="addendum_written_once", operation=pgtrigger.Update, condition=pgtrigger.Condition(BUT_NEW_KEYS)
            ),
        ]

    def __str__(self) -> str:
        return f"addendum {self.pk}"


class CoSignature(Record):
    """A co-leader or supervisor who read a signed record and stands behind it; once a person and session."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="cosignatures")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()

    class Meta:
        ordering = ("signed_at", "id")
        constraints = [models.UniqueConstraint(fields=["session", "by"], name="cosignature_once")]
        triggers = [pgtrigger.Protect(name="cosignature_written_once", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"co-signature {self.pk}"


class WritingStyle(Record):
    """In which format an author begins new notes about members (R34)."""

    user = models.OneToOneField(User, models.CASCADE, related_name="writing_style")
    member_format = models.CharField(
        _("format of members’ notes"), max_length=5, choices=NoteFormat.choices, default=NoteFormat.SHORT
    )

    def __str__(self) -> str:
        return f"writing style {self.pk}"


class Snippet(Record):
    """A sentence of one's own, to be put into notes by its name."""

    author = models.ForeignKey(User, models.CASCADE, related_name="snippets")
    name = models.CharField(_("name"), max_length=40)
    text = EncryptedTextField(_("words"), scope=per_author("author_id"))

    class Meta:
        ordering = ("name", "id")
        constraints = [models.UniqueConstraint(fields=["author", "name"], name="snippet_name_once")]

    def __str__(self) -> str:
        return f"snippet {self.pk}"
