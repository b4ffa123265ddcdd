"""An agreement's text and its clauses: two spellings of the same words.

The text is what is signed and hashed. A line that begins with "## " is the heading of a clause, a line that begins with
"> " says why the clause is there; both marks are the text's own, so a clause's body may not begin a line with them.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

HEADING = "## "
WHY = "> "


@dataclass(frozen=True)
class Clause:
    """One clause: its heading, empty only before the first one; its body in Markdown's subset; why it is there."""

    heading: str
    body: str
    why: str = ""


def clauses(text: str) -> list[Clause]:
    """Return the clauses of ``text`` in order; nothing is left out."""
    found = []
    for part in re.split(rf"^(?={HEADING})", text.strip(), flags=re.MULTILINE):
        heading, rest = "", part
        if part.startswith(HEADING):
            first_line, _newline, rest = part.partition("\n")
            heading = first_line.removeprefix(HEADING).strip()
        lines = rest.split("\n")
        why = " ".join(line.removeprefix(WHY).strip() for line in lines if line.startswith(WHY))
        body = "\n".join(line for line in lines if not line.startswith(WHY)).strip()
        if heading or body or why:
            found.append(Clause(heading, body, why))
    return found


def text_of(parts: Iterable[Clause]) -> str:
    """Return the one text of clauses, ended by a line's end: ``clauses`` takes it apart again into the same ones."""
    written = []
    for clause in parts:
        lines = [f"{HEADING}{clause.heading}"] if clause.heading else []
        lines += [clause.body] if clause.body else []
        lines += ["", f"{WHY}{clause.why}"] if clause.why else []
        written.append("\n".join(lines))
    return plain_lines("\n\n".join(written))


def plain_lines(text: str) -> str:
    """Return ``text`` with one spelling of a line's end: browsers send CR LF, and the same words have the same hash."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip() + "\n"


def has_marks(body: str) -> bool:
    """Whether a line of ``body`` begins with a mark that belongs to the whole text."""
    return any(line.startswith((HEADING, WHY)) for line in plain_lines(body).split("\n"))


def changed(old: Sequence[Clause], new: Sequence[Clause]) -> list[Clause]:
    """Return the clauses of ``new`` that do not stand, word for word, in ``old``."""
    known = set(old)
    return [clause for clause in new if clause not in known]
