"""Reading the trail. Not a queryset: the table is another role's, and a function of the database reads it out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, overload
from uuid import UUID

from django.db import connection


@dataclass(frozen=True)
class Entry:
    """One thing that was done or read. ``at`` is the database's time, in UTC."""

    chain: int
    number: int
    id: UUID
    at: datetime
    action: str
    actor_id: UUID | None
    actor_roles: str  # as they were then, comma-separated
    target_label: str
    target_id: str
    client_id: UUID | None
    reason: str
    address: str
    request_id: str
    previous: bytes
    hash: bytes

    @classmethod
    def from_row(cls, row: Sequence[Any]) -> "Entry":
        """Make an entry of a row of ``audit.entry``."""
        return cls(*row)

    @property
    def roles(self) -> list[str]:
        """The roles that the actor had; none when the program did it by itself."""
        return self.actor_roles.split(",") if self.actor_roles else []


@dataclass(frozen=True)
class Entries(Sequence[Entry]):
    """The entries that meet every condition given, newest first; they are read when counted or sliced (Paginator)."""

    client: UUID | None = None
    actor: UUID | None = None
    label: str | None = None
    target: str | None = None
    actions: tuple[str, ...] | None = None
    since: datetime | None = None
    until: datetime | None = None

    def narrowed(self, **conditions: Any) -> "Entries":
        """Return the same reading under further conditions, by the names of the fields; ``until`` is exclusive."""
        return replace(self, **conditions)

    def __len__(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT audit.count(%s, %s, %s, %s, %s::text[], %s, %s)", self._conditions)
            return int(cursor.fetchone()[0])

    @overload
    def __getitem__(self, wanted: int) -> Entry: ...
    @overload
    def __getitem__(self, wanted: slice) -> "list[Entry]": ...
    def __getitem__(self, wanted: int | slice) -> "Entry | list[Entry]":
        if isinstance(wanted, int):
            return self._read(wanted, 1)[0]
        start = wanted.start or 0
        return self._read(start, None if wanted.stop is None else max(wanted.stop - start, 0))

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._read(0, None))

    def _read(self, skip: int, most: int | None) -> list[Entry]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT * FROM audit.read(%s, %s, %s, %s, %s::text[], %s, %s, %s, %s)",
                [*self._conditions, skip, most],
            )
            return [Entry.from_row(row) for row in cursor.fetchall()]

    @property
    def _conditions(self) -> list[Any]:
        actions = None if self.actions is None else list(self.actions)
        return [self.client, self.actor, self.label, self.target, actions, self.since, self.until]


def of_client(client: UUID) -> Entries:
    """Return everything that was done with, or seen of, a client's record."""
    return Entries(client=client)
