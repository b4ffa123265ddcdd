"""Short and familiar forms of first names, English and Spanish, so that "Bob" is found when Robert must not be named.

``familiar.txt`` has one line a name: the full form, then what people call it. Spellings without accents; they are
compared folded.
"""

from collections import defaultdict
from functools import lru_cache
from pathlib import Path

_TABLE = Path(__file__).with_name("familiar.txt")

SAME_START = 3  # letters by which two familiar forms of one name are spellings of each other: Bob, Bobby


@lru_cache(maxsize=1)
def _tables() -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    """Return full form → familiar forms, and the other way round."""
    familiar: dict[str, frozenset[str]] = {}
    full: defaultdict[str, set[str]] = defaultdict(set)
    for line in _TABLE.read_text().splitlines():
        name, _, forms = line.partition(":")
        familiar[name] = frozenset(forms.split())
        for form in familiar[name]:
            full[form].add(name)
    return familiar, {form: frozenset(names) for form, names in full.items()}


def other_forms(name: str) -> frozenset[str]:
    """Return what somebody called ``name`` (folded: small letters, no accents) may also be called.

    Somebody with a full form: all its familiar forms. Somebody who goes by a familiar one: the full forms behind it
    and other spellings of it; Betty is Elizabeth, and not Liz.
    """
    familiar, full = _tables()
    forms = set(familiar.get(name, ()))
    for whole in full.get(name, ()):
        forms.add(whole)
        forms.update(form for form in familiar[whole] if form[:SAME_START] == name[:SAME_START])
    return frozenset(forms - {name})
