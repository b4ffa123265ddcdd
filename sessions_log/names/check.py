"""Which names stand in the notes of one session, where none, or nobody else's, may stand (R34, R35).

Looked for are the people on the session's roster: all of them in the group note, all but its own member in a member's.
Signed notes are left alone. What somebody has confirmed to be another person is not found again in that note.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from groups_app.models import Membership
from sessions_log.formats import GROUP_KEY
from sessions_log.models import GroupNote, MemberNote, NameConfirmation, Session
from sessions_log.names.finder import Found, Names, Person, names_of

AROUND = 48  # letters of context on each side of a name
MOST_EXCERPTS = 3
_TITLE = re.compile(r"\b(?:Mr|Mrs|Ms|Mx|Miss|Dr)\.?[ \u00a0]$")
_ENDS_SENTENCE = re.compile(r"(?:^|[.!?…\n]|[.!?]['\"”’)])\s*$")
Note = GroupNote | MemberNote


@dataclass(frozen=True)
class Excerpt:
    """A name in its place."""

    before: str
    name: str
    after: str


@dataclass
class Named:
    """A name found in one note. ``membership`` says whose note, ``None`` the group's; ``word`` is the name, folded.

    ``places`` are all of its places by the note's parts, ``excerpts`` the first few of them with the words around.
    """

    membership: Membership | None
    word: str
    people: list[Membership]
    excerpts: list[Excerpt] = field(default_factory=list)
    places: dict[str, list[Found]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name as it was written first."""
        return self.excerpts[0].name

    @property
    def key(self) -> str:
        """The key of the note's part on the page: the membership's, or the group's."""
        return str(self.membership.pk) if self.membership else GROUP_KEY

    @property
    def value(self) -> str:
        """What a button sends to say which name in which note."""
        return f"{self.key} {self.word}"

    @property
    def whose(self) -> str:
        """Who of the group is called so."""
        names = " / ".join(membership.client.roster_name for membership in self.people)
        if len(self.people) > 1:
            return _("%(names)s are in this group.") % {"names": names}
        return _("%(names)s is in this group.") % {"names": names}

    @property
    def instead(self) -> str:
        """What can stand there instead."""
        return _("another member") if self.membership else _("a member")

    @property
    def sentence(self) -> str:
        """What is to be done before signing."""
        values = {"name": self.name}
        if self.membership is None:
            return _("“%(name)s” in the group note: take the name out, or say that it is somebody else.") % values
        values["member"] = self.membership.client.roster_name
        return _("“%(name)s” in the note about %(member)s: take it out, or say that it is somebody else.") % values


def named_in(
    *, session: Session, roster: Iterable[Membership], group_note: GroupNote | None, notes: Mapping[UUID, MemberNote]
) -> list[Named]:
    """Return the names found in the unsigned notes, the group's first, then by roster. One query if there are any."""
    roster = list(roster)
    by_key = {membership.pk: membership for membership in roster}
    names = names_of(tuple(person_of(membership) for membership in roster))
    found: list[Named] = []
    if group_note and not group_note.is_signed:
        found += _named(group_note, names, None, by_key)
    for membership in roster:
        note = notes.get(membership.pk)
        if note and not note.is_signed:
            found += _named(note, names, membership, by_key)
    if not found:
        return []
    confirmed = {(row.membership_id, row.word) for row in NameConfirmation.objects.filter(session=session)}
    return [one for one in found if (one.membership.pk if one.membership else None, one.word) not in confirmed]


def person_of(membership: Membership) -> Person:
    """Return the names of a member."""
    client = membership.client
    return Person(membership.pk, client.first_name, client.last_name, client.preferred_name)


def without(text: str, places: Iterable[Found], instead: str) -> str:
    """Return ``text`` with ``instead`` in place of each name, its title too; possessives and capitals are kept."""
    parts: list[str] = []
    position = 0
    for one in places:
        before = text[position : one.start]
        title = _TITLE.search(before)
        if title:
            before = before[: title.start()]
        new = instead + ("’s" if re.search(r"['’ʼ]s?$", one.text) else "")
        so_far = "".join(parts) + before
        parts += [before, new[:1].upper() + new[1:] if _ENDS_SENTENCE.search(so_far[-4:]) or not so_far else new]
        position = one.end
        if one.text.endswith(".") and text[position : position + 1] in ("", "\n"):
            parts.append(".")  # "Imani A." at the end of a sentence: the mark was both
    return "".join(parts) + text[position:]


def texts_of(note: Note) -> dict[str, str]:
    """Return the parts of a note that hold words."""
    parts: Mapping[str, Any] = note.parts
    return {key: words for key, words in parts.items() if words}


def _named(note: Note, names: Names, owner: Membership | None, by_key: Mapping[UUID, Membership]) -> Iterator[Named]:
    by_word: dict[str, Named] = {}
    for part, text in texts_of(note).items():
        for one in names.find(text, owner=person_of(owner) if owner else None):
            keys = [by_key[key] for key in one.keys]  # type: ignore[index]
            named = by_word.setdefault(one.word, Named(owner, one.word, keys))
            named.places.setdefault(part, []).append(one)
            if len(named.excerpts) < MOST_EXCERPTS:
                named.excerpts.append(_excerpt(text, one))
    yield from by_word.values()


def _excerpt(text: str, one: Found) -> Excerpt:
    start, end = max(0, one.start - AROUND), min(len(text), one.end + AROUND)
    before, after = text[start : one.start], text[one.end : end]
    if start:
        before = "… " + before.partition(" ")[2]
    if end < len(text):
        after = after.rpartition(" ")[0] + " …"
    return Excerpt(before, one.text, after)
