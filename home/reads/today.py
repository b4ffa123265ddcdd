"""A therapist's or supervisor's day: the sessions, the week, and what waits for them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.dateformat import format as date_text
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.clock import local, zone_name
from groups_app.models import ATTENDING_STATES, MembershipState
from groups_app.services.groups import places_by_policy
from home.reads.absence import away_from
from home.reads.today_rows import (
    Closed,
    Member,
    closures_ahead,
    leaders_of,
    members_around,
    policy_for_today,
    sessions_around,
    staying_away_from,
)
from home.reads.words import days_ago, joined, numbering, sessions_today, with_others
from home.reads.zones import Desk
from practice.models import Policy, User
from sessions_log.models import Session
from sessions_log.words import place_of

MOST_UNSIGNED_SHOWN = 6
STARTS_SOON = timedelta(minutes=30)
# How long before a group's first day its unsigned agreements become somebody's task (R26).
AGREEMENTS_AHEAD = timedelta(days=14)


@dataclass(frozen=True)
class SessionLine:
    """A session of today with the one thing to do about it. ``look`` is "", "past" or "off"."""

    session: Session
    starts: str
    ends: str
    meta: str
    look: str
    join_url: str
    expected: int
    away_names: list[str]
    free: int
    unsigned: int
    verb: str
    url: str
    is_primary: bool

    @property
    def away(self) -> int:
        """How many said that they cannot come."""
        return len(self.away_names)

    @property
    def people(self) -> str:
        """How many are expected and away, in words."""
        words = ngettext("%(count)d expected", "%(count)d expected", self.expected) % {"count": self.expected}
        return f"{words}, " + _("%(count)d away") % {"count": self.away} if self.away else words

    @property
    def said(self) -> str:
        """Who said that they cannot come; empty if nobody did."""
        return _("Can’t come: %(names)s") % {"names": ", ".join(self.away_names)} if self.away_names else ""


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
    """Something that waits for the person. ``tag`` stands above what should be looked at before anything else."""

    title: str
    note: str
    verb: str
    url: str
    is_overdue: bool = False
    tag: str = ""


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
    """Gather the page of ``user`` at the moment ``at``: eight queries at most, whatever there is."""
    desk = Desk.of(user, at=at)
    policy = policy_for_today()
    sessions, unsigned, unsigned_count = sessions_around(user, desk, at)
    today = [session for session in sessions if session.local_day == desk.today]
    closures = closures_ahead(desk)
    members = members_around(user, groups={session.group_id for session in today}, today=desk.today)
    # Today's sessions have their button already.
    earlier = [session for session in unsigned if session.pk not in {one.pk for one in today}]
    shown = earlier[:MOST_UNSIGNED_SHOWN]
    return Today(
        desk=desk,
        sessions=_session_lines(today, members, user=user, policy=policy, at=at),
        week=_week(sessions, closures=closures, desk=desk),
        needs=[
            *_closed_needs(sessions, closures, at=at),
            *_absence_needs(members, user=user, policy=policy),
            *_unsigned_needs(shown, policy=policy, at=at, user=user),
            *_member_needs(members, user=user, desk=desk, without={session.group_id for session in today}),
        ],
        unsigned_count=unsigned_count,
        more_unsigned=unsigned_count - len(unsigned) + len(earlier) - len(shown),
    )


# --- Lines ----------------------------------------------------------------------------------------------------------
def _session_lines(
    sessions: list[Session], members: list[Member], *, user: User, policy: Policy, at: datetime
) -> list[SessionLine]:
    lines: list[SessionLine] = []
    away, led = away_from(sessions), leaders_of(sessions)
    several_zones = len({session.zone for session in sessions}) > 1
    writes = user.has_perm("sessions_log.write_notes")
    for session in sessions:
        group = [member for member in members if member.group_id == session.group_id]
        unsigned = sum(member.lacks_signature for member in group)
        look, verb, url, wants_action = _state_of(session, at=at, unsigned=unsigned, writes=writes)
        leaders = led[session.pk]
        coming = [member for member in group if member.attends_on(session.local_day)]
        excused = [member.name for member in coming if member.membership_id in away[session.pk]]
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
                join_url="" if look else session.online_link,
                expected=len(coming) - len(excused),
                away_names=excused,
                free=max(capacity - len(coming), 0),
                unsigned=0 if look else unsigned,
                verb=verb,
                url=url,
                is_primary=wants_action and not any(line.is_primary for line in lines),
            )
        )
    return lines


def _state_of(session: Session, *, at: datetime, unsigned: int, writes: bool) -> tuple[str, str, str, bool]:
    """Return the line's look, the button's words and address, and whether it is the thing to do now.

    A supervisor looks at what others record: theirs is to open it.
    """
    page = reverse("sessions_log:session", args=[session.pk])
    if session.is_cancelled:
        return "off", "", "", False
    if session.documented_at:
        return "past", _("Read note"), page, False
    if writes and session.has_attendance:  # type: ignore[attr-defined]
        return "", _("Write note"), page, True
    if writes and session.has_started(at + STARTS_SOON):
        return "", _("Take attendance"), page + "#members", True
    if writes and unsigned and session.number == 1:
        return "", _("Prepare"), reverse("home:group", args=[session.group_id]), False
    return "", _("Open"), page, False


def _week(sessions: list[Session], *, closures: list[Closed], desk: Desk) -> list[WeekLine]:
    lines = [
        WeekLine(
            on=max(closure.first_day, desk.today),
            title=_("Closed: %(reason)s") % {"reason": closure.name},
            meta=joined(desk.site_name if closure.is_of_site else _("All sites"), _until(closure)),
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


def _until(closure: Closed) -> str:
    if closure.first_day == closure.last_day:
        return ""
    return _("until %(day)s") % {"day": date_text(closure.last_day, "F j")}


def _clock(moment: datetime, session: Session, style: str = "g:i A") -> str:
    return date_text(local(moment, session.zone), style)


# --- What waits -----------------------------------------------------------------------------------------------------
def _unsigned_needs(sessions: list[Session], *, policy: Policy, at: datetime, user: User) -> list[Need]:
    verb = _("Write") if user.has_perm("sessions_log.write_notes") else _("Open")
    return [
        Need(
            title=_("%(group)s, session %(number)d") % {"group": session.group.name, "number": session.number},
            note=_unsigned_for(session, at - session.ends_at),
            verb=verb,
            url=reverse("sessions_log:session", args=[session.pk]),
            is_overdue=at - session.ends_at > timedelta(hours=policy.note_due_hours),
        )
        for session in sessions
    ]


def _unsigned_for(session: Any, age: timedelta) -> str:
    """Say what is missing and, from a day on, for how long."""
    if not session.has_attendance:
        missing = _("Attendance and note missing")
    elif session.draft_of is None:
        missing = _("Note missing")
    else:
        missing = _("Note not signed yet")
    return joined(missing, days_ago(age.days) if age.days else "")


def _closed_needs(sessions: list[Session], closures: list[Closed], *, at: datetime) -> list[Need]:
    """Sessions of the next days that fall on a day closed after they were planned; the calendar knows later ones."""
    on_closed = sum(
        not session.is_cancelled
        and session.starts_at > at
        and any(closure.first_day <= session.local_day <= closure.last_day for closure in closures)
        for session in sessions
    )
    if not on_closed:
        return []
    title = ngettext("%(count)d session falls on a closed day", "%(count)d sessions fall on closed days", on_closed)
    return [
        Need(
            title=title % {"count": on_closed},
            note=_("The day was closed after it was planned"),
            verb=_("Settle"),
            url=reverse("sessions_log:attention"),
            tag=_("Please review"),
        )
    ]


def _absence_needs(members: Iterable[Member], *, user: User, policy: Policy) -> list[Need]:
    """Members who stop coming, for their leaders: found, not forgotten (R27)."""
    if not user.has_perm("groups_app.lead_groups"):
        return []
    away = staying_away_from(user, policy)
    return [
        Need(
            title=_("Ask after %(name)s") % {"name": member.name},
            note=joined(member.group_name, str(away[member.membership_id])),
            verb=_("Ask"),
            url=reverse("sessions_log:ask_after", args=[member.membership_id]),
        )
        for member in members
        if member.membership_id in away
    ]


def _member_needs(members: Iterable[Member], *, user: User, desk: Desk, without: set[UUID]) -> list[Need]:
    """Proposals to answer, meetings to record, also those afterwards, agreements unsigned before a start (R25, R26).

    The agreements of groups in ``without`` are left out: their sessions of today say it.
    """
    if not user.has_perm("groups_app.lead_groups"):
        return []
    needs: list[Need] = []
    unsigned: Counter[tuple[UUID, str, date]] = Counter()
    for member in members:
        if member.follow_up_on is not None and member.follow_up_on <= desk.today:
            needs.append(_follow_up_need(member))
        if member.state in ATTENDING_STATES or member.state == MembershipState.LEFT:
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


def _follow_up_need(member: Member) -> Need:
    """The meeting with somebody who leaves or has left, on its day and until it is recorded (R29)."""
    title = _("Follow-up with %(name)s") % {"name": member.name}
    on = date_text(member.follow_up_on, "F j") if member.follow_up_on else ""
    url = reverse("groups_app:follow_up", args=[member.membership_id])
    return Need(title, joined(member.group_name, on), _("Record"), url)


def _agreements_need(group_id: UUID, group_name: str, first_day: date, count: int) -> Need:
    title = ngettext("%(count)d agreement not signed", "%(count)d agreements not signed", count) % {"count": count}
    note = _("%(group)s starts %(day)s") % {"group": group_name, "day": date_text(first_day, "l, F j")}
    return Need(title, note, _("Open"), reverse("home:group", args=[group_id]) + "#members")
