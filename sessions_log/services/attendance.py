"""Who was there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from common.clock import now
from practice.models import User
from sessions_log.models import IN_PART, Attendance, Session
from sessions_log.roster import roster_of
from sessions_log.services.errors import AlreadyCancelled, AlreadySigned, NotOnRoster, TooEarly
from sessions_log.services.locking import locked

# Leaders sit down a little before the hour.
OPENS_BEFORE_START = timedelta(minutes=30)


@dataclass(frozen=True)
class Came:
    """How somebody was there: a value of ``AttendanceStatus`` and, for part of the time, the minutes missed."""

    status: str
    minutes_missed: int | None = None

    @classmethod
    def of(cls, value: "Came | str") -> "Came":
        """Return ``value``, of which a status alone is the short form, with minutes only where they mean something."""
        came = value if isinstance(value, Came) else cls(value)
        return came if came.status in IN_PART else cls(came.status)


_NOTHING: Mapping[UUID, Came | str] = {}


@transaction.atomic
def record_attendance(
    *, session: Session, statuses: Mapping[UUID, Came | str], by: User, defaults: Mapping[UUID, Came | str] = _NOTHING
) -> None:
    """Record how members were there (R33), by the membership's key.

    ``defaults`` are recorded only where nothing is recorded yet. What is recorded already and stays the same keeps who
    recorded it and when. Raises ``TooEarly``, ``AlreadyCancelled``, ``AlreadySigned`` or ``NotOnRoster``.
    """
    session = locked(session)
    ensure_documentable(session)
    ensure_on_roster(session, {*statuses, *defaults})
    write_attendance(session=session, statuses=statuses, defaults=defaults, by=by)


@transaction.atomic
def restore_attendance(*, session: Session, before: Mapping[UUID, Came | None], by: User) -> None:
    """Record people as they were ``before``; ``None`` takes the record of somebody back. Raises as above."""
    session = locked(session)
    ensure_documentable(session)
    ensure_on_roster(session, set(before))
    write_attendance(session=session, statuses={key: came for key, came in before.items() if came}, defaults={}, by=by)
    session.attendances.filter(membership__in=[key for key, came in before.items() if came is None]).delete()


def can_be_documented(session: Session) -> bool:
    """Whether it is time for attendance and notes: from 30 minutes before the start on, unless it is cancelled."""
    return not session.is_cancelled and session.starts_at - OPENS_BEFORE_START <= now()


def ensure_documentable(session: Session) -> None:
    """Raise unless attendance and notes of ``session``, which is locked, may be written now."""
    if session.is_cancelled:
        raise AlreadyCancelled
    if not can_be_documented(session):
        raise TooEarly(session=session)
    if session.is_documented:
        raise AlreadySigned


def write_attendance(
    *, session: Session, statuses: Mapping[UUID, Came | str], defaults: Mapping[UUID, Came | str], by: User
) -> bool:
    """Write what differs, in one statement, for people on the roster of a locked session; say whether anything did."""
    wanted = {key: Came.of(value) for key, value in {**defaults, **statuses}.items()}
    if not wanted:
        return False
    recorded = {row.membership_id: Came(row.status, row.minutes_missed) for row in session.attendances.all()}
    at = now()
    rows = [
        Attendance(
            session=session,
            membership_id=membership,
            status=came.status,
            minutes_missed=came.minutes_missed,
            recorded_by=by,
            recorded_at=at,
        )
        for membership, came in wanted.items()
        if recorded.get(membership) != came and (membership in statuses or membership not in recorded)
    ]
    Attendance.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["session", "membership"],
        update_fields=["status", "minutes_missed", "recorded_by", "recorded_at"],
    )
    return bool(rows)


def ensure_on_roster(session: Session, memberships: set[UUID]) -> None:
    """Raise ``NotOnRoster`` unless all ``memberships`` are of the session's group and of its day."""
    if memberships and memberships - set(roster_of(session).values_list("pk", flat=True)):
        raise NotOnRoster
