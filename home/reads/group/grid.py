"""Sessions by members: who came how, and what it says about somebody who may be lost (R27, R31)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.dateformat import format as date_text

from groups_app.models import Membership
from practice.models import Policy
from sessions_log.models import AttendanceStatus, Session

AWAY = frozenset({AttendanceStatus.ABSENT_WITH_NOTICE.value, AttendanceStatus.NO_SHOW.value})
_RECORDED = frozenset(AttendanceStatus.values)


@dataclass(frozen=True)
class Column:
    """A session at the head of the attendance grid."""

    number: int
    day: str
    url: str
    is_next: bool


@dataclass(frozen=True)
class Row:
    """A member's line: for each column a status, "off", "coming", "away", "none", or "" (no member then)."""

    membership: Membership
    marks: list[str]

    @property
    def name(self) -> str:
        """The first name and an initial."""
        return self.membership.client.roster_name

    @property
    def _recorded(self) -> list[str]:
        return [mark for mark in self.marks if mark in _RECORDED]

    def absences_in_a_row(self) -> int:
        """Return how often the member was away since they last came."""
        away = 0
        for mark in reversed(self._recorded):
            if mark not in AWAY:
                break
            away += 1
        return away

    def early_absences(self, first: int) -> int:
        """Return how often the member was away in their ``first`` sessions, as far as they are in the grid."""
        return sum(mark in AWAY for mark in self._recorded[:first])

    def sessions_attended_since_start(self) -> int:
        """Return how many sessions of the member are recorded here."""
        return len(self._recorded)


def columns_of(sessions: Sequence[Session], at: datetime) -> list[Column]:
    """Return the head of the grid; the next session to come stands out."""
    following = next((session for session in sessions if session.ends_at > at and not session.is_cancelled), None)
    return [
        Column(
            number=session.number,
            day=date_text(session.local_day, "M j"),
            url=reverse("sessions_log:session", args=[session.pk]),
            is_next=session is following,
        )
        for session in sessions
    ]


def rows_of(
    memberships: Sequence[Membership],
    sessions: Sequence[Session],
    *,
    marks: Mapping[tuple[UUID, UUID], str],
    notices: Mapping[UUID, set[UUID]],
    at: datetime,
) -> list[Row]:
    """Return a line for everybody who was a member in one of the sessions."""
    rows = []
    for membership in memberships:
        if membership.starts_on is None:
            continue
        row = [
            marks.get((membership.pk, session.pk)) or _mark(membership, session, notices.get(session.pk, set()), at)
            for session in sessions
        ]
        if any(row):
            rows.append(Row(membership, row))
    return rows


def who_may_be_lost(rows: Sequence[Row], policy: Policy, first_number: int) -> list[tuple[Row, str, int]]:
    """Return the members in care who stay away: row, "gone" or "early", and how often (R27).

    "gone": away the policy's number of times in a row up to the last session. "early": that many absences within the
    first sessions, which are in the grid if it begins with the group or after somebody joined.
    """
    lost = []
    for row in rows:
        if row.membership.state != "active":
            continue
        in_a_row = row.absences_in_a_row()
        if in_a_row >= policy.absences_in_a_row:
            lost.append((row, "gone", in_a_row))
            continue
        sees_beginning = first_number == 1 or row.marks[0] == ""
        is_early = row.sessions_attended_since_start() <= policy.early_sessions * 2
        early = row.early_absences(policy.early_sessions)
        if sees_beginning and is_early and early >= policy.early_absences:
            lost.append((row, "early", early))
    return lost


def _mark(membership: Membership, session: Session, away: set[UUID], at: datetime) -> str:
    """Say what stands where no attendance is recorded."""
    starts, ends, day = membership.starts_on, membership.ends_on, session.local_day
    if starts is None or day < starts or (ends is not None and day > ends):
        return ""
    if session.is_cancelled:
        return "off"
    if membership.pk in away:
        return "away"
    return "coming" if session.ends_at > at else "none"
