"""Whose key encrypts a text: the group's, an author's, a client's or the practice's (R49; TRUST, notes at rest).

A field says it in one line, by the way from its row to the id of the key's owner::

    text = EncryptedTextField(_("Plan"), scope=per_group("session.group_id"))
    text = EncryptedTextField(_("Process"), scope=per_author("author_id"))
"""

from dataclasses import dataclass
from functools import reduce
from typing import NamedTuple
from uuid import UUID

from django.db import models

PRACTICE_KIND = "practice"


class Scope(NamedTuple):
    """What one data key is for. The owner is the id of a group, an author or a client; the practice has none."""

    kind: str
    owner: UUID | None


@dataclass(frozen=True)
class KeyScope:
    """How to find the scope of a row: the attributes to follow, with dots between them."""

    kind: str
    path: str = ""

    def of(self, instance: models.Model) -> Scope:
        """Return the scope of ``instance``; it asks the database only for rows that were not loaded with it."""
        return Scope(self.kind, reduce(getattr, self.path.split("."), instance) if self.path else None)  # type: ignore[arg-type]

    @property
    def lookup(self) -> str:
        """The same way as a lookup of the ORM, ``"session__group_id"``."""
        return self.path.replace(".", "__")


PRACTICE = KeyScope(PRACTICE_KIND)


def per_group(path: str) -> KeyScope:
    """The text belongs to the record of the group whose id is at ``path``."""
    return KeyScope("group", path)


def per_author(path: str) -> KeyScope:
    """The text is its author's alone (psychotherapy notes, R36); the account's id is at ``path``."""
    return KeyScope("author", path)


def per_client(path: str) -> KeyScope:
    """The text belongs to the record of the client whose id is at ``path``."""
    return KeyScope("client", path)
