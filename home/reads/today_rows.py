"""What the therapist's day is made of, as plain rows."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import (
    Case,
    Count,
    DateField,
    DateTimeField,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    UUIDField,
    When,
    Window,
)

from common.clock import day_bounds
from common.prepared import Slot, many, prepared, somebody
from groups_app.models import OPEN_STATES, SEATED_STATES, GroupLeader, Membership, MembershipState, is_expected_on
from home.reads.zones import Desk
from members.models import Client
from practice.models import Closure, Policy, User
from sessions_log.models import Attendance, GroupNote, Session, SessionLeader, SessionStatus
from sessions_log.staying_away import (
    Absences,
    Marks,
    asked_lately,
    judged,
    looked_at_since,
    marks_of,
    not_asked_since,
)

DAYS_SHOWN = 7
MOST_SESSIONS = 30  # a supervisor of a large practice sees the first of the day; the calendar has them all
MOST_UNSIGNED = 24  # of those whom a supervisor supervises; the page of notes has them all


# This page is asked for more than any other: its queries are plain, Python counts, and Django puts them together once.
class Member(NamedTuple):
    """What the page needs to know of somebody in, or on the way into, a group."""

    group_id: UUID
    membership_id: UUID
    client_id: UUID
    state: str
    starts_on: date | None
    ends_on: date | None
    met_on: date | None
    follow_up_on: date | None  # of a meeting that was not held yet
    agreement_id: UUID | None
    agreement_signed: bool
    group_name: str
    first_day: date
    first_name: str
    preferred_name: str
    last_name: str

    @property
    def name(self) -> str:
        """The person's name."""
        return Client(first_name=self.first_name, preferred_name=self.preferred_name, last_name=self.last_name).name

    @property
    def lacks_signature(self) -> bool:
        """Whether the person holds a place and has not signed the newest agreement."""
        return self.state in SEATED_STATES and self.agreement_id is not None and not self.agreement_signed

    def attends_on(self, day: date) -> bool:
        """Whether the person is expected on ``day``."""
        return is_expected_on(day, state=self.state, starts_on=self.starts_on, ends_on=self.ends_on)


_POLICY_FIELDS = (
    *("maximum_with_one_leader", "maximum_with_two_leaders", "note_due_hours"),
    *("absences_in_a_row", "early_sessions", "early_absences", "ask_again_days"),
)


def policy_for_today() -> Policy:
    """What of the policy decides on this page."""
    return _policy()[0]


@prepared()
def _policy() -> QuerySet[Policy]:
    return Policy.objects.only(*_POLICY_FIELDS)


_SESSION_FIELDS = (
    *("number", "local_day", "local_time", "zone", "starts_at", "ends_at", "status", "moved_from", "online_link"),
    "documented_at",
    *("group__name", "group__session_count", "group__length", "group__state", "group__capacity", "room__name"),
)


def sessions_around(user: User, desk: Desk, at: datetime) -> tuple[list[Session], list[Session], int]:
    """The sessions of the next days, the oldest that wait for a signature, and how many of these there are.

    Whoever leads groups sees the days of the sessions they lead, everybody else those of their site. What waits is what
    the page of notes lists: what one documents and what those one supervises did not sign (R37).
    """
    first, last = day_bounds(desk.today, desk.zone, DAYS_SHOWN)
    if not user.has_perm("groups_app.lead_groups"):
        coming = _sessions_at(first=first, last=last, site=desk.site_id, everywhere=desk.site_id is None)
        return (coming, *_waiting_for(user, at))
    found = _own_sessions(first=first, last=last, at=at, user=user)
    coming = [one for one in found if first <= one.starts_at < last and one.is_led]  # type: ignore[attr-defined]
    if user.has_perm("practice.supervise"):
        return (coming, *_waiting_for(user, at))
    unsigned = [one for one in found if one.ends_at < at and not one.is_cancelled and one.documented_at is None]
    return coming, unsigned, len(unsigned)


def _waiting_for(user: User, at: datetime) -> tuple[list[Session], int]:
    unsigned = _unsigned(user=user, at=at)
    return unsigned, unsigned[0].waiting if unsigned else 0  # type: ignore[attr-defined]


def _coming(first: Any, last: Any) -> Q:
    return Q(starts_at__gte=first, starts_at__lt=last)


def _waiting(at: Any) -> Q:
    return Q(status=SessionStatus.SCHEDULED, ends_at__lt=at, documented_at__isnull=True)


def _lines() -> QuerySet[Session]:
    recorded = Attendance.objects.filter(session=OuterRef("pk"))
    # Asked for each line: joined, every note of the practice is looked at for whether the person may see it.
    notes = GroupNote.objects.filter(session=OuterRef("pk")).values("author")
    return (
        Session.objects.select_related("group", "room")
        .only(*_SESSION_FIELDS)
        .annotate(draft_of=Subquery(notes), has_attendance=Exists(recorded))
        .order_by("starts_at")
    )


@prepared(first=DateTimeField(), last=DateTimeField(), at=DateTimeField(), user=somebody)
def _own_sessions(first: Slot, last: Slot, at: Slot, user: Any) -> QuerySet[Session]:
    lines: Any = _lines()  # the type checker forgets whose query it is
    led = SessionLeader.objects.filter(session=OuterRef("pk"), user=user)
    rows: QuerySet[Session] = lines.documentable_by(user).filter(_coming(first, last) | _waiting(at))
    return rows.annotate(is_led=Exists(led))


@prepared(first=DateTimeField(), last=DateTimeField(), site=UUIDField())
def _sessions_at(first: Slot, last: Slot, site: Slot, *, everywhere: bool) -> QuerySet[Session]:
    sessions = _lines().filter(_coming(first, last))
    return (sessions if everywhere else sessions.filter(group__site=site))[:MOST_SESSIONS]


@prepared(user=somebody, at=DateTimeField())
def _unsigned(user: Any, at: Slot) -> QuerySet[Session]:
    lines: Any = _lines()
    rows: QuerySet[Session] = lines.read_by(user).filter(_waiting(at))
    return rows.annotate(waiting=Window(Count("pk")))[:MOST_UNSIGNED]


def leaders_of(sessions: Sequence[Session]) -> dict[UUID, list[User]]:
    """Who leads ``sessions``, in their order: session → people, of whom only the name is known."""
    leaders: dict[UUID, list[User]] = defaultdict(list)
    for session_id, pk, first, last in _leaders(sessions=[session.pk for session in sessions]) if sessions else ():
        leaders[session_id].append(User(pk=pk, first_name=first, last_name=last))
    return leaders


@prepared(sessions=many(UUIDField()))
def _leaders(sessions: Slot) -> QuerySet[SessionLeader, tuple[UUID, UUID, str, str]]:
    rows = SessionLeader.objects.filter(session__in=sessions).order_by("position")
    return rows.values_list("session_id", "user_id", "user__first_name", "user__last_name")


def members_around(user: User, *, groups: set[UUID], today: date) -> list[Member]:
    """Everybody in ``groups`` and in the groups that the person leads, or on the way into them; the oldest first.

    With them those who have left and whose meeting afterwards is due ``today`` or was before (R29).
    """
    rows = _people(groups=list(groups), user=user.pk, today=today, leads=user.has_perm("groups_app.lead_groups"))
    return [Member(*row) for row in rows]


@prepared(groups=many(UUIDField()), user=UUIDField(), today=DateField())
def _people(groups: Slot, user: Slot, today: Slot, *, leads: bool) -> QuerySet[Membership, tuple[Any, ...]]:
    wanted = Q(group__in=groups)
    if leads:
        wanted |= Q(group__in=GroupLeader.objects.filter(user=user, until__isnull=True).values("group"))
    # Any: the type checker does not know the annotations.
    is_due = Q(state=MembershipState.LEFT, follow_up_on__lte=today, follow_up_held_on__isnull=True)
    people: Any = Membership.objects.filter(wanted, Q(state__in=OPEN_STATES) | is_due).with_agreement_state()
    rows: QuerySet[Membership, tuple[Any, ...]] = people.order_by("created_at", "id").values_list(
        "group_id",
        "pk",
        "client_id",
        "state",
        "starts_on",
        "ends_on",
        "pregroup_met_on",
        Case(When(follow_up_held_on__isnull=True, then="follow_up_on")),
        "agreement_id",
        "agreement_signed",
        "group__name",
        "group__first_day",
        "client__first_name",
        "client__preferred_name",
        "client__last_name",
    )
    return rows


def staying_away_from(user: User, policy: Policy) -> dict[UUID, Absences]:
    """Who stays away in the groups that the person leads, and nobody asked lately: membership → how often (R27)."""
    since = looked_at_since()
    found = judged(_marks(user=user.pk, since=since, asked=asked_lately(policy)), policy, since)
    return {one.membership_id: one.absences for one in found}


@prepared(user=UUIDField(), since=DateField(), asked=DateField())
def _marks(user: Slot, since: Any, asked: Any) -> QuerySet[Membership, Marks]:
    led = GroupLeader.objects.filter(user=user, until__isnull=True).values("group")
    return marks_of(not_asked_since(Membership.objects.filter(group__in=led), asked), since)


class Closed(NamedTuple):
    """Days off, at the person's site or everywhere."""

    first_day: date
    last_day: date
    name: str
    is_of_site: bool


def closures_ahead(desk: Desk) -> list[Closed]:
    """The days off of the next days."""
    last = desk.today + timedelta(days=DAYS_SHOWN - 1)
    rows = _closures(first=desk.today, last=last, site=desk.site_id)
    return [Closed(first_day, last_day, name, site is not None) for first_day, last_day, name, site in rows]


@prepared(first=DateField(), last=DateField(), site=UUIDField())
def _closures(first: Slot, last: Slot, site: Slot) -> QuerySet[Closure, tuple[date, date, str, UUID | None]]:
    closures = Closure.objects.at_site(site).filter(first_day__lte=last, last_day__gte=first)
    return closures.order_by("first_day", "name").values_list("first_day", "last_day", "name", "site")
