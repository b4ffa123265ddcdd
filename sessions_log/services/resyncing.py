"""After an update of the time zone data: coming sessions keep their wall time, their UTC moments follow (R32)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from audit.services import record
from common.clock import moment, now
from common.db import constraint_errors
from common.errors import RuleBroken
from sessions_log.models import Session
from sessions_log.services.locking import locked, on_the_clock

BATCH = 2_000


@dataclass(frozen=True)
class Shift:
    """A session whose clocks show its time at another moment than was stored. ``refused``: its place is taken there."""

    session: Session
    before: datetime
    after: datetime
    refused: bool = False


class _PlaceTaken(RuleBroken):
    """The room or a leader is taken at the new moment."""


def resync(*, is_dry_run: bool) -> Iterator[Shift]:
    """Derive the moments of all coming sessions anew from local day, time and zone; yield what moves, and move it.

    A moved session gets a new ``schedule_version``, so its reminders are made anew. Each is a transaction of its own:
    where the new moment is taken, that session stays, which ``refused`` says. Doing it again moves nothing.
    """
    coming = Session.objects.coming(now()).order_by("starts_at", "pk")
    for session in coming.iterator(chunk_size=BATCH):
        after = moment(session.local_day, session.local_time, session.zone)
        if after != session.starts_at:
            shift = Shift(session, session.starts_at, after)
            yield shift if is_dry_run else _applied(shift)


@transaction.atomic
def _applied(shift: Shift) -> Shift:
    session = locked(shift.session)
    if session.starts_at != shift.before:
        return Shift(session, shift.before, session.starts_at)
    on_the_clock()
    session.starts_at, session.ends_at = shift.after, shift.after + timedelta(minutes=session.minutes)
    session.schedule_version += 1
    try:
        with constraint_errors(dict.fromkeys(("session_room_free", "session_leader_free"), _PlaceTaken)):
            session.save(update_fields=["starts_at", "ends_at", "schedule_version"])
    except _PlaceTaken:
        return Shift(shift.session, shift.before, shift.after, refused=True)
    record(action="session.resynced", by=None, target=session)
    return shift
