"""Who stayed, who left and how people came, by group, leader or site, in a period (R27)."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from groups_app.models import Group, GroupLeader, LeavingReason, Membership
from practice.models import Site, User
from sessions_log.models import Attendance, AttendanceStatus

COMPLETED = (LeavingReason.COMPLETED, LeavingReason.GOALS_REACHED)
CAME = (
    AttendanceStatus.PRESENT,
    AttendanceStatus.LATE,
    AttendanceStatus.LEFT_EARLY,
    AttendanceStatus.WALKED_OUT,
)


@dataclass
class Tally:
    """What is counted; the page says what each word means."""

    members: int = 0
    left: int = 0
    completed: int = 0
    dropped_out: int = 0
    came: int = 0
    excused: int = 0
    missed: int = 0

    def add(self, other: "Tally") -> None:
        """Count ``other`` as well."""
        for name in vars(self):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    @property
    def dropout_rate(self) -> int | None:
        """Of those who were members, how many of a hundred dropped out."""
        return _percent(self.dropped_out, self.members)

    @property
    def attendance_rate(self) -> int | None:
        """Of what was recorded, in how many of a hundred somebody came."""
        return _percent(self.came, self.came + self.excused + self.missed)


@dataclass(frozen=True)
class ReportRow:
    """One group, leader or site."""

    name: str
    tally: Tally


@dataclass(frozen=True)
class Report:
    """The rows by name, and all of it together: everybody once, also who is counted under two leaders."""

    rows: list[ReportRow]
    total: Tally


def leaders_for(user: User) -> QuerySet[User]:
    """Return who leads a group that ``user`` may see, by name: whom the report can be narrowed to."""
    leading = GroupLeader.objects.filter(group__in=Group.objects.visible_to(user), until__isnull=True)
    return User.objects.filter(pk__in=leading.values("user")).order_by("last_name", "first_name")


def report_of(
    user: User, *, first: date, last: date, by: str, site: Site | None = None, leader: User | None = None
) -> Report:
    """Count the groups ``user`` may see, from ``first`` to ``last``, both included. At most four queries.

    ``by`` is "group", "leader" or "site". A group counts under each of its leaders of today.
    """
    groups = Group.objects.visible_to(user).select_related("site").order_by("name")
    if site is not None:
        groups = groups.filter(site=site)
    if leader is not None:
        groups = groups.led_by(leader)
    found = list(groups)
    tallies = _tallies([group.pk for group in found], first, last, with_attendance=user.has_perm("home.see_rates"))
    counted = [group for group in found if group.pk in tallies]
    total = Tally()
    for group in counted:
        total.add(tallies[group.pk])
    rows: dict[str, Tally] = defaultdict(Tally)
    names = _names_by(by, counted)
    for group in counted:
        for name in names(group):
            rows[name].add(tallies[group.pk])
    return Report([ReportRow(name, rows[name]) for name in sorted(rows)], total)


def _names_by(by: str, groups: Iterable[Group]) -> Callable[[Group], list[str]]:
    if by == "site":
        return lambda group: [group.site.name]
    if by == "leader":
        leaders = GroupLeader.objects.filter(group__in=[group.pk for group in groups], until__isnull=True)
        names: dict[UUID, list[str]] = defaultdict(list)
        for leader in leaders.select_related("user"):
            names[leader.group_id].append(leader.user.name)
        return lambda group: names[group.pk]
    return lambda group: [group.name]


def _tallies(keys: list[UUID], first: date, last: date, *, with_attendance: bool) -> dict[UUID, Tally]:
    """Count by group; a group without a member in the period has none."""
    there = Membership.objects.filter(group__in=keys, starts_on__lte=last).filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=first)
    )
    ended = Q(state="left", ends_on__range=(first, last))
    rows = (
        there.order_by()
        .values("group")
        .annotate(
            members=Count("pk"),
            left=Count("pk", filter=ended),
            completed=Count("pk", filter=ended & Q(leaving_reason__in=COMPLETED)),
            dropped_out=Count("pk", filter=ended & Q(leaving_reason=LeavingReason.DROPPED_OUT)),
        )
    )
    tallies = {row["group"]: Tally(row["members"], row["left"], row["completed"], row["dropped_out"]) for row in rows}
    if with_attendance:
        recorded = Attendance.objects.filter(session__group__in=list(tallies), session__local_day__range=(first, last))
        for row in (
            recorded.order_by()
            .values(group=F("session__group"))
            .annotate(
                came=Count("pk", filter=Q(status__in=CAME)),
                excused=Count("pk", filter=Q(status=AttendanceStatus.ABSENT_WITH_NOTICE)),
                missed=Count("pk", filter=Q(status=AttendanceStatus.NO_SHOW)),
            )
        ):
            tally = tallies[row["group"]]
            tally.came, tally.excused, tally.missed = row["came"], row["excused"], row["missed"]
    return tallies


def _percent(part: int, whole: int) -> int | None:
    return round(100 * part / whole) if whole else None
