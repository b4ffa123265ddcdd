"""All that somebody wrote for themselves, and what therapists they supervise let them read, for one page."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from groups_app.models import Group
from practice.models import User
from process_notes.models import InteractionMap, ProcessNote, Share
from sessions_log.models import Session
from sessions_log.words import title_of


@dataclass
class Entry:
    """One session with something of the author's. The words are not read for a list."""

    session: Session
    title: str
    has_note: bool = False
    has_map: bool = False
    updated_at: datetime | None = None


@dataclass
class Part:
    """A group with the author's entries, the newest session first."""

    group: Group
    entries: list[Entry] = field(default_factory=list)
    has_map: bool = False


@dataclass(frozen=True)
class Shelf:
    """The page."""

    parts: list[Part]
    shared: list[Share]


def shelf_of(user: User) -> Shelf:
    """Gather it: three queries."""
    entries: dict[UUID, Entry] = {}
    for model, mark in ((ProcessNote, "has_note"), (InteractionMap, "has_map")):
        rows = model.objects.by(user).select_related("session__group__site").defer(_SECRET[model])
        for row in rows.order_by("pk"):
            entry = entries.setdefault(row.session_id, Entry(row.session, title_of(row.session)))
            setattr(entry, mark, True)
            entry.updated_at = max(filter(None, (entry.updated_at, row.updated_at)))
    parts: dict[UUID, Part] = {}
    for entry in sorted(entries.values(), key=lambda one: one.session.starts_at, reverse=True):
        part = parts.setdefault(entry.session.group_id, Part(entry.session.group))
        part.entries.append(entry)
        part.has_map = part.has_map or entry.has_map
    shared = Share.objects.visible_to(user).select_related("session__group__site", "author")
    return Shelf(list(parts.values()), list(shared.order_by("-session__starts_at", "pk")))


_SECRET = {ProcessNote: "text", InteractionMap: "entries"}
