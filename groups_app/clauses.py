"""An agreement's text as its clauses. Lines that begin with "## " are headings, empty lines part paragraphs."""

import re
from dataclasses import dataclass

HEADING = "## "


@dataclass(frozen=True)
class Clause:
    """One clause: its heading, empty before the first one, and its paragraphs."""

    heading: str
    paragraphs: tuple[str, ...]


def clauses(text: str) -> list[Clause]:
    """Return the clauses of ``text`` in order; nothing is left out."""
    found = []
    for part in re.split(rf"^(?={HEADING})", text.strip(), flags=re.MULTILINE):
        heading, body = "", part
        if part.startswith(HEADING):
            first_line, _newline, body = part.partition("\n")
            heading = first_line.removeprefix(HEADING).strip()
        paragraphs = tuple(block.strip() for block in re.split(r"\n\s*\n", body.strip()) if block.strip())
        if heading or paragraphs:
            found.append(Clause(heading, paragraphs))
    return found
