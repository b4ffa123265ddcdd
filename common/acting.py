"""For whom the program reads and writes: what row-level security goes by (TRUST, who may see what).

PostgreSQL shows and takes only the rows of whoever is named here, and none to nobody. Requests are named by
``practice.middleware.ActingMiddleware``; tasks, commands and the shell must say it themselves::

    with acting_as(user): …          # the rows that this account may see
    with acting_as(SYSTEM): …        # everything: for work that belongs to nobody

    @shared_task
    @acting_as(SYSTEM)
    def send_due_reminders() -> None: …

The name lives in a context variable, so that a new thread starts as nobody; ``common.database`` tells it to each
transaction as ``app.user_id``, never to a session of the database, which the next request would inherit.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol
from uuid import UUID


class _Account(Protocol):
    pk: UUID


class Actor(str):
    """Somebody who is no account."""

    __slots__ = ()


NOBODY = Actor("")
# Knows the accounts and nothing else: signing in, invitations, and the pages where one looks after one's account.
DOOR = Actor("door")
SYSTEM = Actor("system")

_acting: ContextVar[str] = ContextVar("acting", default=NOBODY)


@contextmanager
def acting_as(who: "_Account | UUID | Actor") -> Iterator[None]:
    """Act for an account, by its row or its key, or for an ``Actor`` while the block runs; then as before.

    Also a decorator. Inside of a transaction it holds from the next statement on.
    """
    token = _acting.set(_name(who))
    try:
        yield
    finally:
        _acting.reset(token)


def go_on_as(who: "_Account | UUID | Actor") -> None:
    """Act for somebody else until the surrounding ``acting_as`` ends."""
    _acting.set(_name(who))


def acting() -> str:
    """Return whose rows are shown: the key of an account, or the name of an ``Actor``."""
    return _acting.get()


def _name(who: "_Account | UUID | Actor") -> str:
    return who if isinstance(who, Actor) else str(who if isinstance(who, UUID) else who.pk)
