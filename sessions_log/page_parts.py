"""The parts of a session's page, as stored or as somebody typed them: the group's, and one a person (R33, R34).

Each part carries with it, in one hidden control, what it was when the page was made: the version and a digest of its
words, and how the person came. So a part that nobody touched is never written over a colleague's newer one, whether the
whole page is sent or, by autosave, only what changed.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Container, Iterable, Mapping
from hashlib import blake2b
from typing import Any, cast

from django.db import models
from django.http import QueryDict
from django.utils.translation import gettext as _

from practice.models import User
from sessions_log.conflicts import Conflict
from sessions_log.formats import GOAL, GROUP, GROUP_KEY, MEMBER, Part, has_words
from sessions_log.merging import merged
from sessions_log.models import (
    IN_PART,
    AttendanceStatus,
    GroupNote,
    Intervention,
    MemberNote,
    Note,
    NoteFormat,
    Tag,
    TherapeuticFactor,
)
from sessions_log.services import Came, GroupNoteDraft, MemberNoteDraft
from sessions_log.sheet import Line

LONGEST_TEXT = 20_000
CODES: dict[str, type[models.TextChoices]] = {
    "interventions": Intervention,
    "factors": TherapeuticFactor,
    "tags": Tag,
}


class NotePart(ABC):
    """What both kinds of part share: texts by their keys, problems by control, and the conflict if there is one."""

    key: str
    parts: tuple[Part, ...]
    version: int
    digest: str

    def __init__(self, note: Note | None, data: QueryDict | None, *, stored: Mapping[str, str]) -> None:
        self.note = note
        self.stored = stored
        self.problems: dict[str, str] = {}
        self.conflict: Conflict | None = None
        self.is_sent = data is not None and any(self.name(part.key) in data for part in self.parts)
        self.texts = {
            part.key: self._text(data, part) if data is not None and self.is_sent else stored.get(part.key, "")
            for part in self.parts
        }

    def name(self, control: str) -> str:
        """Return the name of a control, which is also the end of its id."""
        return f"{self.key}-{control}"

    def label_of(self, control: str) -> str:
        """Return how a problem names the control."""
        return next((str(part.label) for part in self.parts if part.key == control), "")

    def _text(self, data: QueryDict, part: Part) -> str:
        """Return what was typed, with the line ends of one kind that are stored; browsers send their own."""
        text = str(data.get(self.name(part.key), "")).replace("\r\n", "\n").replace("\r", "\n").strip()
        if "\x00" in text:
            self.problems[part.key] = _("Null characters are not allowed. Paste the words as plain text.")
        elif len(text) > LONGEST_TEXT:
            self.problems[part.key] = _("%(count)d characters are too many. Keep it to %(most)d.") % {
                "count": len(text),
                "most": LONGEST_TEXT,
            }
        return text

    @property
    def is_touched(self) -> bool:
        """Whether somebody changed the note since the page was made."""
        return self.is_sent and self._digest() != self.digest

    @property
    @abstractmethod
    def whose(self) -> str:
        """Whom the note is about."""

    @property
    @abstractmethod
    def was(self) -> str:
        """What the hidden control says: from which version the part started, and what it said."""

    @abstractmethod
    def _digest(self) -> str:
        """What tells one content of the part from another."""

    def say_conflict(self, stored: Note, *, reader: User) -> None:
        """Show ``stored`` beside the words ``reader`` typed; saving once more then writes these over it, knowingly."""
        labels = {part.key: str(part.label) for part in (*self.parts, *_parts_of(stored))}
        self.conflict = Conflict(
            author="" if stored.author == reader else stored.author.name,
            at=stored.updated_at,
            words=[(labels[key], words) for key, words in stored.parts.items() if words and key in labels],
            theirs={self.name(key): words for key, words in self._theirs(stored).items()},
            both={self.name(key): words for key, words in self._both(stored).items()},
        )

    def go_on_from(self, sent: "NotePart") -> None:
        """Start from where the sent part started, whose words nobody touched.

        What is stored may be a colleague's, written since and never shown on that page: from the stored version on, its
        next save would put the old words over them.
        """
        self.version, self.digest = sent.version, sent.digest

    def catch_up(self) -> None:
        """Where nobody touched the part show what is stored, and start from it: a colleague may have written since."""
        if self.note is not None and self.is_sent and not self.is_touched:
            self.take_theirs(self.note)
            self.meet(self.note)

    @abstractmethod
    def meet(self, note: Any) -> None:
        """From now on start from the version that is stored."""

    def take_theirs(self, stored: Note) -> None:
        """Replace what was typed by what is stored."""
        self.texts = self._theirs(stored)

    def take_both(self, stored: Note) -> None:
        """Put what was typed and what is stored together."""
        self.texts = self._both(stored)

    def _theirs(self, stored: Note) -> dict[str, str]:
        """Return what is stored in the parts that this page has; words of another format go into the first."""
        fitting = {part.key: stored.parts.get(part.key, "") for part in self.parts}
        if not has_words(fitting):
            fitting[self._first] = stored.text
        return fitting

    def _both(self, stored: Note) -> dict[str, str]:
        return {key: merged(words, self.texts.get(key, "")) for key, words in self._theirs(stored).items()}

    @property
    def _first(self) -> str:
        return next(part.key for part in self.parts if part.key != GOAL)


def _parts_of(note: Note) -> tuple[Part, ...]:
    return MEMBER[note.format] if isinstance(note, MemberNote) else GROUP


class GroupPart(NotePart):
    """What happened in the group, without names."""

    key = GROUP_KEY
    parts = GROUP

    def __init__(self, note: GroupNote | None, data: QueryDict | None = None) -> None:
        super().__init__(note, data, stored=note.parts if note else {})
        self.is_signed = note is not None and note.is_signed
        self.codes = {name: list(getattr(note, name)) if note else [] for name in CODES}
        self.phase = note.phase if note else ""
        self.version = note.version if note else 0
        self.digest = self._digest()
        if data is not None and self.is_sent:
            version, self.digest = _words_of(data, self.name("was"), 2)
            self.version = _number(version)
            self.codes = {name: self._codes(data, name) for name in CODES}
            self.phase = str(data.get(self.name("phase"), ""))

    @property
    def whose(self) -> str:
        return _("The group")

    def check_phase(self, known: Container[str]) -> None:
        """Refuse a phase that is not among those the practice knows."""
        if self.phase and self.phase not in known:
            self.problems["phase"] = _("Choose one of the phases.")

    def _codes(self, data: QueryDict, name: str) -> list[str]:
        chosen = data.getlist(self.name(name))
        if not set(chosen) <= set(CODES[name].values):
            self.problems[name] = _("Choose among what is offered.")
        return chosen

    @property
    def was(self) -> str:
        """What the hidden control says."""
        return f"{self.version}.{self.digest}"

    def draft(self) -> GroupNoteDraft:
        """Return what was written."""
        content: dict[str, Any] = {**self.texts, **{name: sorted(chosen) for name, chosen in self.codes.items()}}
        return GroupNoteDraft(**content, phase=self.phase, version=self.version)

    def meet(self, note: GroupNote) -> None:
        self.version, self.digest = note.version, GroupPart(note).digest

    def take_theirs(self, stored: Note) -> None:
        super().take_theirs(stored)
        theirs = GroupPart(cast("GroupNote", stored))
        self.codes, self.phase = theirs.codes, theirs.phase

    def _digest(self) -> str:
        return _digest_of([self.texts, [sorted(chosen) for chosen in self.codes.values()], self.phase])


class LinePart(NotePart):
    """One person: how they came, and a few words."""

    def __init__(self, line: Line, *, preferred: str, session_minutes: int, data: QueryDict | None = None) -> None:
        self.line = line
        self._most_minutes = session_minutes
        self.key = str(line.membership.pk)
        note = line.note if line.note and has_words(line.note.parts) else None
        self.format = note.format if note else preferred
        self.status, self.minutes = _came_of(line)
        status_was, minutes_was = self.status, self.minutes
        version, digest = "", ""
        if data is not None and self.name("was") in data:
            version, digest, sent_format, status_was, minutes_was = _words_of(data, self.name("was"), 5)
            self.format = sent_format if sent_format in MEMBER else self.format
        self.parts = MEMBER[self.format]
        stored = note.parts if note else {GOAL: line.goal}
        super().__init__(line.note, data, stored=stored)
        self.version = _number(version) if self.is_sent else line.note.version if line.note else 0
        self.digest = digest if self.is_sent else self._digest()
        self._came_was = (status_was, minutes_was)
        if data is not None and self.name("status") in data:
            self.status = str(data.get(self.name("status"), ""))
            self.minutes = str(data.get(self.name("minutes"), "")).strip()
            self._check_came()

    @property
    def whose(self) -> str:
        return self.line.name

    def _check_came(self) -> None:
        if self.status not in AttendanceStatus.values:
            self.problems["status"] = _("Choose how %(name)s came.") % {"name": self.line.name}
        most = self._most_minutes
        if self.minutes and self.status in IN_PART and not 1 <= _number(self.minutes) <= most:
            self.problems["minutes"] = _("Enter the minutes missed as a number from 1 to %(most)d.") % {"most": most}

    @property
    def was(self) -> str:
        """What the hidden control says."""
        return ".".join((str(self.version), self.digest, self.format, *self._came_was))

    @property
    def is_status_touched(self) -> bool:
        """Whether somebody chose how the person came, other than the page proposed or showed it."""
        minutes = self.minutes if self.status in IN_PART else ""
        return (self.status, minutes) != self._came_was

    @property
    def came(self) -> Came:
        """How the person came."""
        return Came.of(Came(self.status, _number(self.minutes) or None))

    def draft(self) -> MemberNoteDraft:
        """Return what was written."""
        return MemberNoteDraft(self.line.membership.pk, self.texts, self.version, self.format)

    def meet(self, note: MemberNote) -> None:
        self.version = note.version
        self.digest = _digest_of([self._theirs(note), self.format])

    def go_on_from(self, sent: NotePart) -> None:
        """Start from the sent words' version and format, and from how the person came by what is stored."""
        super().go_on_from(sent)
        self.format = cast("LinePart", sent).format

    def label_of(self, control: str) -> str:
        """Return how a problem names the control: the person, and the part if there are several."""
        part = super().label_of(control) if len(self.parts) > 1 else ""
        return f"{self.line.name}, {part}" if part else self.line.name

    def _digest(self) -> str:
        return _digest_of([self.texts, self.format])


def _came_of(line: Line) -> tuple[str, str]:
    """Return what is recorded, else what is known: who gave notice is away, all others are here."""
    if line.attendance:
        return line.attendance.status, str(line.attendance.minutes_missed or "")
    return (AttendanceStatus.ABSENT_WITH_NOTICE if line.notice else AttendanceStatus.PRESENT), ""


def _digest_of(content: Iterable[Any]) -> str:
    return blake2b(json.dumps(list(content), sort_keys=True).encode(), digest_size=6).hexdigest()


def _words_of(data: QueryDict, name: str, count: int) -> list[str]:
    """Take a hidden control apart; what was tampered with counts as touched, started from nothing."""
    words = str(data.get(name, "")).split(".")
    return words if len(words) == count else [""] * count


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def preferred_format(value: str | None) -> str:
    """Return a format that exists."""
    return value if value in MEMBER else NoteFormat.SHORT
