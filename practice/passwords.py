"""Passwords that anybody who knows this place would try first (ASVS 5.0, 6.2.11)."""

import re

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


def _words() -> set[str]:
    names = [*Practice.objects.values_list("name", flat=True), *Site.objects.values_list("name", flat=True)]
    own = {word for name in names for word in re.findall(r"\w{4,}", sort_key(name))}
    return own | OUR_WORDS
