"""Texts with placeholders in braces. Only known names are filled in; there is no way to reach into an object."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True)
class Template:
    """A text cut at its placeholders: even pieces are text, odd ones are names."""

    pieces: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> "Template":
        """Cut ``text``."""
        return cls(tuple(_PLACEHOLDER.split(text)))

    @property
    def names(self) -> list[str]:
        """The placeholders, in order."""
        return list(self.pieces[1::2])

    def fill(self, values: Mapping[str, str]) -> str:
        """Return the text with ``values`` in place; a name without a value stays as it is written."""
        filled = list(self.pieces)
        for position in range(1, len(filled), 2):
            name = filled[position]
            filled[position] = values.get(name, f"{{{name}}}")
        return "".join(filled)

    def mapped(self, change: Callable[[str], str]) -> "Template":
        """Return the template with ``change`` applied to its text and not to its names."""
        return Template(tuple(piece if position % 2 else change(piece) for position, piece in enumerate(self.pieces)))
