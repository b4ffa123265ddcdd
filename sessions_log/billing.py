"""What billing needs of sessions, and nothing more: who attended, when, under which code (R40, R43).

No note and no score is read here, and of how somebody was there only whether they attended.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from common.clock import local, now
from practice.models import Policy, Site, User
from sessions_log.models import Attendance, AttendanceStatus, Session
from sessions_log.querysets import SessionQuerySet
from sessions_log.words import title_of, whereabouts_of

# Whoever was there for a part of the session attended it; absentees cannot be billed.
ATTENDED = (
    AttendanceStatus.PRESENT,
    AttendanceStatus.LATE,
    AttendanceStatus.LEFT_EARLY,
    AttendanceStatus.WALKED_OUT,
)
MOST_SHOWN = 60  # the file has them all


@dataclass(frozen=True)
class Period:
    """Which sessions: on days from ``first`` to ``last`` at their sites, of one site or leader if named."""

    first: date
    last: date
    site: Site | None = None
    leader: User | None = None


@dataclass(frozen=True)
class Line:
    """One client in one session. ``fee`` is ``None`` where the practice states none, zero for who was absent."""

    attendance: Attendance
    attended: bool
    fee: Decimal | None

    @property
    def words(self) -> str:
        """Whether the client attended."""
        return _("Attended") if self.attended else _("Absent")


@dataclass(frozen=True)
class SessionSheet:
    """One session as billing sees it."""

    session: Session
    title: str
    place: str
    code: str
    lines: Sequence[Line]
    is_signed: bool

    @property
    def attended(self) -> int:
        """How many attended: what a group's service is billed by."""
        return sum(line.attended for line in self.lines)

    @property
    def total(self) -> Decimal | None:
        """What is billed for all of them together."""
        fees = [line.fee for line in self.lines]
        return None if not fees or None in fees else sum((fee for fee in fees if fee), Decimal())


@dataclass(frozen=True)
class Row:
    """One session of a period: counts and money, no client."""

    session: Session
    title: str
    attended: int
    absent: int
    amount: Decimal | None
    is_signed: bool

    @property
    def is_recorded(self) -> bool:
        """Whether anybody took attendance."""
        return bool(self.attended or self.absent)


@dataclass(frozen=True)
class Summary:
    """A period: its sessions, and what is to be done before it can be billed."""

    rows: Sequence[Row]
    more: int
    attended: int
    amount: Decimal | None
    unrecorded: int
    unsigned: int


def summary_of(user: User, period: Period, *, policy: Policy) -> Summary:
    """Return the sessions of ``period`` that ``user`` may bill, the latest first: two queries."""
    sessions = list(
        _held(user, period)
        .with_place()
        .with_leaders()
        .annotate(
            attended=Count("attendances", filter=Q(attendances__status__in=ATTENDED)),
            absent=Count("attendances", filter=~Q(attendances__status__in=ATTENDED)),
        )
        .order_by("-starts_at", "pk")
    )
    rows = [_row(session, policy) for session in sessions]
    attended = sum(row.attended for row in rows)
    return Summary(
        rows=rows[:MOST_SHOWN],
        more=max(0, len(rows) - MOST_SHOWN),
        attended=attended,
        amount=None if policy.session_fee is None else policy.session_fee * attended,
        unrecorded=sum(not row.is_recorded for row in rows),
        unsigned=sum(row.is_recorded and not row.is_signed for row in rows),
    )


def _row(session: Session, policy: Policy) -> Row:
    counted: int = session.attended  # type: ignore[attr-defined]
    return Row(
        session=session,
        title=title_of(session),
        attended=counted,
        absent=session.absent,  # type: ignore[attr-defined]
        amount=None if policy.session_fee is None else policy.session_fee * counted,
        is_signed=session.is_documented,
    )


def sheet_of(session: Session, *, policy: Policy) -> SessionSheet:
    """Return the sheet of one session, its clients in the order of their names: two queries."""
    recorded = session.attendances.select_related("membership__client").order_by("membership__client__sort_key", "pk")
    return SessionSheet(
        session=session,
        title=title_of(session),
        place=whereabouts_of(session),
        code=policy.service_code,
        lines=[_line(attendance, policy) for attendance in recorded],
        is_signed=session.is_documented,
    )


def _line(attendance: Attendance, policy: Policy) -> Line:
    attended = attendance.status in ATTENDED
    return Line(attendance, attended, policy.session_fee if attended or policy.session_fee is None else Decimal())


def csv_rows(user: User, period: Period, *, policy: Policy) -> Iterator[Sequence[object]]:
    """Yield the header and a row for every client of every session of ``period`` that ``user`` may bill.

    No group's name: it can tell a diagnosis (R43).
    """
    yield (
        _("Date"), _("Start"), _("End"), _("Minutes"), _("Time zone"), _("Site"), _("Place"), _("Led by"),
        _("Last name"), _("First name"), _("Date of birth"), _("Attendance"), _("Billable"), _("Service code"),
        _("Units"), _("Fee"), _("Clients in session"), _("Note signed"), _("Session"),
    )  # fmt: skip
    for attendance in clients_of(user, period):
        yield _csv_row(attendance, policy)


def clients_of(user: User, period: Period) -> Iterable[Attendance]:
    """Return who is recorded for the sessions of ``period``, in the order of the sessions and the clients' names."""
    sessions = _held(user, period)
    attended = Attendance.objects.filter(session=OuterRef("session"), status__in=ATTENDED).order_by()
    return (
        Attendance.objects.filter(session__in=sessions.order_by().values("pk"))
        .select_related("membership__client", "session__group__site", "session__room")
        .prefetch_related("session__leaders__user")
        .annotate(group_size=_count_of(attended))
        .order_by("session__starts_at", "session", "membership__client__sort_key", "pk")
    )


def _held(user: User, period: Period) -> SessionQuerySet:
    sessions = Session.objects.billable_by(user).scheduled().in_days(period.first, period.last)
    sessions = sessions.filter(ends_at__lte=now())
    if period.site:
        sessions = sessions.filter(group__site=period.site)
    if period.leader:
        sessions = sessions.filter(leaders__user=period.leader)
    return sessions


def _count_of(rows: QuerySet[Attendance]) -> Coalesce:
    counted = rows.values("session").annotate(many=Count("*")).values("many")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _csv_row(attendance: Attendance, policy: Policy) -> Sequence[object]:
    session, client = attendance.session, attendance.membership.client
    starts, ends = local(session.starts_at, session.zone), local(session.ends_at, session.zone)
    line = _line(attendance, policy)
    leaders = [row.user for row in sorted(session.leaders.all(), key=lambda row: row.position)]
    return (
        f"{session.local_day:%m/%d/%Y}",
        f"{starts:%H:%M}",
        f"{ends:%H:%M}",
        session.minutes,
        session.zone,
        session.group.site.name,
        _("Online") if session.room is None else _("In person"),
        "; ".join(f"{one.name}, {one.credentials}" if one.credentials else one.name for one in leaders),
        client.last_name,
        client.first_name,
        f"{client.birth_date:%m/%d/%Y}" if client.birth_date else "",
        line.words,
        _("yes") if line.attended else _("no"),
        policy.service_code if line.attended else "",
        int(line.attended),
        "" if line.fee is None else f"{line.fee:.2f}",
        attendance.group_size,  # type: ignore[attr-defined]
        _("yes") if session.is_documented else _("no"),
        session.pk,
    )
