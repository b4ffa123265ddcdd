"""The picture: seats around a circle, arrows between them, as numbers for an SVG template (no style, only classes)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from process_notes.interactions.entries import GROUP
from process_notes.interactions.network import Network, Seat

WIDTH, HEIGHT = 552, 420
_CENTER_X, _CENTER_Y, _RADIUS = 276.0, 210.0, 158.0
SEAT_RADIUS = 22.0
GROUP_RADIUS = 15.0
_LABEL_GAP = 10.0
_BEND = 0.17  # how far an arrow swings from the straight line, as a part of its length: there and back lie apart
_HEAD, _HEAD_WIDTH = 10.0, 4.6
_LETTERS = "abcdefghijklmnop"

# From how many times on something is as strong as grade 1 … 5 says, as long as nothing is stronger than the last.
_GRADES = (1, 2, 4, 7, 11)


def grade(count: int, strongest: int) -> int:
    """Return how strong ``count`` is, 0 (nothing) to 5; many sessions together are measured by their ``strongest``."""
    scale = max(1.0, strongest / _GRADES[-1])
    return max(sum(count >= least * scale for least in _GRADES), int(count > 0))


@dataclass(frozen=True)
class Point:
    """A seat on the page. ``letter`` is its key on the keyboard."""

    seat: Seat
    letter: str
    x: float
    y: float
    label_x: float
    label_y: float
    anchor: str
    is_alone: bool


@dataclass(frozen=True)
class Arrow:
    """Words from one to another. ``path`` is a curve, ``head`` its point as a polygon; ``weight`` 1 to 5."""

    path: str
    head: str
    weight: int
    is_mutual: bool
    to_group: bool
    source: str
    target: str
    count: int


@dataclass(frozen=True)
class Ring:
    """Everything an SVG template prints."""

    points: list[Point]
    arrows: list[Arrow]
    letter: str  # the whole group's key on the keyboard

    width: int = WIDTH
    height: int = HEIGHT
    center: tuple[float, float] = (_CENTER_X, _CENTER_Y)
    seat_radius: float = SEAT_RADIUS
    group_radius: float = GROUP_RADIUS


def seated(seats: Sequence[Seat]) -> list[Seat]:
    """Return the seats in the order of the circle: leaders apart from each other, members by name between them."""
    leaders = [seat for seat in seats if seat.is_leader]
    members = [seat for seat in seats if not seat.is_leader]
    if not leaders:
        return members
    each, more = divmod(len(members), len(leaders))
    circle: list[Seat] = []
    for position, leader in enumerate(leaders):
        take = each + (position < more)
        circle += [leader, *members[:take]]
        members = members[take:]
    return circle


def draw(network: Network) -> Ring:
    """Place the seats of ``network`` and draw an arrow for each direction in which somebody spoke."""
    circle = seated(network.seats)
    alone = {seat.key for seat in network.isolates}
    points = [_point(seat, position, len(circle), seat.key in alone) for position, seat in enumerate(circle)]
    places = {point.seat.key: (point.x, point.y, SEAT_RADIUS) for point in points}
    places[GROUP] = (_CENTER_X, _CENTER_Y, GROUP_RADIUS)
    names = {seat.key: seat.name for seat in circle}
    strongest = max(network.counts.values(), default=0)
    arrows = [
        _arrow(
            places[source],
            places[target],
            count=count,
            weight=grade(count, strongest),
            source=names[source],
            target=names.get(target, ""),
            is_mutual=bool(network.counts[target, source]),
        )
        for (source, target), count in sorted(network.counts.items(), key=lambda item: item[1])
    ]
    return Ring(points=points, arrows=arrows, letter=_LETTERS[len(circle) % len(_LETTERS)])


def _point(seat: Seat, position: int, total: int, is_alone: bool) -> Point:
    angle = 2 * math.pi * position / max(total, 1) - math.pi / 2
    across, down = math.cos(angle), math.sin(angle)
    away = SEAT_RADIUS + _LABEL_GAP
    is_side = abs(across) > 0.35
    return Point(
        seat=seat,
        letter=_LETTERS[position % len(_LETTERS)],
        x=round(_CENTER_X + _RADIUS * across, 1),
        y=round(_CENTER_Y + _RADIUS * down, 1),
        label_x=round(_CENTER_X + (_RADIUS + (away if is_side else 0)) * across, 1),
        label_y=round(_CENTER_Y + (_RADIUS + away + (0 if is_side else 4)) * down + 5, 1),
        anchor=("start" if across > 0 else "end") if is_side else "middle",
        is_alone=is_alone,
    )


def _arrow(
    start: tuple[float, float, float],
    end: tuple[float, float, float],
    *,
    count: int,
    weight: int,
    source: str,
    target: str,
    is_mutual: bool,
) -> Arrow:
    (x1, y1, radius1), (x2, y2, radius2) = start, end
    across, down = x2 - x1, y2 - y1
    # The curve's control point lies beside the middle of the line; the way back then bends to the other side.
    bend = 0.0 if not target else _BEND
    control = ((x1 + x2) / 2 - down * bend, (y1 + y2) / 2 + across * bend)
    head = _HEAD + weight
    first = _towards((x1, y1), control, radius1 + 3)
    tip = _towards((x2, y2), control, radius2 + 3)
    neck = _towards(tip, control, head * 0.8)
    return Arrow(
        path=f"M{first[0]:.1f} {first[1]:.1f}Q{control[0]:.1f} {control[1]:.1f} {neck[0]:.1f} {neck[1]:.1f}",
        head=_triangle(tip, control, length=head, width=_HEAD_WIDTH + weight * 0.9),
        weight=weight,
        is_mutual=is_mutual,
        to_group=not target,
        source=source,
        target=target,
        count=count,
    )


def _towards(origin: tuple[float, float], goal: tuple[float, float], distance: float) -> tuple[float, float]:
    across, down = goal[0] - origin[0], goal[1] - origin[1]
    length = math.hypot(across, down) or 1.0
    return origin[0] + across / length * distance, origin[1] + down / length * distance


def _triangle(tip: tuple[float, float], behind: tuple[float, float], *, length: float, width: float) -> str:
    base = _towards(tip, behind, length)
    across, down = base[0] - tip[0], base[1] - tip[1]
    size = math.hypot(across, down) or 1.0
    aside = (-down / size * width, across / size * width)
    corners = [tip, (base[0] + aside[0], base[1] + aside[1]), (base[0] - aside[0], base[1] - aside[1])]
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)
