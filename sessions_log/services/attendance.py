"""Who was there."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from common.clock import now
from practice.models import User
from sessions_log.models import Attendance, Session
from sessions_log.roster import roster_of
from sessions_log.services.errors import AlreadyCancelled, AlreadySigned, NotOnRoster, TooEarly
from sessions_log.services.locking import locked

# Leaders sit down a little before the hour.
OPENS_BEFORE_START = timedelta(minutes=30)

_NOTHING: Mapping[UUID, str] = {}


@transaction.atomic
def record_attendance(
    *, session: Session, statuses: Mapping[UUID, str], by: User, defaults: Mapping[UUID, str] = _NOTHING
) -> None:
    """Record how members were there (R33): membership's key → a value of ``AttendanceStatus``.

    ``defaults`` are recorded only where nothing is recorded yet. What is recorded already and stays the same keeps who
    recorded it and when. Raises ``TooEarly``, ``AlreadyCancelled``, ``AlreadySigned`` or ``NotOnRoster``.
    """
    session = locked(session)
    ensure_documentable(session)
    ensure_on_roster(session, {*statuses, *defaults})
    write_attendance(session=session, statuses=statuses, defaults=defaults, by=by)


def can_be_documented(session: Session) -> bool:
    """Whether it is time for attendance and notes: from 30 minutes before the start on, unless it is cancelled."""
    return not session.is_cancelled and session.starts_at - OPENS_BEFORE_START <= now()


def ensure_documentable(session: Session) -> None:
    """Raise unless attendance and notes of ``session``, which is locked, may be written now."""
    if session.is_cancelled:
        raise AlreadyCancelled
    if not can_be_documented(session):
        raise TooEarly(session=session)
    if session.is_signed:  # type: ignore[attr-defined]
        raise AlreadySigned


def write_attendance(*, session: Session, statuses: Mapping[UUID, str], defaults: Mapping[UUID, str], by: User) -> None:
    """Write what differs, in one statement, for people on the roster of a locked session."""
    wanted = {**defaults, **statuses}
    if not wanted:
        return
    recorded = dict(session.attendances.values_list("membership_id", "status"))
    at = now()
    Attendance.objects.bulk_create(
        [
            Attendance(session=session, membership_id=membership, status=status, recorded_by=by, recorded_at=at)
            for membership, status in wanted.items()
            if recorded.get(membership) != status and (membership in statuses or membership not in recorded)
        ],
        update_conflicts=True,
        unique_fields=["session", "membership"],
        update_fields=["status", "recorded_by", "recorded_at"],
    )


def ensure_on_roster(session: Session, memberships: set[UUID]) -> None:
    """Raise ``NotOnRoster`` unless all ``memberships`` are of the session's group and of its day."""
    if memberships and memberships - set(roster_of(session).values_list("pk", flat=True)):
        raise NotOnRoster
