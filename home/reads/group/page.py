"""The page of a group, put together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
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


class GroupPage:
    """The page of a group for a member of staff.

    At most twelve queries in whichever state it is, never more with more rows.
    """

    def __init__(self, user: User, pk: UUID, *, at: datetime, show_all: bool = False) -> None:
        """Read the group ``pk`` with all that belongs to it; ``Http404`` for who may not see it."""
        self._user, self._at, self._shows_all = user, at, show_all
        self.group = group = read.group_of(user, pk)
        self.policy, self._phases = read.decided()
        self.memberships = read.memberships_of(group, asked_since=asked_lately(self.policy))
        self.sessions = read.sessions_of(group, at, show_all=show_all)
        self._transitions = read.steps_of(group)
        self._openings = read.openings_of(group)
        self._coming: list[Any] = [session for session in self.sessions if session.ends_at > at]
        self._notices: dict[UUID, set[UUID]] = {session.pk: set(session.away) for session in self._coming}
        self._today = local(at, group.site.zone).date()

    # --- Who may do what --------------------------------------------------------------------------------------------
    @cached_property
    def sees_marks(self) -> bool:
        """Whether the person sees how members came."""
        return self._may("sessions_log.see_marks")

    @cached_property
    def may_step(self) -> bool:
        """Whether the person takes the steps of the group's life."""
        return self._may("groups_app.change_state")

    @property
    def may_call_off(self) -> bool:
        """Whether the person can give the group up before it starts."""
        return self.may_step and self.group.state in CAN_BE_CALLED_OFF

    @property
    def may_match(self) -> bool:
        """Whether there is a place for which the person can propose somebody."""
        return self.group.accepts_members and self.seated < self.capacity and self._may("groups_app.propose")

    @property
    def may_edit(self) -> bool:
        """Whether the person changes the group's particulars."""
        return not self.group.is_over and self._may("groups_app.edit_group")

    @property
    def may_open_door(self) -> bool:
        """Whether the person opens and shuts the door of the running group."""
        return self._may("groups_app.open_door")

    def _may(self, permission: str) -> bool:
        return self._user.has_perm(permission, self.group)

    # --- The group --------------------------------------------------------------------------------------------------
    @property
    def head(self) -> str:
        """When, where and with whom the group meets."""
        return _head(self.group)

    @cached_property
    def capacity(self) -> int:
        """How many places the group has."""
        return self.group.capacity or places_by_policy(self.policy, leaders=len(self.group.current_leaders))

    @cached_property
    def seated(self) -> int:
        """How many places are taken."""
        return len(self._seated)

    @property
    def smallest(self) -> int:
        """The smallest size of a group."""
        return self.policy.minimum_members

    @property
    def lacks(self) -> int:
        """How many people the group lacks to the smallest size (R30)."""
        counted = self._attending if self.group.state in AT_RISK else self._seated
        return 0 if self.group.is_over else max(0, self.smallest - len(counted))

    @property
    def signed(self) -> int:
        """How many of those with a place have signed the newest agreement."""
        return sum(membership.agreement_signed for membership in self._seated)

    @property
    def license_gap(self) -> str:
        """What keeps the leaders from treating here, if anything does."""
        return "" if self.group.is_over else license_gap(self.group, self.group.current_leaders, self._today)

    @cached_property
    def _seated(self) -> list[Any]:
        return [membership for membership in self.memberships if membership.is_seated]

    @cached_property
    def _attending(self) -> list[Any]:
        return [membership for membership in self.memberships if membership.state in ATTENDING_STATES]

    # --- Its members, and how they came -----------------------------------------------------------------------------
    @cached_property
    def lines(self) -> list[MemberLine]:
        """Who is in the group, or on the way into it."""
        return lines_of(self.memberships, self._coming, self._user)

    @cached_property
    def former(self) -> list[FormerLine]:
        """Who was in it."""
        return former_of(self.memberships, may_follow_up=self.sees_marks)

    @cached_property
    def columns(self) -> list[Column]:
        """The sessions over the grid."""
        return columns_of(self.sessions, self._at)

    @property
    def months(self) -> list[Month]:
        """The months over the sessions."""
        return months_of(self.sessions)

    @cached_property
    def rows(self) -> list[Row]:
        """How each member came to each session, for those who see it."""
        if not self.sees_marks:
            return []
        marks = read.marks_of(self.sessions, self._at)
        return rows_of(self.memberships, self.sessions, marks=marks, notices=self._notices, at=self._at)

    @property
    def has_more_columns(self) -> bool:
        """Whether there were sessions before those shown."""
        return bool(self.sessions) and self.sessions[0].number > 1 and not self._shows_all

    # --- Its sessions -----------------------------------------------------------------------------------------------
    @property
    def coming(self) -> list[NextSession]:
        """The next sessions, and how many are expected."""
        return [
            _next_session(session, self._attending, self._notices.get(session.pk, set()), self.policy)
            for session in self._coming[:NEXT_SESSIONS]
        ]

    @property
    def held(self) -> int:
        """How many sessions took place."""
        return sum(session.ends_at <= self._at and not session.is_cancelled for session in self.sessions)

    @cached_property
    def phase(self) -> PhaseNow | None:
        """Where a time-limited group is."""
        return _phase(self.group, self.sessions, self._coming, self._phases)

    # --- What comes next, and what was ------------------------------------------------------------------------------
    @cached_property
    def tasks(self) -> list[steps.Task]:
        """What is to be done before the next step."""
        group = self.group
        if group.state in (GroupState.PLANNED, GroupState.FORMING):
            return steps.before_the_start(group, start_conditions(self._start_facts), may_step=self.may_step)
        if group.state == GroupState.RUNNING:
            return steps.while_running(
                group,
                policy=self.policy,
                seated=self._seated,
                lost=_lost(self.rows, self.policy, self.sessions),
                may_ask=self._may("sessions_log.ask_after"),
                remaining=self._remaining,
                version=group.agreement_number,
                may_step=self.may_step,
            )
        if group.state == GroupState.ENDING:
            return steps.while_ending(group, self._ending, remaining=self._remaining, may_step=self.may_step)
        return []

    @property
    def step(self) -> str:
        """The next step of the group's life, if the person takes it."""
        following = NEXT_STATE.get(GroupState(self.group.state))
        return str(steps.STEP_NAMES[following]) if following and self.may_step else ""

    @property
    def is_step_due(self) -> bool:
        """Whether nothing else is to be done before it."""
        return bool(self.tasks) and self.tasks[-1].state == "todo"

    @cached_property
    def door(self) -> story.Door | None:
        """The door of a running group, or of one that had it open."""
        if self.group.state != GroupState.RUNNING and not self._openings:
            return None
        return story.door_of(self.group, self._openings, today=self._today, sees_reasons=self.sees_marks)

    @cached_property
    def events(self) -> list[story.Event]:
        """What happened in the group, the newest first."""
        return story.events_of(
            self.group,
            self._transitions,
            openings=self._openings,
            memberships=self.memberships,
            met=[one for one in self.sessions if one.starts_at <= self._at and not one.is_cancelled],
            was_ending_begun=any(item.done for item in self._ending),
            may_step=self.may_step,
        )

    @property
    def _start_facts(self) -> StartFacts:
        return StartFacts(
            group=self.group,
            leaders=self.group.current_leaders,
            memberships=[membership for membership in self.memberships if membership.is_open],
            policy=self.policy,
            today=self._today,
            elsewhere=asked_elsewhere(self.group),
        )

    @cached_property
    def _remaining(self) -> int | None:
        return steps.sessions_left(self.group, self.sessions, self._coming)

    @cached_property
    def _ending(self) -> list[Any]:
        return read.ending_of(self.group) if self.group.state == GroupState.ENDING else []


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
