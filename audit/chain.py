"""Whether the trail is whole: every entry's hash made anew, every chain walked, every exported head looked for."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from audit.querysets import Entry

GENESIS = bytes(32)  # what the first entry of a chain holds as the hash before it
BATCH = 2_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# Which hash the entry of a chain and a number had when its chain's head was exported.
Heads = dict[tuple[int, int], bytes]


def digest(entry: Entry) -> bytes:
    """Return the hash that ``entry`` must have; ``audit.digest`` in ``sql/trail.sql`` says the same."""
    values = [
        entry.previous.hex(),
        entry.chain,
        entry.number,
        entry.id,
        (entry.at - _EPOCH) // timedelta(microseconds=1),
        entry.action,
        entry.actor_id,
        entry.actor_roles,
        entry.target_label,
        entry.target_id,
        entry.client_id,
        entry.reason,
        entry.address,
        entry.request_id,
    ]
    return hashlib.sha256("".join(map(_part, values)).encode()).digest()


def problems(connection: Any, heads: Heads) -> Iterator[str]:
    """Yield a sentence for everything that shows that the trail was tampered with; nothing when it is whole.

    ``heads`` are what was signed and exported earlier: without them a chain whose end is cut off looks whole.
    """
    expected = dict(heads)
    chain, number, last = 0, 0, GENESIS
    for entry in entries(connection):
        if entry.chain != chain:
            chain, number, last = entry.chain, 0, GENESIS
        where = f"Entry {entry.number} of chain {entry.chain}"
        if entry.number != number + 1:
            yield f"{where} comes after entry {number}: entries are missing."
        elif entry.previous != last:
            yield f"{where} does not continue entry {number}: one of them was replaced or moved."
        if digest(entry) != entry.hash:
            yield f"{where} was changed."
        if expected.pop((entry.chain, entry.number), entry.hash) != entry.hash:
            yield f"{where} is another than the one whose hash was exported."
        number, last = entry.number, entry.hash
    for missing_chain, missing_number in sorted(expected):
        yield f"Entry {missing_number} of chain {missing_chain} was exported and is gone: the chain was cut."


def entries(connection: Any) -> Iterator[Entry]:
    """Yield the whole trail, chain by chain, in the order of its numbers."""
    after = (0, 0)
    while True:
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM audit.links(%s, %s, %s)", [*after, BATCH])
            found = [Entry(*row) for row in cursor.fetchall()]
        yield from found
        if len(found) < BATCH:
            return
        after = (found[-1].chain, found[-1].number)


def _part(value: object) -> str:
    if value is None:
        return "-,"
    text = str(value)
    return f"{len(text)}:{text},"
