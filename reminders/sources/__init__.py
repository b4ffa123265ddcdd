"""Where messages come from: one module a kind of fact. A new kind is a new module and a line here."""

from reminders.sources import agreements, alerts, changes, invitations, notices, questions, sessions
from reminders.sources.base import Source

SOURCES: tuple[Source, ...] = (
    changes.SOURCE,
    sessions.SOURCE,
    agreements.SOURCE,
    notices.SOURCE,
    questions.SOURCE,
    invitations.SOURCE,
    alerts.SOURCE,
)


def source_of(kind: str) -> Source | None:
    """Return the source of a kind of message."""
    return next((source for source in SOURCES if kind in source.kinds), None)


__all__ = ["SOURCES", "Source", "source_of"]
