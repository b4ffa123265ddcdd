"""Passwords that anybody would try first: who knows this place, and who has lists of breached ones (ASVS 5.0, 6.2)."""

import hashlib
import re
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from common.names import sort_key
from practice.models import Practice, Site

# What every practice that uses Kith has in common; its own name and its sites' are added.
OUR_WORDS = frozenset({"kith", "group", "groups", "therapy", "therapist", "session", "circle", "practice", "password"})
_ENOUGH_LETTERS = 6


class OurOwnWordsValidator:
    """Refuses a password that is little more than the practice's own words, its sites' or the trade's."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise ``ValidationError`` when it holds such a word and fewer than six other letters."""
        letters = rest = re.sub(r"[\W\d_]+", "", sort_key(password))
        for word in sorted(_words(), key=len, reverse=True):
            rest = rest.replace(word, "")
        if rest != letters and len(rest) < _ENOUGH_LETTERS:
            raise ValidationError(self.get_help_text(), code="password_of_our_own_words")

    def get_help_text(self) -> str:
        """Say what to do instead."""
        return _("Use words that have nothing to do with this practice, its places or its work.")


class BreachedPasswordValidator:
    """Refuses a password that the installation's list of breached ones knows (ASVS 5.0, 6.2.12); without a list, none.

    The list is ``KITH_BREACHED_PASSWORDS_FILE``: SHA-1 sums in capital letters, one a line and in order, each followed
    by what it likes. It is read on this machine, so nobody else learns which password somebody thinks of.
    """

    def validate(self, password: str, user: object = None) -> None:
        """Raise ``ValidationError`` when it is known."""
        place = settings.BREACHED_PASSWORDS_FILE
        # What the list is made of, not what protects anything.
        wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()
        if place and is_listed(Path(place), wanted.encode()):
            raise ValidationError(self.get_help_text(), code="password_breached")

    def get_help_text(self) -> str:
        """Say what to do instead."""
        return _("This password is known from a leak somewhere else. Choose one that you use nowhere else.")


def is_listed(place: Path, wanted: bytes) -> bool:
    """Whether a line of the file, whose lines are in order, begins with ``wanted``: a few short reads, any size."""
    with place.open("rb") as lines:
        low, high = 0, place.stat().st_size
        while low < high:
            middle = (low + high) // 2
            line = _line_after(lines, middle)
            if line and line < wanted:
                low = middle + 1
            else:
                high = middle
        return _line_after(lines, low).startswith(wanted)


def _line_after(lines: BinaryIO, position: int) -> bytes:
    """Return the first line that begins behind ``position``; at 0 the file's first."""
    lines.seek(position)
    if position:
        lines.readline()
    return lines.readline()


def _words() -> set[str]:
    names = [*Practice.objects.values_list("name", flat=True), *Site.objects.values_list("name", flat=True)]
    own = {word for name in names for word in re.findall(r"\w{4,}", sort_key(name))}
    return own | OUR_WORDS
