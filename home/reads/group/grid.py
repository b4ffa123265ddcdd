"""Sessions by members: who came how, and what it says about somebody who may be lost (R27, R31)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from uuid import UUID

from django.urls import reverse
from django.utils.dateformat import format as date_text

from groups_app.models import Membership, MembershipState
from practice.models import Policy
from sessions_log.models import Session
from sessions_log.staying_away import Absences, too_often


@dataclass(frozen=True)
class Column:
    """A session at the head of the attendance grid; ``begins_month`` where a month begins."""

    number: int
    day: str
    url: str
    is_next: bool
    begins_month: bool = False


@dataclass(frozen=True)
class Month:
    """The sessions of one month at the head of the grid."""

    name: str
    columns: int


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
    def url(self) -> str:
        """The page with everything that was written about the member."""
        return reverse("sessions_log:member_notes", args=[self.membership.pk])


def columns_of(sessions: Sequence[Session], at: datetime) -> list[Column]:
    """Return the head of the grid; the next session to come stands out."""
    following = next((session for session in sessions if session.ends_at > at and not session.is_cancelled), None)
    return [
        Column(
            number=session.number,
            day=date_text(session.local_day, "j"),
            url=reverse("sessions_log:session", args=[session.pk]),
            is_next=session is following,
            begins_month=session.local_day.replace(day=1) != before,
        )
        for session, before in zip(sessions, _months_before(sessions), strict=True)
    ]


def months_of(sessions: Sequence[Session]) -> list[Month]:
    """Return the months over the columns; the year stands where it begins."""
    months: list[Month] = []
    for first, there in groupby(sessions, key=lambda session: session.local_day.replace(day=1)):
        is_new_year = not months or first.month == 1
        months.append(Month(date_text(first, "M Y" if is_new_year else "M"), len(list(there))))
    return months


def _months_before(sessions: Sequence[Session]) -> list[date | None]:
    return [None, *(session.local_day.replace(day=1) for session in sessions)][: len(sessions)]


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


def who_stays_away(rows: Sequence[Row], policy: Policy, first_number: int) -> list[tuple[Row, Absences]]:
    """Return the members in care who stay away, and how often (R27).

    Their first sessions are in the grid if it begins with the group or after somebody joined.
    """
    found = []
    for row in rows:
        sees_beginning = first_number == 1 or row.marks[0] == ""
        absences = too_often(row.marks, policy, from_the_start=sees_beginning)
        if absences and row.membership.state == MembershipState.ACTIVE:
            found.append((row, absences))
    return found


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
