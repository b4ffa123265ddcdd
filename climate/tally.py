"""Adding answers up, and what is told of the sums. Pure."""

import json
from collections.abc import Mapping
from decimal import Decimal

from climate.items import FEWEST_ANSWERS, HIGHEST, HIGHEST_SHOWN, ITEMS, LOWEST, LOWEST_SHOWN

Sums = Mapping[str, int]


def plus(sums: Sums, ratings: Mapping[str, int]) -> Sums:
    """Return ``sums`` with one more person's ``ratings``; raise ``ValueError`` unless they answer every question."""
    are_all = set(ratings) == {item.code for item in ITEMS}
    if not are_all or not all(LOWEST <= rating <= HIGHEST for rating in ratings.values()):
        raise ValueError("An answer has one rating from 1 to 5 for each question.")
    return {item.code: sums.get(item.code, 0) + ratings[item.code] for item in ITEMS}


def told(sums: Sums, answers: int) -> dict[str, Decimal]:
    """Return the averages of ``answers`` people as they may be told; raise ``ValueError`` if these are too few."""
    if answers < FEWEST_ANSWERS:
        raise ValueError("Too few answers.")
    return {code: _told(total / answers) for code, total in sums.items()}


def written(sums: Sums) -> str:
    """Return the text that is stored."""
    return json.dumps(dict(sums))


def read(text: str) -> Sums:
    """Return what ``written`` gave; an empty text has no sums yet."""
    return dict(json.loads(text)) if text else {}


def _told(mean: float) -> Decimal:
    return Decimal(str(round(min(max(mean, LOWEST_SHOWN), HIGHEST_SHOWN), 1)))
