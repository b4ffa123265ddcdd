"""Canaries: words that stand in one kind of record of one person and nowhere else. Where one is met, it was read.

A room's ``objects`` writes them with ``word(kind, whose)``. ``MAY_READ`` says who may meet which, wherever it stands;
``Row.shows`` says which kinds an address shows to those who may. Everything else is a leak.
"""

import io
import re
import zipfile

from django.http import HttpResponseBase
from pypdf import PdfReader

# Kinds of what is written down, and what each is.
KINDS = {
    "name": "names of people in care",
    "contact": "their e-mail address and phone",
    "desk": "the coordinators' notes on a client",
    "known": "a member's private list of people they know",
    "intake": "what brings a client, what they hope for",
    "screening": "the reasons of a screening",
    "meeting": "what was said before the group",
    "goal": "a member's own goals",
    "group": "the group's name",
    "agreement": "the text of its agreement",
    "signature": "what was typed to sign",
    "reason": "why a group or a member is where they are",
    "override": "why a leader took somebody in spite of a conflict",
    "note": "signed notes, addenda, boundaries",
    "draft": "notes that are not signed",
    "process": "psychotherapy notes",
    "snippet": "an author's own sentences",
    "disclosure": "who received what of a record, and why",
    "hold": "the reason of a legal hold",
    "import": "a line of an uploaded list",
    "account": "e-mail address and license of a therapist",
}

# Whose record a word stands in, by the letters of ``matrix.PERSONAS``.
WHOSE = {
    "member": "M, in T's group",
    "fellow": "somebody else in T's group",
    "here": "T's group as a whole, and T",
    "there": "t's group, its member m, and t",
    "desk": "the practice as a whole",
}

_WORD = re.compile(r"zq([a-z]+?)of([a-z]+?)qz", re.IGNORECASE)
_PHONES = {"member": "+17185550181", "fellow": "+17185550182", "there": "+17185550183"}
_PHONE = re.compile(r"555\D{0,3}018([123])")

Words = set[tuple[str, str]]


def word(kind: str, whose: str) -> str:
    """Return the canary that stands in records of this kind of ``whose``."""
    if kind not in KINDS or whose not in WHOSE:
        raise KeyError(kind, whose)
    return f"Zq{kind}of{whose}qz"


def phone(whose: str) -> str:
    """Return a phone number, which is a word of the kind "contact"."""
    return _PHONES[whose]


def met_in(response: HttpResponseBase) -> Words:
    """Return the canaries, as kind and whose, in the headers, cookies and body of a response."""
    content = b"".join(response) if response.streaming else response.content  # type: ignore[attr-defined]
    return words_in(f"{response.headers}\n{response.cookies}\n{as_text(content)}")


def words_in(text: str) -> Words:
    """Return the canaries in a text."""
    words = {(kind.lower(), whose.lower()) for kind, whose in _WORD.findall(text)}
    return words | {("contact", list(_PHONES)[int(number) - 1]) for number in _PHONE.findall(text)}


def as_text(content: bytes) -> str:
    """Return what a person can read in a body: of a PDF the words on its pages, of an archive all of its files."""
    if content.startswith(b"%PDF"):
        pages = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
        return re.sub(r"[-\u00ad]?\n", "", pages)  # a long word is parted at the end of its line
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "\n".join(as_text(archive.read(name)) for name in archive.namelist())
    return content.decode(errors="replace")


# What a member reads of their own record: on their pages, and in the copy of it, which holds signed notes (R44).
_OWN = {"name", "contact", "known", "goal", "signature", "disclosure", "note"}
_CLINICAL = {
    *("name", "contact", "desk", "intake", "screening", "meeting", "goal", "signature", "note", "draft", "disclosure")
}
_OF_GROUP = {"group", "agreement", "reason", "note", "draft"}
_SUPERVISED = (_CLINICAL | _OF_GROUP | {"hold", "account"}) - {"draft"}
_COORDINATED = {"name", "contact", "desk", "group", "agreement", "reason", "import", "account", "disclosure"}

# Who may read which kinds of whose records. Who is not named reads none (R36, R41, R43).
MAY_READ: dict[str, dict[str, set[str]]] = {
    "M": {"member": _OWN, "here": {"group", "agreement"}},
    "m": {"there": _OWN | {"group", "agreement"}},
    "T": {"member": _CLINICAL, "fellow": _CLINICAL, "here": _OF_GROUP | {"process", "snippet", "account"}},
    "t": {"there": _CLINICAL | _OF_GROUP | {"process", "snippet", "account"}},
    # Who supervises T, and of whose psychotherapy notes T shares some.
    "S": {
        "member": _SUPERVISED,
        "fellow": _SUPERVISED,
        "here": _SUPERVISED | {"process"},
        "there": _SUPERVISED - {"note"},
        "desk": _SUPERVISED,
    },
    "C": dict.fromkeys(WHOSE, _COORDINATED),
    "D": {"here": {"account"}, "there": {"account"}},
}


def may_read(letter: str) -> Words:
    """Return all words that a kind of person may meet."""
    return {(kind, whose) for whose, kinds in MAY_READ.get(letter, {}).items() for kind in kinds}
