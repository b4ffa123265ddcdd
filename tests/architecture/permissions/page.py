"""``docs/permissions.md``, written from the matrix: ``python -m tests.architecture.permissions.page``."""

import os
from pathlib import Path

import django

from tests.architecture.permissions.matrix import PERSONAS, Row, addresses, room_modules
from tests.architecture.permissions.words import KINDS, MAY_READ, WHOSE

PAGE = Path(__file__).resolve().parents[3] / "docs" / "permissions.md"

INTRODUCTION = """\
# Who gets an answer where

Written by `make permissions` from the rows in `tests/architecture/permissions/rooms/`, which
`tests/architecture/test_permission_matrix.py` tries out: every address × these nine kinds of people × GET and POST,
with objects of one group. A blank cell is 404 (405 for a verb that nobody may use), so that not even existence is told;
anonymous people are sent to sign in, staff without a second factor to set one up. Which rows of a list somebody gets is
the business of `visible_to`. The last column says what of people's records stands in the answers. The same test writes
canaries into every kind of record, of the group's people and of others, and looks for those that their reader may not
read in every answer: page, redirect, refusal, header, cookie, and where a form leads. On a conflict of versions: take
either, then `make permissions`.

## What of whose records each may read
"Member" and "fellow" are two people in the leader's group; "here" is that group and its leader, "there" another group
with its member and leader, "desk" what the practice as a whole keeps. Who is not named reads nothing.
"""


def text() -> str:
    """The page as it must be."""
    paths = dict(addresses())
    parts = [INTRODUCTION, *_reading()]
    for module in room_modules():
        title = module.__name__.rpartition(".")[2]
        head = ["address", *PERSONAS.values(), "shows"]
        parts.append(f"\n## {title}\n{_line(head)}{_line(['---'] * len(head))}")
        parts += [
            _line([f"`{paths[name]}`", *_cells(row), ", ".join(row.shows.split())]) for name, row in module.ROWS.items()
        ]
    return "".join(parts)


def _reading() -> list[str]:
    head = ["what", *(PERSONAS[letter] for letter in MAY_READ)]
    table = [_line(head), _line(["---"] * len(head))]
    for kind, words in KINDS.items():
        whose = [[one for one in WHOSE if kind in MAY_READ[letter].get(one, ())] for letter in MAY_READ]
        table.append(_line([f"**{kind}**: {words}", *(", ".join(ones) for ones in whose)]))
    return table


def _cells(row: Row) -> list[str]:
    words = {letter: [] for letter in PERSONAS}
    for verb, letters in (("GET", row.get), ("POST", row.post)):
        for letter in letters:
            words[letter].append(verb)
    return [" ".join(verbs) for verbs in words.values()]


def _line(cells: list[str]) -> str:
    return f"|{'|'.join(f' {cell} ' if cell else ' ' for cell in cells)}|\n"


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()
    PAGE.write_text(text(), encoding="utf-8")
