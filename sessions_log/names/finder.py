"""Finds people's names in a text: first, preferred and familiar names, surnames, possessives, unaccented forms (R35).

Pure: it knows no session and asks no database. It takes time in proportion to the text: one pass that cuts words, one
look-up a word.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from common.names import sort_key
from sessions_log.names.diminutives import other_forms
from sessions_log.names.lookalikes import (
    BEFORE_MONTHS,
    DONE_TO_PEOPLE,
    FINITE,
    HUMAN_VERBS,
    MONTHS,
    OPENERS,
    PARTICLES,
    TITLES,
    WORDS,
)

# A letter with what hangs on it: combining accents, and invisible marks that a paste may bring.
_LETTER = r"[^\W\d_][\u0300-\u036f\u00ad\u200b-\u200d\u2060]*"
_WORD = re.compile(rf"(?:{_LETTER})+(?:['’ʼ‘`](?:{_LETTER})+)*")
_INVISIBLE = dict.fromkeys((0xAD, 0x200B, 0x200C, 0x200D, 0x2060))
_POSSESSIVE = re.compile(r"['’ʼ‘`]s$", re.IGNORECASE)
# Between two parts of one name: a space, a line's end, a hyphen.
_WITHIN_NAME = re.compile(r"[ \t\r\n\u00a0\-‐‑]{1,2}")
_ENDS_SENTENCE = re.compile(r"[.!?:;…\n•–—]")
# How letters are written out where a keyboard lacks them.
_WRITTEN_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "ß": "ss"})

_PLURALS = ("s", "es")  # a possessive looks like the first once it is folded
_SHORTEST_PLURAL = 4  # "Imanis" is a slip for "Imani's"; "Als" is nothing


@dataclass(frozen=True)
class Person:
    """Somebody whose name may stand in a text. ``key`` is the caller's."""

    key: Hashable
    first_name: str
    last_name: str
    preferred_name: str = ""


@dataclass(frozen=True)
class Found:
    """A place in a text, from ``start`` up to ``end``, that names somebody; several keys if several are called so."""

    start: int
    end: int
    text: str
    keys: tuple[Hashable, ...]
    word: str  # the name itself, folded: the same for "Grace", "grace" and "Grace's"


Form = tuple[str, ...]


class Names:
    """The names of some people, ready to be looked for."""

    def __init__(self, people: Iterable[Person]) -> None:
        forms: defaultdict[Form, dict[Hashable, None]] = defaultdict(dict)  # keys in the order of people
        self._given: dict[Form, set[str]] = defaultdict(set)  # initials of the surnames of those called so
        for person in people:
            for form, is_given in forms_of(person):
                forms[form][person.key] = None
                if is_given and person.last_name:
                    self._given[form].add(_folded(person.last_name)[:1])
        self._forms = {form: tuple(keys) for form, keys in forms.items()}
        self._longest = max(map(len, self._forms), default=0)
        self._first_words = tuple({form[0] for form in self._forms})
        # What a name's first word can look like in a text, folded.
        self._beginnings = {form[0] + ending for form in self._forms for ending in ("", *_PLURALS)}

    def find(self, text: str, *, owner: Person | None = None) -> list[Found]:
        """Return every place of ``text`` that names one of the people, in order and without overlap.

        The text of an ``owner`` may name its owner: a name that is theirs as well is taken for theirs.
        """
        if not self._may_be_in(text):
            return []
        own = {form for form, _ in forms_of(owner)} if owner else frozenset()
        words = list(_words(text))
        found: list[Found] = []
        position = 0
        while position < len(words):
            hit = self._at(text, words, position, own)
            if hit is None:
                position += 1
            else:
                found.append(hit[0])
                position += hit[1]
        return found

    def _may_be_in(self, text: str) -> bool:
        """Whether a word of ``text`` could begin a name. Most texts name nobody: the whole is looked through first."""
        folded = _folded(text)
        if not any(word in folded for word in self._first_words):
            return False
        return not self._beginnings.isdisjoint(map(_folded, _WORD.findall(text)))

    def _at(self, text: str, words: "Sequence[_Word]", position: int, own: Set[Form]) -> tuple[Found, int] | None:
        """Return the longest name that begins with the word at ``position``, and how many words it has."""
        for length in range(min(self._longest, len(words) - position), 0, -1):
            run = words[position : position + length]
            if length > 1 and not _is_one_name(text, run):
                continue
            for form in _readings(run):
                keys = None if form in own else self._forms.get(form)
                if keys and (length > 1 or _is_meant(text, words, position, form[0])):
                    end = self._with_initial(text, words, position + length, form) or run[-1].end
                    return Found(run[0].start, end, text[run[0].start : end], keys, " ".join(form)), length
        return None

    def _with_initial(self, text: str, words: "Sequence[_Word]", after: int, form: Form) -> int | None:
        """Return the end of "Imani A.", if the given name is followed by the initial of the surname."""
        if after == len(words) or not self._given.get(form):
            return None
        initial, previous = words[after], words[after - 1]
        is_initial = len(initial.folded) == 1 and initial.text.isupper() and initial.folded in self._given[form]
        if not is_initial or text[previous.end : initial.start] != " " or text[initial.end : initial.end + 1] != ".":
            return None
        return initial.end + 1


@lru_cache(maxsize=512)
def names_of(people: tuple[Person, ...]) -> Names:
    """Return the names of ``people`` ready to be looked for; a group's are asked for at every save of a page."""
    return Names(people)


@dataclass(frozen=True)
class _Word:
    start: int
    end: int
    text: str
    folded: str


def _words(text: str) -> Iterator[_Word]:
    for match in _WORD.finditer(text):
        yield _Word(match.start(), match.end(), match.group(), _folded(match.group()))


def _folded(text: str) -> str:
    return sort_key(text if text.isascii() else text.translate(_INVISIBLE))


def _is_one_name(text: str, run: "Sequence[_Word]") -> bool:
    return all(_WITHIN_NAME.fullmatch(text, one.end, two.start) for one, two in pairwise(run))


def _readings(run: "Sequence[_Word]") -> Iterator[Form]:
    """Yield the words as they are, then without what a possessive or a plural puts on the last one."""
    before, last = tuple(word.folded for word in run[:-1]), run[-1]
    yield (*before, last.folded)
    if _POSSESSIVE.search(last.text):
        yield (*before, last.folded[:-1])
        return
    for ending in _PLURALS:
        bare = last.folded.removesuffix(ending)
        if bare != last.folded and len(bare) >= _SHORTEST_PLURAL and bare not in WORDS:
            yield (*before, bare)


@lru_cache(maxsize=4_096)
def forms_of(person: Person) -> tuple[tuple[Form, bool], ...]:
    """Return each form of a person's name, and whether it is a given one."""
    return tuple(_forms_of(person))


def _forms_of(person: Person) -> Iterator[tuple[Form, bool]]:
    given = [name for name in (person.first_name, person.preferred_name) if name.strip()]
    surnames = set(_spellings(person.last_name))
    for name in given:
        for spelling in _spellings(name):
            yield spelling, True
            for surname in surnames:
                yield spelling + surname, False
            for part in _speaking(spelling):
                yield (part,), True
                yield from (((form,), True) for form in other_forms(part))
                for surname in surnames:
                    yield (part, *surname), False
    for surname in surnames:
        if len(surname) > 1 or surname[0] not in PARTICLES:
            yield surname, False
        for part in _speaking(surname):
            yield (part,), False


def _speaking(form: Form) -> list[str]:
    """Return the parts of a name that are names by themselves."""
    if len(form) == 1:
        return list(form)
    return [part for part in form if len(part) > 1 and part not in PARTICLES]


def _spellings(name: str) -> Iterator[Form]:
    """Yield a name's parts as they are written, without accents, and with letters written out (Gruenwald)."""
    composed = unicodedata.normalize("NFC", name)
    for spelling in dict.fromkeys((composed, composed.casefold().translate(_WRITTEN_OUT))):
        parts = tuple(word.folded for word in _words(spelling))
        if parts:
            yield parts
        # O'Connell is written O Connell as well.
        apart = tuple(_folded(part) for part in re.split(r"['’ʼ‘`\s\-]+", spelling) if part)
        if apart and apart != parts:
            yield apart
        if len(parts) > 1:
            yield ("".join(parts),)


def _is_meant(text: str, words: "Sequence[_Word]", position: int, name: str) -> bool:
    """Whether the single word at ``position``, which could be ``name``, does mean a person."""
    word = words[position]
    has_capital = word.text[:1].isupper()
    if name not in WORDS and word.folded not in WORDS:
        return has_capital or len(name) > 2
    before = words[position - 1] if position else None
    if _POSSESSIVE.search(word.text) or (before and _speaks_of_person(text, before, word)):
        return True
    after = words[position + 1] if position + 1 < len(words) else None
    following = after.folded if after and not text[word.end : after.start].strip(" \t\n") else ""
    if not has_capital:
        return following in HUMAN_VERBS
    if name in MONTHS and _is_month(text, word, before):
        return False
    starts = before is None or bool(_ENDS_SENTENCE.search(text, before.end, word.start))
    if starts and name in OPENERS:
        is_past = following.endswith("ed") and len(following) > 3
        return following in FINITE or is_past or text[word.end : word.end + 1] in tuple(",;:.!?)")
    return True


def _speaks_of_person(text: str, before: _Word, word: _Word) -> bool:
    """Whether the word before a name says that a person follows: "Mr. May", "told Will"."""
    if before.folded in TITLES:
        return True
    return before.folded in DONE_TO_PEOPLE and not text[before.end : word.start].strip()


def _is_month(text: str, word: _Word, before: _Word | None) -> bool:
    """Whether a word that is a month is meant as one: "in May", "May 3", "May 2026"."""
    if text[word.end : word.end + 4].strip(" ,")[:1].isdigit():
        return True
    return before is not None and before.folded in BEFORE_MONTHS and not text[before.end : word.start].strip(" \t-")
