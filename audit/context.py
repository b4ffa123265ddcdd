"""From where: the address and the request, or the task, that the work at hand belongs to."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import structlog

_address: ContextVar[str] = ContextVar("audit_address", default="")


@contextmanager
def coming_from(address: str) -> Iterator[None]:
    """While the block runs, entries say that it was asked for from ``address``."""
    token = _address.set(address)
    try:
        yield
    finally:
        _address.reset(token)


def address() -> str:
    """Return the address of whoever asked for what runs now; empty in the background and on the command line."""
    return _address.get()


def request_id() -> str:
    """Return the id by which the log knows the request or task that runs now; empty on the command line."""
    known = structlog.contextvars.get_contextvars()
    return str(known.get("request_id") or known.get("task_id") or "")
