"""What is written about a session: one note about the group, one about each member (R34)."""

from typing import Any, ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.base import Record
from common.encryption import EncryptedPartsField
from common.key_scopes import per_group
from common.versions import keep_versions
from groups_app.models import Membership
from practice.models import User
from sessions_log.models.schedule import Session
from sessions_log.querysets import NoteQuerySet

# Who replaces keys encrypts signed texts anew, through a function whose owner may change ciphertexts and nothing else
# (docs/encryption.md). Everybody else finds them locked.
BUT_NEW_KEYS = "current_user <> 'kith_policy'"
OF_GROUP = per_group("session.group_id")  # whose key encrypts what is written about a session


class Intervention(models.TextChoices):
    """What the leaders did (R11)."""

    FEEDBACK = "feedback", _("Constructive feedback")
    MODELED = "modeled", _("Modeled communication")
    DYNAMICS = "dynamics", _("Managed dynamics")
    STRATEGIES = "strategies", _("Offered strategies")
    SELF_ACCEPTANCE = "self-acceptance", _("Self-acceptance")
    HERE_AND_NOW = "here-and-now", _("Here and now")
    REGULATION = "regulation", _("Modeled regulation")


class TherapeuticFactor(models.TextChoices):
    """What helped, in the field's terms (R12)."""

    INTERPERSONAL_LEARNING = "interpersonal-learning", _("Interpersonal learning")
    UNIVERSALITY = "universality", _("Universality")
    COHESION = "cohesion", _("Cohesion")
    CORRECTIVE = "corrective", _("Corrective experience")
    SOCIALIZING = "socializing", _("Socializing techniques")
    HOPE = "hope", _("Hope")
    INFORMATION = "information", _("Information")
    ALTRUISM = "altruism", _("Altruism")
    FAMILY = "family", _("Family recapitulation")
    IMITATION = "imitation", _("Imitation")
    CATHARSIS = "catharsis", _("Catharsis")
    EXISTENTIAL = "existential", _("Existential factors")


class Tag(models.TextChoices):
    """What was put into words (R6)."""

    THOUGHTS = "thoughts", _("Thoughts")
    FEELINGS = "feelings", _("Feelings")
    ASSOCIATIONS = "associations", _("Associations")
    FANTASIES = "fantasies", _("Fantasies")
    REACTIONS = "reactions", _("Reactions")
    IMPULSES = "impulses", _("Impulses")


class NoteFormat(models.TextChoices):
    """In which parts a member's note is written (R34); ``sessions_log.formats`` says which parts."""

    SHORT = "short", _("A few words")
    FULL = "full", _("Participation to plan")
    DAP = "dap", _("DAP")
    SOAP = "soap", _("SOAP")
    BIRP = "birp", _("BIRP")
    GIRP = "girp", _("GIRP")


class Note(Record):
    """Abstract: a clinical text in named parts, a draft until it is signed; then the database locks it (R37, R45)."""

    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    parts = EncryptedPartsField(scope=OF_GROUP)
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects: ClassVar[NoteQuerySet] = NoteQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        abstract = True

    @property
    def is_signed(self) -> bool:
        """Whether the note is signed and thereby locked."""
        return self.signed_at is not None

    @property
    def text(self) -> str:
        """All words of the note, a line a part."""
        return "\n".join(words for words in self.parts.values() if words)


def _locked_when_signed(name: str) -> pgtrigger.Protect:
    return pgtrigger.Protect(
        name=name,
        operation=pgtrigger.Update | pgtrigger.Delete,
        condition=pgtrigger.Condition(f"OLD.signed_at IS NOT NULL AND {BUT_NEW_KEYS}"),
    )


_SIGNED_BY_SOMEBODY = Q(signed_at__isnull=True, signed_by__isnull=True) | Q(
    signed_at__isnull=False, signed_by__isnull=False
)


def _codes(choices: type[models.TextChoices]) -> Any:
    return ArrayField(models.CharField(max_length=30, choices=choices.choices), default=list, blank=True)


class GroupNote(Note):
    """What happened in the group: counts and themes, never a name (R34). Its parts are ``formats.GROUP``."""

    session = models.OneToOneField(Session, models.PROTECT, related_name="group_note")
    interventions = _codes(Intervention)
    factors = _codes(TherapeuticFactor)
    tags = _codes(Tag)
    phase = models.SlugField(max_length=30, blank=True, db_index=False)  # the code of a ``groups_app.Phase``

    class Meta:
        constraints = [
            models.CheckConstraint(name="group_note_signed_by_somebody", condition=_SIGNED_BY_SOMEBODY),
        ]
        triggers = [_locked_when_signed("group_note_locked")]

    def __str__(self) -> str:
        return f"group note {self.pk}"


# Whose note it was and which version of it; never what it said.
_ABOUT_A_NOTE = ("session", "author", "version", "updated_at", "signed_at", "signed_by")
GroupNoteVersion = keep_versions(GroupNote, fields=_ABOUT_A_NOTE, by="session")


class MemberNote(Note):
    """The part of one member; never another member's name (R34). Its parts are those of its ``format``."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="member_notes")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="notes")
    format = models.CharField(max_length=5, choices=NoteFormat.choices, default=NoteFormat.SHORT)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "membership"], name="member_note_once"),
            models.CheckConstraint(name="member_note_signed_by_somebody", condition=_SIGNED_BY_SOMEBODY),
        ]
        triggers = [_locked_when_signed("member_note_locked")]

    def __str__(self) -> str:
        return f"member note {self.pk}"


MemberNoteVersion = keep_versions(MemberNote, fields=(*_ABOUT_A_NOTE, "membership", "format"), by="session")
