"""What the permission matrix is made of; its rows stand in ``rooms/``, one file a room.

A room's file holds ``ROWS``, from the name of an address to who gets an answer there, and, when a row speaks of an
object of its own, ``objects(scene)``, which makes it. Files are found by themselves: a new one needs no list.
"""

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from django.urls import URLPattern, URLResolver, get_resolver

# The people, by letter.
PERSONAS = {
    "A": "anonymous",
    "M": "member of the group",
    "m": "member of another group",
    "T": "leader of the group",
    "t": "therapist of another group",
    "S": "supervisor",
    "C": "coordinator",
    "D": "administrator",
    "X": "coordinator without a second factor",
}
EVERYBODY = "AMmTtSCDX"
SIGNED_IN = "MmTtSCD"
MEMBERS = "Mm"
CLINICAL_DESK = "TtSC"

# Packages answer for their own pages; ours are the templates and the gates in front of them.
FOREIGN = ("account_", "mfa_", "usersessions_")

Objects = dict[str, dict[str, object]]


@dataclass(frozen=True)
class Row:
    """Who gets an answer to GET and to POST, of which object the address speaks, and what the POST must carry.

    ``of`` and ``carries`` are keys of what the rooms' ``objects`` return. Who is not named gets 404, so that not even
    existence is told; anonymous people are sent to sign in, staff without a second factor to set one up. ``shows`` are
    the kinds of ``permissions.words`` that stand in the answers, each for those only who ``MAY_READ`` it.
    """

    get: str = ""
    post: str = ""
    of: str = ""
    carries: str = ""
    shows: str = ""


def room_modules() -> list[ModuleType]:
    """The files of ``rooms/``, by name."""
    folder = Path(__file__).with_name("rooms")
    names = sorted(module.name for module in pkgutil.iter_modules([str(folder)]))
    return [importlib.import_module(f"tests.architecture.permissions.rooms.{name}") for name in names]


def rows() -> dict[str, Row]:
    """All rows of all rooms."""
    found: dict[str, Row] = {}
    for module in room_modules():
        twice = found.keys() & module.ROWS.keys()
        assert not twice, f"{module.__name__} has rows that stand elsewhere: {sorted(twice)}"
        found |= module.ROWS
    return found


def addresses() -> Iterator[tuple[str, str]]:
    """Yield the name of each address of ours with the address as ``urls.py`` writes it."""

    def walk(patterns: list[URLPattern | URLResolver], namespace: str, before: str) -> Iterator[tuple[str, str]]:
        for pattern in patterns:
            address = f"{before}{pattern.pattern}"
            if isinstance(pattern, URLResolver):
                inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
                yield from walk(pattern.url_patterns, inner, address)
            else:
                yield f"{namespace}{pattern.name}", address

    everything = walk(get_resolver().url_patterns, "", "/")
    return ((name, address) for name, address in everything if not name.startswith(FOREIGN))
