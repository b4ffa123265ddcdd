"""A therapist's or supervisor's day: the sessions, the week, and what waits for them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.dateformat import format as date_text
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.clock import day_bounds, local, zone_name
from groups_app.models import OPEN_STATES, GroupLeader, Membership, MembershipState
from groups_app.services.groups import places_by_policy
from home.reads.words import days_ago, joined, numbering, sessions_today, with_others
from home.reads.zones import Desk
from members.models import Client
from practice.models import Closure, Policy, Role, User
from sessions_log.models import AbsenceNotice, Attendance, Session
from sessions_log.words import place_of

DAYS_SHOWN = 7
MOST_SESSIONS = 30  # a supervisor of a large practice sees the first of the day; the calendar has them all
MOST_UNSIGNED = 6
STARTS_SOON = timedelta(minutes=30)
# How long before a group's first day its unsigned agreements become somebody's task (R26).
AGREEMENTS_AHEAD = timedelta(days=14)
ATTENDING = (MembershipState.ACTIVE, MembershipState.LEAVING)


@dataclass(frozen=True)
class SessionLine:
    """A session of today with the one thing to do about it. ``look`` is "", "past" or "off"."""

    session: Session
    starts: str
    ends: str
    meta: str
    look: str
    expected: int
    away: int
    free: int
    unsigned: int
    verb: str
    url: str
    is_primary: bool

    @property
    def people(self) -> str:
        """How many are expected and away, in words."""
        words = ngettext("%(count)d expected", "%(count)d expected", self.expected) % {"count": self.expected}
        return f"{words}, " + _("%(count)d away") % {"count": self.away} if self.away else words


@dataclass(frozen=True)
class WeekLine:
    """Something of the next days: a session, or days without any."""

    on: date
    title: str
    meta: str
    url: str = ""
    is_off: bool = False


@dataclass(frozen=True)
class Need:
    """Something that waits for the person."""

    title: str
    note: str
    verb: str
    url: str
    is_overdue: bool = False


@dataclass(frozen=True)
class Today:
    """Everything the page shows."""

    desk: Desk
    sessions: list[SessionLine]
    week: list[WeekLine]
    needs: list[Need]
    unsigned_count: int
    more_unsigned: int

    @property
    def heading(self) -> str:
        """How many sessions take place, in words."""
        return sessions_today(sum(line.look != "off" for line in self.sessions))

    @property
    def times(self) -> str:
        """Whose clocks the times are."""
        if {line.session.zone for line in self.sessions} == {self.desk.zone}:
            return _("All times %(site)s") % {"site": self.desk.site_name}
        return _("Times as clocks show them at each site")


def today_of(user: User, *, at: datetime) -> Today:
    """Gather the page of ``user`` at the moment ``at``: eight queries, whatever there is."""
    desk = Desk.of(user, at=at)
    policy = Policy.objects.get()
    sessions = _sessions(user, desk)
    today = [session for session in sessions if session.local_day == desk.today]
    members = _members(user, groups={session.group_id for session in today})
    unsigned = list(_unsigned(user, at))
    # Today's sessions have their button already.
    earlier = [session for session in unsigned if session.pk not in {one.pk for one in today}]
    shown = earlier[:MOST_UNSIGNED]
    return Today(
        desk=desk,
        sessions=_session_lines(today, members, user=user, policy=policy, at=at),
        week=_week(sessions, closures=_closures(desk), desk=desk),
        needs=[
            *_unsigned_needs(shown, policy=policy, at=at, user=user),
            *_member_needs(members, user=user, desk=desk, without={session.group_id for session in today}),
        ],
        unsigned_count=len(unsigned),
        more_unsigned=len(earlier) - len(shown),
    )


# --- What is read ---------------------------------------------------------------------------------------------------
# This page is asked for more than any other. Its queries are plain, and Python counts: what Django spends on putting
# nested sub-selects together is more than what the database spends on answering them.
class Member(NamedTuple):
    """What the page needs to know of somebody in, or on the way into, a group."""

    group_id: UUID
    membership_id: UUID
    state: str
    starts_on: date | None
    ends_on: date | None
    met_on: date | None
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
        return self.state != MembershipState.PROPOSED and self.agreement_id is not None and not self.agreement_signed

    def attends_on(self, day: date) -> bool:
        """Whether the person is expected on ``day``."""
        return (
            self.state in ATTENDING
            and self.starts_on is not None
            and self.starts_on <= day
            and (self.ends_on is None or day <= self.ends_on)
        )


_SESSION_FIELDS = (
    *("number", "local_day", "local_time", "zone", "starts_at", "ends_at", "status", "moved_from", "online_link"),
    "documented_at",
    *("group__name", "group__session_count", "group__length", "group__state", "group__capacity", "room__name"),
)


def _sessions(user: User, desk: Desk) -> list[Session]:
    """The sessions of the next days: a therapist's own, a supervisor's site's. One query, and one for the leaders."""
    first, last = day_bounds(desk.today, desk.zone, DAYS_SHOWN)
    sessions = Session.objects.between(first, last)
    if user.has_role(Role.THERAPIST):
        sessions = sessions.filter(leaders__user=user)
    elif desk.site_id:
        sessions = sessions.filter(group__site=desk.site_id)
    recorded = Attendance.objects.filter(session=OuterRef("pk"))
    return list(
        sessions.select_related("group", "room")
        .only(*_SESSION_FIELDS)
        .with_leaders()
        .annotate(has_attendance=Exists(recorded))[:MOST_SESSIONS]
    )


def _members(user: User, *, groups: set[UUID]) -> list[Member]:
    """Everybody in ``groups`` and in the groups that the person leads, or on the way into them; the oldest first."""
    wanted = Q(group__in=groups)
    if user.has_role(Role.THERAPIST):
        wanted |= Q(group__in=GroupLeader.objects.filter(user=user, until__isnull=True).values("group"))
    # Any: the type checker does not know the annotations.
    people: Any = Membership.objects.filter(wanted, state__in=OPEN_STATES).with_agreement_state()
    rows = people.order_by("created_at", "id").values_list(
        "group_id",
        "pk",
        "state",
        "starts_on",
        "ends_on",
        "pregroup_met_on",
        "agreement_id",
        "agreement_signed",
        "group__name",
        "group__first_day",
        "client__first_name",
        "client__preferred_name",
        "client__last_name",
    )
    return [Member(*row) for row in rows]


def _away(sessions: Sequence[Session]) -> Counter[UUID]:
    """How many said that they cannot come: session → people."""
    notices = AbsenceNotice.objects.filter(session__in=[session.pk for session in sessions], withdrawn_at__isnull=True)
    return Counter(notices.values_list("session_id", flat=True))


def _unsigned(user: User, at: datetime) -> Iterable[Session]:
    """Sessions that ended and have no signed note, the oldest first: a therapist's own, a supervisor's all."""
    sessions = Session.objects.unsigned(at).select_related("group").only("number", "ends_at", "group__name")
    if user.has_role(Role.THERAPIST):
        sessions = sessions.filter(leaders__user=user)
    return sessions[: MOST_UNSIGNED * 4]


def _closures(desk: Desk) -> list[Closure]:
    days = (desk.today, desk.today + timedelta(days=DAYS_SHOWN - 1))
    closures = Closure.objects.filter(
        Q(site=None) | Q(site=desk.site_id), first_day__lte=days[1], last_day__gte=days[0]
    )
    return list(closures.order_by("first_day", "name"))


# --- Lines ----------------------------------------------------------------------------------------------------------
def _session_lines(
    sessions: list[Session], members: list[Member], *, user: User, policy: Policy, at: datetime
) -> list[SessionLine]:
    lines: list[SessionLine] = []
    away = _away(sessions)
    several_zones = len({session.zone for session in sessions}) > 1
    for session in sessions:
        group = [member for member in members if member.group_id == session.group_id]
        attending = sum(member.attends_on(session.local_day) for member in group)
        unsigned = sum(member.lacks_signature for member in group)
        look, verb, url, wants_action = _state_of(session, at=at, unsigned=unsigned)
        leaders = [leader.user for leader in session.leaders.all()]
        capacity = session.group.capacity or places_by_policy(policy, leaders=len(leaders))
        lines.append(
            SessionLine(
                session=session,
                starts=_clock(session.starts_at, session, "g:i"),
                ends=_("to %(time)s") % {"time": _clock(session.ends_at, session)},
                meta=joined(
                    numbering(session),
                    _("Starts today") if session.number == 1 and not look else "",
                    place_of(session),
                    zone_name(session.zone) if several_zones else "",
                    with_others(leaders, user),
                ),
                look=look,
                expected=max(attending - away[session.pk], 0),
                away=away[session.pk],
                free=max(capacity - attending, 0),
                unsigned=0 if look else unsigned,
                verb=verb,
                url=url,
                is_primary=wants_action and not any(line.is_primary for line in lines),
            )
        )
    return lines


def _state_of(session: Session, *, at: datetime, unsigned: int) -> tuple[str, str, str, bool]:
    """Return the line's look, the button's words and address, and whether it is the thing to do now."""
    page = reverse("sessions_log:session", args=[session.pk])
    if session.is_cancelled:
        return "off", "", "", False
    if session.documented_at:
        return "past", _("Read note"), page, False
    if session.has_attendance:  # type: ignore[attr-defined]
        return "", _("Write note"), page, True
    if session.has_started(at + STARTS_SOON):
        return "", _("Take attendance"), page, True
    if unsigned and session.number == 1:
        return "", _("Prepare"), reverse("home:group", args=[session.group_id]), False
    return "", _("Open"), page, False


def _week(sessions: list[Session], *, closures: list[Closure], desk: Desk) -> list[WeekLine]:
    lines = [
        WeekLine(
            on=max(closure.first_day, desk.today),
            title=_("Closed: %(reason)s") % {"reason": closure.name},
            meta=joined(desk.site_name if closure.site_id else _("All sites"), _until(closure)),
        )
        for closure in closures
    ]
    lines += [
        WeekLine(
            on=session.local_day,
            title=session.group.name,
            meta=joined(
                _("Canceled") if session.is_cancelled else "",
                _clock(session.starts_at, session),
                numbering(session),
                place_of(session),
            ),
            url=reverse("sessions_log:session", args=[session.pk]),
            is_off=session.is_cancelled,
        )
        for session in sessions
        if session.local_day > desk.today
    ]
    return sorted(lines, key=lambda line: line.on)


def _until(closure: Closure) -> str:
    if closure.first_day == closure.last_day:
        return ""
    return _("until %(day)s") % {"day": date_text(closure.last_day, "F j")}


def _clock(moment: datetime, session: Session, style: str = "g:i A") -> str:
    return date_text(local(moment, session.zone), style)


# --- What waits -----------------------------------------------------------------------------------------------------
def _unsigned_needs(sessions: list[Session], *, policy: Policy, at: datetime, user: User) -> list[Need]:
    verb = _("Write") if user.has_role(Role.THERAPIST) else _("Open")
    return [
        Need(
            title=_("%(group)s, session %(number)d") % {"group": session.group.name, "number": session.number},
            note=_unsigned_for(at - session.ends_at),
            verb=verb,
            url=reverse("sessions_log:session", args=[session.pk]),
            is_overdue=at - session.ends_at > timedelta(hours=policy.note_due_hours),
        )
        for session in sessions
    ]


def _unsigned_for(age: timedelta) -> str:
    if age.days == 0:
        return _("Note not signed yet")
    return _("Note unsigned for %(days)s") % {"days": days_ago(age.days)}


def _member_needs(members: Iterable[Member], *, user: User, desk: Desk, without: set[UUID]) -> list[Need]:
    """Proposals to answer, meetings to record, agreements unsigned shortly before a first session (R25, R26).

    The agreements of groups in ``without`` are left out: their sessions of today say it.
    """
    if not user.has_role(Role.THERAPIST):
        return []
    needs: list[Need] = []
    unsigned: Counter[tuple[UUID, str, date]] = Counter()
    for member in members:
        if member.state in ATTENDING:
            continue
        page = reverse("home:group", args=[member.group_id]) + "#members"
        for_group = _("For %(group)s") % {"group": member.group_name}
        if member.state == MembershipState.PROPOSED:
            needs.append(Need(_("New candidate: %(name)s") % {"name": member.name}, for_group, _("Answer"), page))
            continue
        if member.met_on is None:
            title = _("Pre-group meeting with %(name)s") % {"name": member.name}
            needs.append(Need(title, for_group, _("Record"), page))
        is_soon = member.first_day - desk.today <= AGREEMENTS_AHEAD
        if is_soon and not member.agreement_signed and member.group_id not in without:
            unsigned[member.group_id, member.group_name, member.first_day] += 1
    return [*needs, *(_agreements_need(*group, count) for group, count in unsigned.items())]


def _agreements_need(group_id: UUID, group_name: str, first_day: date, count: int) -> Need:
    title = ngettext("%(count)d agreement not signed", "%(count)d agreements not signed", count) % {"count": count}
    note = _("%(group)s starts %(day)s") % {"group": group_name, "day": date_text(first_day, "l, F j")}
    return Need(title, note, _("Open"), reverse("home:group", args=[group_id]) + "#members")
