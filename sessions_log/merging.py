"""Two versions of one text put together, so that no sentence of either is lost (R37)."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

# A sentence or a line, with the space behind it.
_PIECE = re.compile(r".+?(?:[.!?…]+[\"”’)]*\s+|\n+|\Z)|\n+", re.DOTALL)


def merged(stored: str, mine: str) -> str:
    """Return all sentences of both, in their order: what they share once, then ``stored``'s and ``mine``.

    Where one only goes on from the other, that is the longer one.
    """
    if mine.startswith(stored):
        return mine
    if stored.startswith(mine):
        return stored
    return _joined(_pieces_of_both(_PIECE.findall(stored), _PIECE.findall(mine)))


def _pieces_of_both(stored: list[str], mine: list[str]) -> Iterator[str]:
    matcher = SequenceMatcher(None, [piece.strip() for piece in stored], [piece.strip() for piece in mine], False)
    for kind, i, j, k, m in matcher.get_opcodes():
        if kind == "equal":
            yield from stored[i:j]
        elif j - i == m - k == 1 and _goes_on(stored[i], mine[k]):
            # By its words: a line of nothing but space is no longer text.
            yield max(stored[i], mine[k], key=lambda piece: len(piece.strip()))
        else:
            yield from stored[i:j]
            yield from mine[k:m]


def _goes_on(one: str, other: str) -> bool:
    one, other = one.strip(), other.strip()
    return one.startswith(other) or other.startswith(one)


def _joined(pieces: Iterator[str]) -> str:
    text = ""
    for piece in pieces:
        # The last sentence of one version, with nothing behind it, may come to stand before others.
        text += " " + piece if text and not text[-1].isspace() and not piece[:1].isspace() else piece
    return text
