"""Which parts a note has: data, so that another format is a row here and nothing else (R34)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sessions_log.models import NoteFormat

GROUP_KEY = "group"  # of the group note's part of a page; a member's is the membership's
PLAN = "plan"
GOAL = "goal"


@dataclass(frozen=True)
class Part:
    """One text of a note: key, label, how many lines it begins with, and what stands in it while it is empty."""

    key: str
    label: str | Promise
    rows: int = 2
    hint: str | Promise = ""


GROUP = (
    Part("theme", _("Theme"), hint=_("What it was about, in a sentence")),
    Part("dynamics", _("Dynamics"), hint=_("How people were with each other; silences, alliances, turns")),
    Part("observations", _("What happened"), rows=3),
    Part(PLAN, _("Plan"), hint=_("For the next session")),
)

_PLAN = Part(PLAN, _("Plan"))
MEMBER: dict[str, tuple[Part, ...]] = {
    NoteFormat.SHORT: (Part("note", _("Note"), hint=_("Participation, response, plan")),),
    NoteFormat.FULL: (
        Part("participation", _("Participation")),
        Part("response", _("Response")),
        Part("progress", _("Progress")),
        Part("risk", _("Risk")),
        _PLAN,
    ),
    NoteFormat.DAP: (Part("data", pgettext_lazy("of a note", "Data")), Part("assessment", _("Assessment")), _PLAN),
    NoteFormat.SOAP: (
        Part("subjective", _("Subjective")),
        Part("objective", _("Objective")),
        Part("assessment", _("Assessment")),
        _PLAN,
    ),
    NoteFormat.BIRP: (
        Part("behavior", _("Behavior")),
        Part("intervention", _("Intervention")),
        Part("response", _("Response")),
        _PLAN,
    ),
    NoteFormat.GIRP: (
        Part(GOAL, _("Goal"), rows=1),
        Part("intervention", _("Intervention")),
        Part("response", _("Response")),
        _PLAN,
    ),
}

_LABELS = {part.key: part.label for parts in (GROUP, *MEMBER.values()) for part in parts}


def has_words(parts: Mapping[str, str]) -> bool:
    """Whether something is written; a goal alone is not, because it was pulled and not written."""
    return any(words for key, words in parts.items() if key != GOAL)


def labeled(note: Any) -> list[tuple[str, str]]:
    """Return the written parts of a note with their labels; a note of one part needs none."""
    written = [(key, words) for key, words in note.parts.items() if words]
    alone = list(note.parts) == ["note"]
    return [("" if alone else str(_LABELS.get(key, key)), words) for key, words in written]
