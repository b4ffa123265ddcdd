"""Boundary events of a session, part of its record (R5)."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from common.clock import now
from practice.models import User
from sessions_log.models import BoundaryEvent, GroupNote, Session
from sessions_log.services.errors import AlreadySigned


@dataclass(frozen=True)
class BoundaryDraft:
    """Whose event, of what kind (a value of ``BoundaryKind``), and a few words."""

    membership_id: UUID
    kind: str
    words: str = ""


def write_boundaries(*, session: Session, added: BoundaryDraft | None, withdrawn: Iterable[UUID], by: User) -> None:
    """Add one event and take others back, in a locked session; the same event is there once.

    Raises ``AlreadySigned`` once the group note is signed.
    """
    if GroupNote.objects.signed().filter(session=session).exists():
        raise AlreadySigned
    events = list(session.boundary_events.all())
    gone = set(withdrawn)
    if gone:
        session.boundary_events.filter(pk__in=gone).delete()
    kept = {(event.membership_id, event.kind, event.words) for event in events if event.pk not in gone}
    if added and (added.membership_id, added.kind, added.words) not in kept:
        BoundaryEvent.objects.create(
            session=session,
            membership_id=added.membership_id,
            kind=added.kind,
            words=added.words,
            recorded_by=by,
            recorded_at=now(),
        )
