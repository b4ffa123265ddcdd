"""A group's page: who is in it, how they came, and what comes next."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, Subquery
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.dateformat import format as date_text
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common.clock import local
from groups_app.models import (
    OPEN_STATES,
    AgreementVersion,
    Cadence,
    Group,
    GroupState,
    Membership,
    MembershipState,
)
from groups_app.rules import leads
from groups_app.services.groups import NEXT_STATE, places_by_policy
from home.reads.words import joined, numbering
from practice.models import Policy, Role, User
from sessions_log.models import AbsenceNotice, Attendance, Session
from sessions_log.words import place_of

COLUMNS = 16
COLUMNS_AHEAD = 4  # of an ongoing or long group; a group of up to 16 sessions is shown whole
NEXT_SESSIONS = 4
NOT_YET_MEMBERS = (MembershipState.ACCEPTED, MembershipState.INVITED, MembershipState.PREPARING)

_STEPS = {
    GroupState.FORMING: gettext_lazy("Start forming"),
    GroupState.RUNNING: gettext_lazy("Start the group"),
    GroupState.ENDING: gettext_lazy("Begin the ending"),
    GroupState.ENDED: gettext_lazy("End the group"),
}


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

    name: str
    marks: list[str]


@dataclass(frozen=True)
class Task:
    """A step before the group can start; ``state`` as the component wants it."""

    title: str
    note: str
    state: str
    url: str = ""


@dataclass(frozen=True)
class MemberLine:
    """A person of the group: where they are on their way, and what may be done about it."""

    membership: Membership
    note: str
    lacks_agreement: bool
    may_answer: bool
    may_record: bool
    may_withdraw: bool


@dataclass(frozen=True)
class NextSession:
    """A session to come."""

    session: Session
    day: str
    meta: str
    is_moved: bool


@dataclass(frozen=True)
class GroupPage:
    """Everything the page shows."""

    group: Group
    head: str
    seated: int
    capacity: int
    smallest: int
    sees_marks: bool
    columns: list[Column]
    rows: list[Row]
    lines: list[MemberLine]
    former: list[Membership]
    coming: list[NextSession]
    held: int
    tasks: list[Task]
    step: str
    may_match: bool
    may_edit: bool
    may_edit_agreement: bool
    signed: int

    @property
    def lacks(self) -> int:
        """How many members the group lacks to its smallest size (R30)."""
        return 0 if self.group.state == GroupState.ENDED else max(0, self.smallest - self.seated)


def group_page(user: User, pk: UUID, *, at: datetime) -> GroupPage:
    """Gather the page of the group ``pk`` for a member of staff: seven queries; ``Http404`` for who may not see it."""
    number = AgreementVersion.objects.filter(group=OuterRef("pk")).order_by("-number").values("number")[:1]
    groups = Group.objects.visible_to(user).with_leaders().annotate(agreement_number=Subquery(number))
    group = get_object_or_404(groups, pk=pk)
    policy = Policy.objects.get()
    sees_marks = user.has_role(Role.SUPERVISOR) or bool(leads(user, group))
    memberships = _memberships(group)
    sessions = _sessions(group, at)
    notices = _notices(sessions, at)
    current = [membership for membership in memberships if membership.state in OPEN_STATES]
    seated = [membership for membership in current if membership.is_seated]
    capacity = group.capacity or places_by_policy(policy, leaders=len(_leaders(group)))
    following = NEXT_STATE.get(GroupState(group.state))
    may_match = group.accepts_members and len(seated) < capacity and user.has_perm("groups_app.propose", group)
    return GroupPage(
        group=group,
        head=_head(group),
        seated=len(seated),
        capacity=capacity,
        smallest=policy.minimum_members,
        sees_marks=sees_marks,
        columns=_columns(sessions, at),
        rows=_rows(memberships, sessions, notices=notices, at=at) if sees_marks else [],
        lines=[_line(membership, user) for membership in sorted(current, key=_urgency)],
        former=[membership for membership in memberships if membership.state == MembershipState.LEFT],
        coming=_coming(sessions, notices=notices, at=at),
        held=sum(session.ends_at <= at and not session.is_cancelled for session in sessions),
        tasks=_tasks(group, seated, smallest=policy.minimum_members) if group.accepts_members else [],
        step=str(_STEPS[following]) if following and user.has_perm("groups_app.change_state", group) else "",
        may_match=may_match,
        may_edit=user.has_perm("groups_app.edit_group", group),
        may_edit_agreement=user.has_perm("groups_app.edit_agreement", group),
        signed=sum(membership.agreement_signed for membership in seated),
    )


# --- What is read ---------------------------------------------------------------------------------------------------
def _leaders(group: Group) -> list[Any]:
    return group.current_leaders


def _memberships(group: Group) -> list[Membership]:
    rows = (
        Membership.objects.filter(group=group)
        .filter(Q(state__in=OPEN_STATES) | Q(state=MembershipState.LEFT))
        .select_related("client")
        .with_agreement_state()
        .order_by("client__sort_key", "id")
    )
    memberships = list(rows)
    for membership in memberships:
        membership.group = group  # its rules ask for the leaders, which are here already
    return memberships


def _sessions(group: Group, at: datetime) -> list[Session]:
    """The sessions of the grid in time order: all of a short group, else the last ones and a few to come."""
    is_short = group.session_count is not None and group.session_count <= COLUMNS
    sessions = group.sessions.select_related("room").order_by("-starts_at", "-id")
    if not is_short:
        sessions = sessions.filter(starts_at__lt=at + timedelta(weeks=group.cadence * COLUMNS_AHEAD))
    found = list(reversed(sessions[:COLUMNS]))
    for session in found:
        session.group = group
    return found


def _notices(sessions: Sequence[Session], at: datetime) -> dict[UUID, set[UUID]]:
    """Who said they cannot come: session → memberships."""
    coming = [session.pk for session in sessions if session.ends_at > at]
    notices: dict[UUID, set[UUID]] = defaultdict(set)
    rows = AbsenceNotice.objects.filter(session__in=coming, withdrawn_at__isnull=True)
    for session_id, membership_id in rows.values_list("session_id", "membership_id"):
        notices[session_id].add(membership_id)
    return notices


# --- The grid -------------------------------------------------------------------------------------------------------
def _columns(sessions: Sequence[Session], at: datetime) -> list[Column]:
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


def _rows(
    memberships: Sequence[Membership], sessions: Sequence[Session], *, notices: dict[UUID, set[UUID]], at: datetime
) -> list[Row]:
    recorded = Attendance.objects.filter(session__in=[session.pk for session in sessions])
    marks = {
        (membership_id, session_id): status
        for membership_id, session_id, status in recorded.values_list("membership_id", "session_id", "status")
    }
    rows = []
    for membership in memberships:
        if membership.starts_on is None:
            continue
        row = [
            marks.get((membership.pk, session.pk)) or _mark(membership, session, notices[session.pk], at)
            for session in sessions
        ]
        if any(row):
            rows.append(Row(membership.client.roster_name, row))
    return rows


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


# --- Words ----------------------------------------------------------------------------------------------------------
def _urgency(membership: Membership) -> int:
    """Put who waits for an answer or for a step on top; the order by name stays within."""
    if membership.state == MembershipState.PROPOSED:
        return 0
    return 1 if membership.state in NOT_YET_MEMBERS else 2


def _head(group: Group) -> str:
    """Say when, where and with whom the group meets."""
    return joined(
        _("%(day)s, %(time)s") % {"day": group.weekday_name, "time": date_text(group.start_time, "g:i A")},
        str(Cadence(group.cadence).label),
        group.site.name,
        group.room.name if group.room else "" if group.site.is_online else _("Online"),
        ", ".join(leader.user.short_name for leader in _leaders(group)),
    )


def _line(membership: Membership, user: User) -> MemberLine:
    is_preparing = membership.state in NOT_YET_MEMBERS
    is_proposed = membership.state == MembershipState.PROPOSED
    return MemberLine(
        membership=membership,
        note=_note(membership),
        lacks_agreement=membership.is_seated and not membership.agreement_signed,
        may_answer=is_proposed and user.has_perm("groups_app.answer_proposal", membership),
        may_record=is_preparing
        and membership.pregroup_met_on is None
        and user.has_perm("groups_app.record_pregroup_meeting", membership),
        may_withdraw=user.has_perm("groups_app.withdraw_membership", membership),
    )


def _note(membership: Membership) -> str:
    """Say where the person is on the way into the group, or since when they are in it (R25)."""
    if membership.state == MembershipState.PROPOSED:
        return _("Waits for a leader’s answer")
    if membership.state in NOT_YET_MEMBERS:
        met = membership.pregroup_met_on
        return joined(
            _("Has not opened the invitation") if membership.state == MembershipState.INVITED else "",
            _("Met on %(day)s") % {"day": date_text(met, "F j")} if met else _("No meeting recorded"),
        )
    if membership.state == MembershipState.LEAVING and membership.ends_on:
        return _("Leaves on %(day)s") % {"day": date_text(membership.ends_on, "F j")}
    return _("Since %(day)s") % {"day": date_text(membership.starts_on, "F j, Y")} if membership.starts_on else ""


def _coming(sessions: Sequence[Session], *, notices: dict[UUID, set[UUID]], at: datetime) -> list[NextSession]:
    coming = [session for session in sessions if session.ends_at > at][:NEXT_SESSIONS]
    return [
        NextSession(
            session=session,
            day=date_text(session.local_day, "F j"),
            meta=joined(
                date_text(local(session.starts_at, session.zone), "g:i A"),
                numbering(session),
                place_of(session) if session.room_id != session.group.room_id else "",
                _away(len(notices[session.pk])),
            ),
            is_moved=session.moved_from is not None and not session.is_cancelled,
        )
        for session in coming
    ]


def _away(count: int) -> str:
    return ngettext("%(count)d away", "%(count)d away", count) % {"count": count} if count else ""


def _tasks(group: Group, seated: Sequence[Membership], *, smallest: int) -> list[Task]:
    """What is to be done before the group starts (R23, R25, R26)."""
    met = sum(membership.pregroup_met_on is not None for membership in seated)
    signed = sum(membership.agreement_signed for membership in seated)
    active = sum(membership.state == MembershipState.ACTIVE for membership in seated)
    people = len(seated)
    of_members = _("%(done)d of %(all)d members")
    first_day = date_text(group.first_day, "l, F j")
    return [
        Task(_("Leaders chosen"), "", "done" if _leaders(group) else "todo"),
        Task(
            _("At least %(smallest)d places taken") % {"smallest": smallest},
            _("%(people)d so far") % {"people": people},
            "done" if people >= smallest else "todo",
        ),
        Task(_("Met everybody alone"), of_members % {"done": met, "all": people}, _progress(met, people)),
        Task(_("Agreements signed"), of_members % {"done": signed, "all": people}, _progress(signed, people)),
        Task(_("Start the group"), first_day, "todo" if active >= smallest else "later"),
    ]


def _progress(done: int, all_: int) -> str:
    return "later" if not all_ else "done" if done == all_ else "todo"
