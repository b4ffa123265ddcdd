"""What somebody wrote and wants to have stored, each draft with the version of the note it started from."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sessions_log.formats import has_words
from sessions_log.models import GroupNote, MemberNote, NoteFormat


class Draft(ABC):
    """Words that may be stored over others only if these were known to whoever wrote them (R37)."""

    version: int

    @abstractmethod
    def is_in(self, stored: Any) -> bool:
        """Whether ``stored`` says just this; nothing stored says nothing."""

    def is_newer_than(self, stored: Any) -> bool:
        """Whether writing this loses nothing: it starts from what is stored, or says the same."""
        return stored is None or self.version == stored.version or self.is_in(stored)


@dataclass(frozen=True)
class GroupNoteDraft(Draft):
    """A group note, starting from ``version`` of what was stored (0: nothing was)."""

    theme: str = ""
    dynamics: str = ""
    observations: str = ""
    plan: str = ""
    interventions: Sequence[str] = ()
    factors: Sequence[str] = ()
    tags: Sequence[str] = ()
    phase: str = ""
    version: int = 0

    @property
    def parts(self) -> dict[str, str]:
        """The texts by their keys in ``formats.GROUP``."""
        return {
            "theme": self.theme,
            "dynamics": self.dynamics,
            "observations": self.observations,
            "plan": self.plan,
        }

    def is_in(self, stored: GroupNote | None) -> bool:
        """Whether ``stored`` says just this; no note says nothing."""
        return self._content == content_of_group(stored)

    @property
    def _content(self) -> tuple[object, ...]:
        return (_written(self.parts), set(self.interventions), set(self.factors), set(self.tags), self.phase)


@dataclass(frozen=True)
class MemberNoteDraft(Draft):
    """A member's note in the parts of its ``format``, starting from ``version`` of what was stored (0: nothing was)."""

    membership_id: UUID
    parts: Mapping[str, str]
    version: int = 0
    format: str = NoteFormat.SHORT

    def is_in(self, stored: MemberNote | None) -> bool:
        """Whether ``stored`` says just this; no note says nothing, and neither does a goal alone."""
        if stored is None:
            return not has_words(self.parts)
        return _written(self.parts) == _written(stored.parts) and self.format == stored.format


def content_of_group(note: GroupNote | None) -> tuple[object, ...]:
    """Return what ``note`` says, in a form that can be compared."""
    if note is None:
        return ({}, set(), set(), set(), "")
    return (_written(note.parts), set(note.interventions), set(note.factors), set(note.tags), note.phase)


def _written(parts: Mapping[str, str]) -> dict[str, str]:
    return {key: words for key, words in parts.items() if words}
