"""A group of the demo practice with its leaders, agreement and memberships, as they came about."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from groups_app.models import (
    SEATED_STATES,
    EndingCheck,
    Group,
    GroupLeader,
    GroupState,
    GroupTransition,
    LeavingReason,
    Membership,
    MembershipState,
    MembershipTransition,
)
from home.demo.agreements import add_agreements, add_signatures
from home.demo.goals import add_goals, add_meeting
from home.demo.people import add_account, add_intake, add_screening, add_wait
from home.demo.scene import Scene
from members.models import Client
from practice.models import User
from sessions_log.series import Rule, between, counted

# Days before the group's first session (or before today, if that is still to come).
_PLANNED, _SCREENED, _PROPOSED, _ACCEPTED, _TAKEN, _MET, _SIGNED = 40, 33, 30, 28, 24, 16, 14

_LIFE = (GroupState.PLANNED, GroupState.FORMING, GroupState.RUNNING, GroupState.ENDING, GroupState.ENDED)
_WAY = (
    MembershipState.PROPOSED,
    MembershipState.ACCEPTED,
    MembershipState.INVITED,
    MembershipState.PREPARING,
    MembershipState.ACTIVE,
    MembershipState.LEAVING,
    MembershipState.LEFT,
)
_WITH_ACCOUNT = _WAY[3:]


@dataclass
class Part:
    """A client's part in a group: how far it has come, and how the client comes to sessions."""

    client: Client
    state: MembershipState = MembershipState.ACTIVE
    reliability: float = 0.93
    ends_on: date | None = None
    has_signed: bool = True
    account_email: str = ""
    away_since: int | None = None  # the number of the session from which the client has stayed away
    why: LeavingReason = LeavingReason.COMPLETED  # of somebody who leaves or has left
    membership: Membership = field(init=False)

    def attends(self, day: date) -> bool:
        """Whether the client is expected on ``day``."""
        starts_on = self.membership.starts_on
        return starts_on is not None and starts_on <= day and (self.ends_on is None or day <= self.ends_on)


@dataclass
class Plan:
    """All that is decided about a group before its rows are written. Sessions are named by their numbers."""

    group: Group
    leaders: Sequence[User]
    parts: list[Part]
    days: list[date]
    cancelled: set[int] = field(default_factory=set)
    cancel_reason: str = ""  # of all of them; else one by chance
    moved: dict[int, time] = field(default_factory=dict)
    drafts: set[int] = field(default_factory=set)
    member_notes_missing: dict[int, int] = field(default_factory=dict)
    slips: dict[int, str] = field(default_factory=dict)  # a draft that names another member, the first of ``parts``
    changed_on: date | None = None  # when a second version of the agreement was published
    keeps_meetings: bool = False  # whether the meetings before the group have their texts
    ending_checks: int = 0  # how many lines of the ending's checklist are done
    away: dict[int, set[UUID]] = field(default_factory=dict)  # who did not come; filled in as sessions are written
    unsigned_change: set[int] = field(default_factory=set)  # positions in ``parts`` that did not sign it yet

    @property
    def lead(self) -> User:
        """Who leads first."""
        return self.leaders[0]


def make_group(scene: Scene, **values: Any) -> Group:
    """Return an unsaved group with what all demo groups share filled in."""
    return Group(id=scene.keys.next("group"), minutes=90, **values)


def session_days(scene: Scene, group: Group) -> list[date]:
    """Return the days of all sessions of ``group``, the past ones included, as scheduling would have made them."""
    rule = Rule(group.first_day, group.start_time, group.minutes, group.cadence, group.site.zone)
    days_off = scene.days_off(group.site)
    if group.session_count:
        slots = counted(rule, days_off, group.session_count)
    else:
        slots = between(rule, days_off, after=None, last=scene.horizon(group.site))
    return [slot.day for slot in slots]


def add_group(scene: Scene, plan: Plan) -> None:
    """Write the group, its leaders, its agreement and its memberships."""
    group = plan.group
    before = min(group.first_day, scene.today)
    group.created_at = scene.on(before - timedelta(days=_PLANNED))
    scene.sink.add(group)
    for position, user in enumerate(plan.leaders, start=1):
        scene.sink.add(
            GroupLeader(
                id=scene.keys.next("group leader"),
                created_at=group.created_at,
                group=group,
                user=user,
                position=position,
                since=before - timedelta(days=_PLANNED),
            )
        )
    _add_group_steps(scene, plan)
    for item in scene.ending_items[: plan.ending_checks]:
        at = scene.when(6, 16)
        key = scene.keys.next("ending check")
        scene.sink.add(EndingCheck(id=key, created_at=at, group=group, item=item, by=plan.lead, at=at))
    published = add_agreements(scene, group, lead=plan.lead, changed_on=plan.changed_on)
    for position, part in enumerate(plan.parts):
        _add_membership(scene, plan, part, before=before, seat=position + 1)
        if part.membership.starts_on:
            goals = add_goals(scene, part.membership, plan.days, lead=plan.lead)
            if plan.keeps_meetings:
                add_meeting(scene, part.membership, goals, by=plan.lead)
        if part.has_signed and part.membership.starts_on:
            signed = published[:1] if position in plan.unsigned_change else published
            signed_at = scene.on(before - timedelta(days=_SIGNED), 20)
            add_signatures(scene, part.membership, signed, first_at=signed_at)


def _add_group_steps(scene: Scene, plan: Plan) -> None:
    group, days = plan.group, plan.days
    steps: tuple[datetime, ...] = (
        group.created_at,
        scene.on(days[0], 9),
        scene.on(days[-min(6, len(days))], 12),
        scene.on(days[-1], 21),
    )
    life: tuple[GroupState, ...] = _LIFE
    reasons = dict.fromkeys(_LIFE, "")
    if group.state == GroupState.CALLED_OFF:
        life, steps = (*_LIFE[:2], GroupState.CALLED_OFF), (group.created_at, scene.when(9, 14))
        reasons[GroupState.CALLED_OFF] = "Too few people could come at this hour."
    reached = life.index(GroupState(group.state))
    for (before, after), at in zip(pairwise(life), steps[:reached], strict=False):
        scene.sink.add(
            GroupTransition(
                id=scene.keys.next("group step"),
                created_at=at,
                group=group,
                from_state=before,
                to_state=after,
                by=plan.lead,
                at=at,
                reason=reasons[after],
            )
        )


def _add_membership(scene: Scene, plan: Plan, part: Part, *, before: date, seat: int) -> None:
    state, group = part.state, plan.group
    reached = _way_to(scene, part, before=before)
    is_ready = state in (MembershipState.ACTIVE, MembershipState.LEAVING, MembershipState.LEFT)
    part.membership = Membership(
        id=scene.keys.next("membership"),
        group=group,
        client=part.client,
        state=state,
        seat=seat if state in SEATED_STATES else None,
        proposed_by=scene.coordinator,
        pregroup_met_on=before - timedelta(days=_MET) if state in _WITH_ACCOUNT else None,
        starts_on=before - timedelta(days=_SIGNED) if is_ready else None,
        ends_on=part.ends_on,
        notice_on=reached[-1][1].date() if state == MembershipState.LEAVING else None,
        leaving_reason=part.why if state in (MembershipState.LEAVING, MembershipState.LEFT) else "",
    )
    part.membership.created_at = reached[0][1]
    scene.sink.add(part.membership)
    previous = ""
    for step, at in reached:
        answered_by_leader = step in (MembershipState.ACCEPTED, MembershipState.ACTIVE)
        scene.sink.add(
            MembershipTransition(
                id=scene.keys.next("membership step"),
                created_at=at,
                membership=part.membership,
                from_state=previous,
                to_state=step,
                by=plan.lead if answered_by_leader else scene.coordinator,
                at=at,
            )
        )
        previous = step
    if state in _WITH_ACCOUNT:
        add_account(scene, part.client, email=part.account_email)
        add_intake(scene, part.client, by=plan.lead)
    add_screening(scene, part.client, by=plan.lead, on=before - timedelta(days=_SCREENED))
    add_wait(
        scene,
        part.client,
        placed_on=None if state == MembershipState.PROPOSED else before - timedelta(days=_ACCEPTED),
    )


def _way_to(scene: Scene, part: Part, *, before: date) -> list[tuple[MembershipState, datetime]]:
    """Return the states up to the present one, each with its moment."""
    if part.state == MembershipState.PROPOSED:
        return [(MembershipState.PROPOSED, scene.when(3, 15))]
    left_on = part.ends_on or scene.today
    moments = {
        MembershipState.PROPOSED: scene.on(before - timedelta(days=_PROPOSED), 10),
        MembershipState.ACCEPTED: scene.on(before - timedelta(days=_ACCEPTED), 12),
        MembershipState.INVITED: scene.on(before - timedelta(days=_ACCEPTED), 12),
        MembershipState.PREPARING: scene.on(before - timedelta(days=_TAKEN), 19),
        MembershipState.ACTIVE: scene.on(before - timedelta(days=_SIGNED), 20),
        MembershipState.LEAVING: scene.on(min(scene.today, left_on) - timedelta(days=21), 20),
        MembershipState.LEFT: scene.on(left_on, 21),
    }
    return [(step, moments[step]) for step in _WAY[: _WAY.index(part.state) + 1]]
