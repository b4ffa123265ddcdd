"""What a message must not say, checked before a practice's own words are kept (R43, R48)."""

import re
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from reminders.models import Via
from reminders.texts.gsm import is_plain, plain
from reminders.texts.template import Template
from reminders.texts.words import NEEDED, PLACEHOLDERS

# Beginnings of words that tell why somebody comes.
_TELLING = re.compile(
    r"\b(therap\w*|psych\w*|counsel\w*|clinic\w*|patient\w*|client\w*|member\w*|group\w*|circle\w*|session\w*|treat\w*|"
    r"mental\w*|disorder\w*|diagnos\w*|symptom\w*|depress\w*|anxi\w*|trauma\w*|grie[fv]\w*|addict\w*|sobriety|recover\w*|"
    r"suicid\w*|crisis|crises|medicat\w*|feelings?|emotion\w*|heal(?:ing|th)\w*|wellness|ptsd|ocd|adhd|phq\w*|gad\w*|"
    r"doctor\w*|lcsw|leader\w*)\b|\b(?:dr\.|ph\.?d|psy\.?d)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?:|www\.|@|\b[\w-]+\.(?:com|org|net|io)\b", re.IGNORECASE)
_BRACES = re.compile(r"[{}]")
# The word with which a sentence begins.
_BEGINNING = re.compile(r"(?:^|(?<=[.!?:\n]))\W*\w+", re.MULTILINE)
_WORDS_TOO = frozenset({
    "Art", "Bill", "Chance", "Faith", "Frank", "Grace", "Grant", "Guy", "Hope", "Joy", "Mark", "May", "Pat", "Rich",
    "Rob", "Sue", "Will",
})  # fmt: skip


def telling_words(text: str) -> list[str]:
    """Return the words of ``text`` that say what the practice does, each once, as written."""
    return list(dict.fromkeys(match[0] for match in _TELLING.finditer(text)))


def objections(
    *, kind: str, channel: str, heading: str, body: str, groups: Iterable[str], staff: Iterable[tuple[str, str]]
) -> list[str]:
    """Return what is wrong with a text, one sentence each; nothing means that it may be sent.

    ``groups`` are the names of the practice's groups, ``staff`` first and last names of those who work there.
    """
    whole = f"{heading}\n{body}"
    return [
        *_about_placeholders(kind, whole, body),
        *_about_names(whole, groups, staff),
        *_about_words(whole),
        *(_about_signs(body) if channel == Via.TEXT else []),
        *([_("A subject is one line.")] if "\n" in heading.strip() else []),
    ]


def _about_placeholders(kind: str, whole: str, body: str) -> list[str]:
    allowed = PLACEHOLDERS[kind]
    template = Template.of(whole)
    found = []
    unknown = [name for name in dict.fromkeys(template.names) if name not in allowed]
    if unknown or _BRACES.search("".join(template.pieces[::2])):
        found.append(_("Braces hold only these: %(names)s.") % {"names": ", ".join(f"{{{name}}}" for name in allowed)})
    missing = [name for name in NEEDED.get(kind, ()) if name not in Template.of(body).names]
    if missing:
        found.append(_("The text must say %(names)s.") % {"names": " and ".join(f"{{{name}}}" for name in missing)})
    return found


def _about_names(whole: str, groups: Iterable[str], staff: Iterable[tuple[str, str]]) -> list[str]:
    folded = whole.casefold()
    found = [
        _("“%(name)s” is the name of a group. No message may carry it.") % {"name": name}
        for name in groups
        if _has_words(folded, name.casefold())
    ]
    for first, last in staff:
        # A name alone only as written: "May" is a name, "may" is not. A first name that is also a word may begin a
        # sentence.
        is_named = _has_words(folded, f"{first} {last}".casefold()) or _has_words(whole, last)
        if is_named or _has_words(_BEGINNING.sub("", whole) if first in _WORDS_TOO else whole, first):
            found.append(
                _("“%(name)s” works here. No message may say with whom somebody meets.") % {"name": f"{first} {last}"}
            )
    return found


def _has_words(text: str, words: str) -> bool:
    return bool(words.strip()) and re.search(rf"(?<!\w){re.escape(words.strip())}(?!\w)", text) is not None


def _about_words(whole: str) -> list[str]:
    found: list[str] = []
    telling: Sequence[str] = telling_words(whole)
    if telling:
        found.append(
            _("Leave out: %(words)s. Whoever else sees the message must not learn why somebody comes.")
            % {"words": ", ".join(telling)}
        )
    if _ADDRESS.search(whole):
        found.append(_("Leave out addresses: Kith adds the links that belong there."))
    return found


def _about_signs(body: str) -> list[str]:
    # Typographic signs have simple counterparts that are put in their place; what has none is refused.
    lost = "".join(dict.fromkeys(sign for sign in body if not is_plain(plain(sign)) or not plain(sign)))
    return [_("A text message has no sign for: %(signs)s") % {"signs": lost}] if lost else []
