"""Two texts for one place: what was stored meanwhile, beside what somebody typed (R37)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.template.loader import render_to_string


@dataclass(frozen=True)
class Conflict:
    """What is stored by now. ``author`` is who wrote it, empty for oneself in another window.

    ``theirs`` and ``both`` are control name → text: what is stored, and both put together.
    """

    author: str
    at: datetime
    words: Sequence[tuple[str, str]]
    theirs: Mapping[str, str]
    both: Mapping[str, str]

    @property
    def theirs_as_json(self) -> str:
        """For the button that gives in."""
        return json.dumps(self.theirs)

    @property
    def both_as_json(self) -> str:
        """For the button that keeps everything."""
        return json.dumps(self.both)


class Part(Protocol):
    """A part of a page that saves itself: its key, and the conflict if there is one."""

    key: str
    conflict: Conflict | None


def conflict_for_autosave(part: Part, *, was: str, zone: str) -> dict[str, Any]:
    """Return what ``js/autosave.js`` shows of a conflict; once somebody has chosen, the part starts from ``was``."""
    html = render_to_string("sessions_log/_conflict.html", {"part": part, "zone": zone})
    return {"key": part.key, "was": was, "html": html}
