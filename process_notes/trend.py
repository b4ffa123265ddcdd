"""How a group's talk changes over its sessions, as numbers for an SVG template."""

from collections.abc import Sequence
from dataclasses import dataclass

from process_notes.circle import Stage
from process_notes.picture import percent

WIDTH, HEIGHT = 840, 170
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 832, 14, 140


@dataclass(frozen=True)
class Mark:
    """One session's point, with what stands beside it."""

    x: float
    y: float
    number: int
    value: str


@dataclass(frozen=True)
class Trend:
    """A line over sessions, from 0% at the bottom to 100% at the top."""

    marks: list[Mark]
    line: str
    levels: list[tuple[float, str]]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    right: int = _RIGHT
    label_y: int = HEIGHT - 8


def trend_of(stages: Sequence[Stage]) -> Trend | None:
    """Return the line of what went among members, session by session; nothing for fewer than two sessions."""
    points = [(stage, stage.network.among_members) for stage in stages]
    known = [(stage, part) for stage, part in points if part is not None]
    if len(known) < 2:
        return None
    step = (_RIGHT - _LEFT - 24) / (len(known) - 1)
    marks = [
        Mark(round(_LEFT + 12 + position * step, 1), _level(part), stage.session.number, percent(part))
        for position, (stage, part) in enumerate(known)
    ]
    line = " ".join(f"{mark.x},{mark.y}" for mark in marks)
    return Trend(marks=marks, line=line, levels=[(_level(part), percent(part)) for part in (0.0, 0.5, 1.0)])


def _level(part: float) -> float:
    return round(_BOTTOM - part * (_BOTTOM - _TOP), 1)
