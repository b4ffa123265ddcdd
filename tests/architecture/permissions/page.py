"""``docs/permissions.md``, written from the matrix: ``python -m tests.architecture.permissions.page``."""

import os
from pathlib import Path

import django

from tests.architecture.permissions.matrix import PERSONAS, Row, addresses, room_modules

PAGE = Path(__file__).resolve().parents[3] / "docs" / "permissions.md"

INTRODUCTION = """\
# Who gets an answer where

Written by `make permissions` from the rows in `tests/architecture/permissions/rooms/`, which
`tests/architecture/test_permission_matrix.py` tries out: every address × these nine kinds of people × GET and POST,
with objects of one group. A blank cell is 404 (405 for a verb that nobody may use), so that not even existence is told;
anonymous people are sent to sign in, staff without a second factor to set one up. Which rows of a list somebody gets is
the business of `visible_to`. On a conflict of versions: take either, then `make permissions`.
"""


def text() -> str:
    """The page as it must be."""
    paths = dict(addresses())
    parts = [INTRODUCTION]
    for module in room_modules():
        title = module.__name__.rpartition(".")[2]
        head = ["address", *PERSONAS.values()]
        parts.append(f"\n## {title}\n{_line(head)}{_line(['---'] * len(head))}")
        parts += [_line([f"`{paths[name]}`", *_cells(row)]) for name, row in module.ROWS.items()]
    return "".join(parts)


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
