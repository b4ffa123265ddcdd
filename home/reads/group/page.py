"""The page of a group, put together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.dateformat import format as date_text
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.clock import local
from groups_app.models import (
    ATTENDING_STATES,
    Cadence,
    Group,
    GroupState,
    Membership,
    Phase,
    phase_of,
)
from groups_app.services.conditions import StartFacts, asked_elsewhere, license_gap, start_conditions
from groups_app.services.groups import places_by_policy
from groups_app.services.lifecycle import CAN_BE_CALLED_OFF, NEXT_STATE
from home.reads.group import read, steps, story
from home.reads.group.grid import Column, Month, Row, columns_of, months_of, rows_of, who_stays_away
from home.reads.group.people import FormerLine, MemberLine, former_of, lines_of
from home.reads.viability import AT_RISK, expected_in
from home.reads.words import joined, numbering
from practice.models import Policy, User
from sessions_log.models import Session
from sessions_log.staying_away import asked_lately
from sessions_log.words import place_of

NEXT_SESSIONS = 4


@dataclass(frozen=True)
class NextSession:
    """A session to come; ``expected`` are the members who have not said that they will be away (R30)."""

    session: Session
    day: str
    meta: str
    is_moved: bool
    expected: int
    is_short: bool


@dataclass(frozen=True)
class PhaseNow:
    """Where a time-limited group is: the number of its session, and the phase with its goals (R15)."""

    number: int
    total: int
    name: str
    goals: str


@dataclass(frozen=True)
class GroupPage:
    """Everything the page shows."""

    group: Group
    head: str
    seated: int
    capacity: int
    lacks: int
    smallest: int
    sees_marks: bool
    columns: list[Column]
    months: list[Month]
    rows: list[Row]
    has_more_columns: bool
    lines: list[MemberLine]
    former: list[FormerLine]
    coming: list[NextSession]
    held: int
    phase: PhaseNow | None
    tasks: list[steps.Task]
    step: str
    is_step_due: bool
    may_call_off: bool
    may_match: bool
    may_edit: bool
    may_edit_agreement: bool
    may_open_door: bool
    door: story.Door | None
    events: list[story.Event]
    signed: int
    license_gap: str


def group_page(user: User, pk: UUID, *, at: datetime, show_all: bool = False) -> GroupPage:
    """Gather the page of the group ``pk`` for a member of staff; ``Http404`` for who may not see it.

    At most twelve queries, one more while somebody stays away; never more with more rows.
    """
    group = read.group_of(user, pk)
    policy, phases = read.decided()
    memberships = read.memberships_of(group, asked_since=asked_lately(policy))
    sessions = read.sessions_of(group, at, show_all=show_all)
    coming = [session for session in sessions if session.ends_at > at]
    notices: dict[UUID, set[UUID]] = {session.pk: set(session.away) for session in coming}  # type: ignore[attr-defined]
    transitions = read.steps_of(group)
    openings = read.openings_of(group)

    today = local(at, group.site.zone).date()
    sees_marks = user.has_perm("sessions_log.see_marks", group)
    may_step = user.has_perm("groups_app.change_state", group)
    marks = read.marks_of(sessions, at) if sees_marks else {}
    rows = rows_of(memberships, sessions, marks=marks, notices=notices, at=at) if sees_marks else []
    seated = [membership for membership in memberships if membership.is_seated]
    attending = [membership for membership in memberships if membership.state in ATTENDING_STATES]
    capacity = group.capacity or places_by_policy(policy, leaders=len(group.current_leaders))
    following = NEXT_STATE.get(GroupState(group.state))
    remaining = steps.sessions_left(group, sessions, coming)
    ending = read.ending_of(group) if group.state == GroupState.ENDING else []
    tasks = _tasks(
        group,
        policy=policy,
        memberships=memberships,
        lost=_lost(rows, policy, sessions),
        may_ask=user.has_perm("sessions_log.ask_after", group),
        remaining=remaining,
        ending=ending,
        today=today,
        may_step=may_step,
    )
    may_match = group.accepts_members and len(seated) < capacity and user.has_perm("groups_app.propose", group)
    next_sessions = [
        _next_session(session, attending, notices.get(session.pk, set()), policy) for session in coming[:NEXT_SESSIONS]
    ]
    counted = attending if group.state in AT_RISK else seated
    return GroupPage(
        group=group,
        head=_head(group),
        seated=len(seated),
        capacity=capacity,
        lacks=0 if group.is_over else max(0, policy.minimum_members - len(counted)),
        smallest=policy.minimum_members,
        sees_marks=sees_marks,
        columns=columns_of(sessions, at),
        months=months_of(sessions),
        rows=rows,
        has_more_columns=bool(sessions) and sessions[0].number > 1 and not show_all,
        lines=lines_of(memberships, coming, user),
        former=former_of(memberships, may_follow_up=sees_marks),
        coming=next_sessions,
        held=sum(session.ends_at <= at and not session.is_cancelled for session in sessions),
        phase=_phase(group, sessions, coming, phases),
        tasks=tasks,
        step=str(steps.STEP_NAMES[following]) if following and may_step else "",
        is_step_due=bool(tasks) and tasks[-1].state == "todo",
        may_call_off=may_step and group.state in CAN_BE_CALLED_OFF,
        may_match=may_match,
        may_edit=not group.is_over and user.has_perm("groups_app.edit_group", group),
        may_edit_agreement=not group.is_over and user.has_perm("groups_app.edit_agreement", group),
        may_open_door=user.has_perm("groups_app.open_door", group),
        door=story.door_of(group, openings, today=today, sees_reasons=sees_marks)
        if group.state == GroupState.RUNNING or openings
        else None,
        events=story.events_of(
            group,
            transitions,
            openings=openings,
            memberships=memberships,
            met=[session for session in sessions if session.starts_at <= at and not session.is_cancelled],
            was_ending_begun=any(item.done for item in ending),
            may_step=may_step,
        ),
        signed=sum(membership.agreement_signed for membership in seated),
        license_gap="" if group.is_over else license_gap(group, group.current_leaders, today),
    )


def _tasks(
    group: Group,
    *,
    policy: Policy,
    memberships: Sequence[Membership],
    lost: Sequence[steps.Lost],
    may_ask: bool,
    remaining: int | None,
    ending: list[Any],
    today: Any,
    may_step: bool,
) -> list[steps.Task]:
    if group.state in (GroupState.PLANNED, GroupState.FORMING):
        facts = StartFacts(
            group=group,
            leaders=group.current_leaders,
            memberships=[membership for membership in memberships if membership.is_open],
            policy=policy,
            today=today,
            elsewhere=asked_elsewhere(group),
        )
        return steps.before_the_start(group, start_conditions(facts), may_step=may_step)
    if group.state == GroupState.RUNNING:
        return steps.while_running(
            group,
            policy=policy,
            seated=[membership for membership in memberships if membership.is_seated],
            lost=lost,
            may_ask=may_ask,
            remaining=remaining,
            version=group.agreement_number,  # type: ignore[attr-defined]
            may_step=may_step,
        )
    if group.state == GroupState.ENDING:
        return steps.while_ending(group, ending, remaining=remaining, may_step=may_step)
    return []


def _lost(rows: Sequence[Row], policy: Policy, sessions: Sequence[Session]) -> list[steps.Lost]:
    """Return who stays away, and when somebody asked after them lately (R27)."""
    found = who_stays_away(rows, policy, sessions[0].number) if rows else []
    return [steps.Lost(row, absences, row.membership.asked) for row, absences in found]  # type: ignore[attr-defined]


def _head(group: Group) -> str:
    """Say when, where and with whom the group meets."""
    return joined(
        _("%(day)s, %(time)s") % {"day": group.weekday_name, "time": date_text(group.start_time, "g:i A")},
        str(Cadence(group.cadence).label),
        group.site.name,
        group.room.name if group.room else "" if group.site.is_online else _("Online"),
        ", ".join(leader.user.short_name for leader in group.current_leaders),
        _("%(name)s covers") % {"name": group.cover} if group.cover else "",  # type: ignore[attr-defined]
    )


def _phase(
    group: Group, sessions: Sequence[Session], coming: Sequence[Session], phases: Sequence[Phase]
) -> PhaseNow | None:
    """Return the phase of the next session, or of the last one when none is to come."""
    if not group.session_count or not sessions or (group.accepts_members and group.door_id is None) or group.is_over:
        return None
    following = next((session for session in coming if not session.is_cancelled), sessions[-1])
    phase = phase_of(following.number, group.session_count, phases)
    return PhaseNow(
        number=following.number,
        total=group.session_count,
        name=phase.name if phase else "",
        goals=phase.goals if phase else "",
    )


def _next_session(session: Session, attending: Sequence[Membership], away: set[UUID], policy: Policy) -> NextSession:
    day = session.local_day
    here = expected_in(session, attending, away)
    has_started = session.group.state in AT_RISK
    return NextSession(
        session=session,
        day=date_text(day, "F j"),
        meta=joined(
            date_text(local(session.starts_at, session.zone), "g:i A"),
            numbering(session),
            place_of(session) if session.room_id != session.group.room_id else "",
            _away(len(away)),
        ),
        is_moved=session.moved_from is not None and not session.is_cancelled,
        expected=here,
        is_short=has_started and not session.is_cancelled and here < policy.minimum_members,
    )


def _away(count: int) -> str:
    return ngettext("%(count)d away", "%(count)d away", count) % {"count": count} if count else ""
