"""The members of a group, where they are on their way, and what may be done about it (R25, R27, R29)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.dateformat import format as date_text
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groups_app.models import Membership, MembershipState
from home.reads.words import joined
from practice.models import User
from sessions_log.models import Session

NOT_YET_MEMBERS = (MembershipState.ACCEPTED, MembershipState.INVITED, MembershipState.PREPARING)


@dataclass(frozen=True)
class MemberLine:
    """A person of the group: where they are on their way, and what may be done about it."""

    membership: Membership
    note: str
    lacks_agreement: bool
    may_answer: bool
    may_record: bool
    may_withdraw: bool
    may_leave: bool
    may_stay: bool


@dataclass(frozen=True)
class FormerLine:
    """Somebody who has left: when, why, and the meeting afterwards."""

    membership: Membership
    note: str
    follow_up: str
    may_plan: bool
    may_record: bool


def lines_of(memberships: Sequence[Membership], sessions: Sequence[Session], user: User) -> list[MemberLine]:
    """Return everybody with a place or a proposal; who waits for an answer or a step is on top."""
    current = [membership for membership in memberships if membership.is_open]
    return [_line(membership, sessions, user) for membership in sorted(current, key=_urgency)]


def former_of(memberships: Sequence[Membership], *, may_follow_up: bool) -> list[FormerLine]:
    """Return who has left, by name."""
    return [
        FormerLine(
            membership=membership,
            note=joined(
                _("%(first)s to %(last)s") % {"first": _full(membership.starts_on), "last": _full(membership.ends_on)},
                str(membership.get_leaving_reason_display()),
            ),
            follow_up=_follow_up(membership),
            may_plan=may_follow_up and membership.follow_up_held_on is None,
            may_record=may_follow_up and membership.follow_up_on is not None and membership.follow_up_held_on is None,
        )
        for membership in memberships
        if membership.state == MembershipState.LEFT
    ]


def goodbyes_left(membership: Membership, coming: Sequence[Session]) -> int:
    """Return how many sessions the member still comes to, the last one included; 0 if ``coming`` does not reach it."""
    last = membership.ends_on
    if last is None or not coming or coming[-1].local_day < last:
        return 0
    return sum(not session.is_cancelled and session.local_day <= last for session in coming)


def _urgency(membership: Membership) -> int:
    """Put who waits for an answer or for a step on top; the order by name stays within."""
    if membership.state == MembershipState.PROPOSED:
        return 0
    return 1 if membership.state in NOT_YET_MEMBERS else 2


def _line(membership: Membership, coming: Sequence[Session], user: User) -> MemberLine:
    is_preparing = membership.state in NOT_YET_MEMBERS
    is_proposed = membership.state == MembershipState.PROPOSED
    may_end = user.has_perm("groups_app.end_membership", membership)
    return MemberLine(
        membership=membership,
        note=_note(membership, coming),
        lacks_agreement=membership.is_seated and not membership.agreement_signed,
        may_answer=is_proposed and user.has_perm("groups_app.answer_proposal", membership),
        may_record=is_preparing
        and membership.pregroup_met_on is None
        and user.has_perm("groups_app.record_pregroup_meeting", membership),
        may_withdraw=user.has_perm("groups_app.withdraw_membership", membership),
        may_leave=may_end and membership.state == MembershipState.ACTIVE,
        may_stay=may_end and membership.state == MembershipState.LEAVING,
    )


def _note(membership: Membership, coming: Sequence[Session]) -> str:
    """Say where the person is on the way into the group, or since when they are in it (R25)."""
    if membership.state == MembershipState.PROPOSED:
        return _("Waits for a leader’s answer")
    if membership.state in NOT_YET_MEMBERS:
        met = membership.pregroup_met_on
        return joined(
            _("Has not opened the invitation") if membership.state == MembershipState.INVITED else "",
            _("Met on %(day)s") % {"day": _day(met)} if met else _("No meeting recorded"),
        )
    if membership.state == MembershipState.LEAVING:
        left = goodbyes_left(membership, coming)
        return joined(
            _("Leaves on %(day)s") % {"day": _day(membership.ends_on)},
            ngettext("%(left)d session left", "%(left)d sessions left", left) % {"left": left} if left else "",
            str(membership.get_leaving_reason_display()),
        )
    return _("Since %(day)s") % {"day": date_text(membership.starts_on, "F j, Y")} if membership.starts_on else ""


def _follow_up(membership: Membership) -> str:
    if membership.follow_up_held_on:
        return _("Met afterwards on %(day)s") % {"day": _day(membership.follow_up_held_on)}
    if membership.follow_up_on:
        return _("Follow-up meeting on %(day)s") % {"day": _day(membership.follow_up_on)}
    return ""


def _day(day: date | None) -> str:
    return date_text(day, "F j") if day else ""


def _full(day: date | None) -> str:
    return date_text(day, "F j, Y") if day else ""
