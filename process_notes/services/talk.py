"""Recording who spoke to whom (R38)."""

from django.db import transaction

import audit.services
from common.clock import now
from practice.models import User
from process_notes.circle import seats_of
from process_notes.interactions import entries
from process_notes.interactions.entries import GROUP, Interaction, Kind
from process_notes.models import InteractionMap
from process_notes.services.errors import NoSuchSeat, SameSeat
from process_notes.services.locking import locked_open
from sessions_log.models import Session

MOST_ENTRIES = 2_000  # a session has a few hundred at most; a stuck key must not fill the row


@transaction.atomic
def record_interaction(*, session: Session, source: str, target: str, kind: str, by: User) -> Interaction:
    """Add to the map of ``by`` that ``source`` spoke to ``target``, both keys of seats; ``target`` may be the group.

    Raises ``NoSuchSeat`` (also beyond ``MOST_ENTRIES``), ``SameSeat``, ``TooEarly`` or ``AlreadyCancelled``.
    """
    session = locked_open(session)
    keys = {seat.key for seat in seats_of(session)}
    if source not in keys or target not in {*keys, GROUP} or kind not in Kind.values:
        raise NoSuchSeat
    if source == target:
        raise SameSeat
    stored = InteractionMap.objects.by(by).filter(session=session).first()
    drawn = stored or InteractionMap(session=session, author=by, version=0)
    recorded = entries.read(drawn.entries)
    if len(recorded) >= MOST_ENTRIES:
        raise NoSuchSeat
    added = Interaction(entries.next_number(recorded), source, target, kind)
    _store(drawn, [*recorded, added])
    if stored is None:
        audit.services.record(action="interaction_map.begun", by=by, target=drawn)
    return added


@transaction.atomic
def take_back_interaction(*, session: Session, number: int, by: User) -> None:
    """Take one interaction off the map of ``by``; if it is not there, nothing happens. Raises as ``locked_open``."""
    session = locked_open(session)
    drawn = InteractionMap.objects.by(by).filter(session=session).first()
    if drawn is None:
        return
    recorded = entries.read(drawn.entries)
    remaining = [one for one in recorded if one.number != number]
    if len(remaining) != len(recorded):
        _store(drawn, remaining)


def _store(drawn: InteractionMap, remaining: list[Interaction]) -> None:
    drawn.entries, drawn.version, drawn.updated_at = entries.written(remaining), drawn.version + 1, now()
    drawn.save()
