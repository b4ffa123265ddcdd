"""What is recorded of a session's talk, and its text as it is stored."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

GROUP = "group"  # the key of the whole group, to which one may speak and which answers nothing


class Kind(TextChoices):
    """What was done with the words: the ways of speaking that a process group is for (R8), and plain talk."""

    REMARK = "remark", _("Remark")
    FEEDBACK = "feedback", _("Here-and-now feedback")
    LANDING = "landing", _("“How did that land?”")
    SUPPORT = "support", _("Support")
    CONFRONTATION = "confrontation", _("Confrontation")
    DISCLOSURE = "disclosure", _("Self-disclosure")
    NEW = "new", _("Trying something new")


@dataclass(frozen=True)
class Interaction:
    """Somebody spoke to somebody, or to the group. ``number`` is its place in the order of the session."""

    number: int
    source: str
    target: str
    kind: str


def written(entries: Iterable[Interaction]) -> str:
    """Return ``entries`` as the text that is stored."""
    return json.dumps([[one.number, one.source, one.target, one.kind] for one in entries], separators=(",", ":"))


def read(text: str) -> list[Interaction]:
    """Return what ``written`` was given; an empty text holds nothing."""
    return [Interaction(*row) for row in json.loads(text)] if text else []


def next_number(entries: Sequence[Interaction]) -> int:
    """Return the number of the interaction that follows ``entries``."""
    return max((one.number for one in entries), default=0) + 1
