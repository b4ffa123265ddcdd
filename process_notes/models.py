"""Psychotherapy notes (45 CFR 164.501): what a therapist writes for themselves, kept apart from the record (R36, R38).

No other room may import this one (``pyproject.toml``, import-linter), so that search, exports, reminders and matching
cannot meet these rows by accident; only the demo, under the roof, does.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.base import Record
from common.encryption import EncryptedTextField
from common.key_scopes import per_author
from practice.models import User
from process_notes.querysets import PrivateQuerySet, ShareQuerySet
from sessions_log.models import Session

OF_AUTHOR = per_author("author_id")


class Private(Record):
    """Abstract: something of one author about one session, readable by them and by whom they share it with."""

    session = models.ForeignKey(Session, models.PROTECT, related_name="+")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField()

    objects: ClassVar[PrivateQuerySet] = PrivateQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        abstract = True


class ProcessNote(Private):
    """What an author thinks about a session, in their own words (R36)."""

    text = EncryptedTextField(_("My process notes"), blank=True, scope=OF_AUTHOR)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "author"], name="process_note_once")]

    def __str__(self) -> str:
        return f"process note {self.pk}"


class InteractionMap(Private):
    """Who spoke to whom in a session, as its author saw it (R38).

    ``entries`` is the text of ``interactions.entries``; in columns, who turned to whom would be readable in a dump.
    """

    entries = EncryptedTextField(blank=True, scope=OF_AUTHOR)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "author"], name="interaction_map_once")]

    def __str__(self) -> str:
        return f"interaction map {self.pk}"


class Share(Record):
    """An author's word that their supervisor may read what they wrote about one session, for supervised training.

    It holds until the author or the supervision ends it (45 CFR 164.508(a)(2)(i)(B)). Nobody else can give one.
    """

    session = models.ForeignKey(Session, models.PROTECT, related_name="+")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    reader = models.ForeignKey(User, models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[ShareQuerySet] = ShareQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("given_at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["session", "author", "reader"], condition=Q(ended_at__isnull=True), name="share_open_once"
            ),
            models.CheckConstraint(name="share_with_somebody_else", condition=~Q(reader=F("author"))),
        ]

    def __str__(self) -> str:
        return f"share {self.pk}"
