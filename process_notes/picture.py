"""A network as a page shows it: the ring, the matrix, the figures with their words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from process_notes.interactions.entries import GROUP, Kind
from process_notes.interactions.network import DEFINITIONS, Network, Pair, Seat, Standing
from process_notes.interactions.ring import Ring, draw, grade, seated


@dataclass(frozen=True)
class Cell:
    """How often one spoke to another; ``shade`` 0 to 5, ``is_self`` where the two are one."""

    count: int
    shade: int
    is_self: bool = False


@dataclass(frozen=True)
class Row:
    """What one person said to each of the others, and to the group."""

    seat: Seat
    cells: list[Cell]
    total: int


@dataclass(frozen=True)
class Matrix:
    """Who spoke (rows) to whom (columns; the last is the whole group)."""

    columns: list[Seat]
    rows: list[Row]


@dataclass(frozen=True)
class Picture:
    """Everything about one network that a page prints."""

    network: Network
    ring: Ring
    matrix: Matrix
    mutual: list[Pair]
    isolates: list[Seat]
    unanswered: list[Seat]
    central: list[tuple[Standing, str]]
    kinds: list[tuple[str, int]]
    among_members: str
    reciprocity: str
    summary: str
    words: dict[str, str]


def picture_of(network: Network) -> Picture:
    """Return what a page shows of ``network``."""
    return Picture(
        network=network,
        ring=draw(network),
        matrix=_matrix(network),
        mutual=network.mutual,
        isolates=network.isolates,
        unanswered=network.unanswered,
        central=[(one, percent(one.share)) for one in network.most_central],
        kinds=[(str(kind.label), network.kinds[kind]) for kind in Kind if network.kinds[kind]],
        among_members=percent(network.among_members),
        reciprocity=percent(network.reciprocity),
        summary=_summary(network),
        words={key: str(sentence) for key, sentence in DEFINITIONS.items()},
    )


def percent(part: float | None) -> str:
    """Return "42%", or a dash where there is nothing to divide by."""
    return "–" if part is None else f"{part * 100:.0f}%"


def _matrix(network: Network) -> Matrix:
    circle = seated(network.seats)
    strongest = max(network.counts.values(), default=0)
    rows = []
    for one in circle:
        counts = [network.counts[one.key, other.key] for other in circle] + [network.counts[one.key, GROUP]]
        cells = [Cell(count, grade(count, strongest)) for count in counts]
        cells[circle.index(one)] = Cell(0, 0, is_self=True)
        rows.append(Row(one, cells, sum(counts)))
    return Matrix(circle, rows)


def _summary(network: Network) -> str:
    """Say the picture in a sentence, for those who do not see it."""
    if not network.total:
        return _("Nothing is recorded yet.")
    parts = [_("%(count)d exchanges among %(people)d people.") % {"count": network.total, "people": len(network.seats)}]
    if network.mutual:
        pair = network.mutual[0]
        names = {"one": pair.first.name, "two": pair.second.name}
        parts.append(_("%(one)s and %(two)s spoke to each other most.") % names)
    if network.isolates:
        parts.append(_("Alone: %(names)s.") % {"names": ", ".join(seat.name for seat in network.isolates)})
    return " ".join(parts)
