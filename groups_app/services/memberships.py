"""Verbs of a membership: the way of a client through a group."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from audit import services as audit
from common.clock import now, today_in
from common.db import constraint_errors
from groups_app.models import (
    SEATED_STATES,
    Group,
    LeavingReason,
    Membership,
    MembershipState,
    MembershipTransition,
    PregroupMeeting,
)
from groups_app.services.conflicts import require_no_conflict
from groups_app.services.errors import (
    AlreadyProposed,
    DoorShut,
    EmailInUse,
    GroupFull,
    MeetingIncomplete,
    MeetingInFuture,
    ReasonMissing,
)
from groups_app.services.goals import Wish, agree_on_goals
from groups_app.services.groups import capacity_of
from groups_app.services.screened import not_approved, require_approved
from groups_app.services.steps import (
    activate_if_prepared,
    end_membership,
    lock_group,
    lock_membership,
    require_state,
    resume_wait,
    take_step,
)
from members.models import Client, ScreeningOutcome, WaitingListEntry, WaitingOutcome
from members.services import close_waiting
from practice.models import LARGEST_GROUP_EVER, Invitation, Role, User
from practice.services import invite

# While a client has a place and is no member yet, the meeting before the group can be recorded and mended.
MEETING_IS_OPEN = (MembershipState.ACCEPTED, MembershipState.INVITED, MembershipState.PREPARING)


@transaction.atomic
def propose(*, group: Group, client: Client, by: User) -> Membership:
    """Ask the leaders of ``group`` to take ``client``. It takes no place yet.

    Raises ``DoorShut`` once the group runs, unless its door was opened (R1, R28), ``GroupFull`` without a free place,
    ``NotApproved`` without an approved screening (R21), ``KeptApart`` (R22) and ``AlreadyProposed``.
    """
    locked = lock_group(group)
    _check_door(locked)
    _check_free_place(locked)
    require_approved(client)
    require_no_conflict(locked, client)
    refusals = {
        "membership_one_open": lambda: _already_there(client),
        "membership_only_screened": lambda: not_approved(client, ScreeningOutcome.WAIT),
    }
    with constraint_errors(refusals):
        membership = Membership.objects.create(group=locked, client=client, proposed_by=by, door=locked.door)
    MembershipTransition.objects.create(
        membership=membership, from_state="", to_state=MembershipState.PROPOSED, by=by, at=now()
    )
    return membership


@transaction.atomic
def accept(*, membership: Membership, by: User) -> Membership:
    """Take a proposed client into the lowest free place of the group and invite the person; return the membership.

    The client gets an account if there is none, and a mailed invitation; with a working account the membership goes on
    to *preparing* at once. The wait for a place is over. Raises ``WrongState`` unless it is proposed, ``DoorShut``,
    ``GroupFull``, ``NotApproved``, ``KeptApart``, and ``EmailInUse`` if the address is somebody else's.
    """
    current = lock_membership(membership)
    require_state(current, MembershipState.PROPOSED)
    _check_door(current.group)
    taken = _check_free_place(current.group)
    require_approved(current.client)
    require_no_conflict(current.group, current.client)
    current.seat = min(set(range(1, LARGEST_GROUP_EVER + 1)) - taken)
    with constraint_errors({"membership_seat_once": lambda: _full(current.group)}):
        take_step(current, MembershipState.ACCEPTED, by=by)
    account = _account_of(current.client, by=by)
    if account.has_usable_password():
        take_step(current, MembershipState.PREPARING, by=by)
    else:
        take_step(current, MembershipState.INVITED, by=by)
        # A link that is in the client's mailbox already stays good.
        if not Invitation.objects.filter(user=account).open(now()).exists():
            invite(user=account, by=by)
    _end_wait(current.client)
    return current


@transaction.atomic
def decline(*, membership: Membership, by: User, reason: str) -> None:
    """Say no to a proposal with a ``reason``; the client goes on waiting. Raises ``WrongState``, ``ReasonMissing``."""
    current = lock_membership(membership)
    require_state(current, MembershipState.PROPOSED)
    _require_reason(reason)
    take_step(current, MembershipState.DECLINED, by=by, reason=reason)


@transaction.atomic
def withdraw(
    *, membership: Membership, by: User, reason: str = "", why: LeavingReason = LeavingReason.DROPPED_OUT
) -> None:
    """End a membership or take a proposal back; its place is free at once, past attendance stays (R31).

    Taking back a mere proposal needs no ``reason``, everything else does (``ReasonMissing``); ``why`` is kept of
    somebody who was a member (R27). Who was no member yet goes back to the waiting list, with the days already waited.
    Raises ``WrongState`` if the membership is over.
    """
    current = lock_membership(membership)
    require_state(current, MembershipState.PROPOSED, *SEATED_STATES)
    if current.state != MembershipState.PROPOSED:
        _require_reason(reason)
    held_a_place = current.is_seated
    end_membership(current, by=by, reason=reason, why=why)
    if held_a_place and current.state == MembershipState.WITHDRAWN:
        resume_wait(current.client)


@transaction.atomic
def record_pregroup_meeting(
    *, membership: Membership, on: date, goals: Sequence[Wish], inventory: str, contract_explained: bool, by: User
) -> Membership:
    """Record that the individual meeting took place on the day ``on``, and what came of it (R25).

    ``goals``, up to three, become the member's goals (R10); the meeting keeps their words as they were agreed.
    ``inventory`` are the people who matter and what the client wants to be different with them. Both are clinical
    texts. Recording again mends what was written. Returns the membership, active if this was the last thing missing.
    Raises ``MeetingInFuture`` for a day that has not come at the group's site, ``MeetingIncomplete`` without one of the
    three, ``GoalsFull``, and ``WrongState`` unless the client has a place and is not a member yet.
    """
    current = lock_membership(membership)
    require_state(current, *MEETING_IS_OPEN)
    if on > today_in(current.group.site.zone):
        raise MeetingInFuture(_("That day has not come yet. Record the meeting once it took place."))
    if not (any(goals) and inventory.strip() and contract_explained):
        raise MeetingIncomplete(
            _("A meeting has goals, the people who matter, and the agreement gone through. Write what is missing.")
        )
    agree_on_goals(membership=current, wishes=goals, by=by)
    agreed = current.goals.filter(ended_at__isnull=True).select_related("catalogue")
    PregroupMeeting.objects.update_or_create(
        membership=current,
        defaults={
            "held_on": on,
            "goals": "\n".join(goal.title for goal in agreed),
            "inventory": inventory.strip(),
            "contract_explained": True,
            "recorded_by": by,
        },
    )
    current.pregroup_met_on = on
    current.save(update_fields=["pregroup_met_on"])
    audit.record(action="membership.met", by=by, target=current, client=current.client_id)
    activate_if_prepared(current, by=by)
    return current


@transaction.atomic
def welcome(*, user: User) -> None:
    """Let every membership that waits for ``user`` to take over the account go on to *preparing*."""
    waiting = Membership.objects.filter(client__user=user, state=MembershipState.INVITED)
    # No seat changes, so the groups' rows stay free: who takes over an account waits for nobody.
    for membership in waiting.select_for_update(of=("self",), no_key=True).order_by("pk"):
        take_step(membership, MembershipState.PREPARING, by=user)


def _check_door(group: Group) -> None:
    if not group.accepts_members:
        if group.is_over:
            raise DoorShut(_("%(group)s is over. Choose a group that is forming.") % {"group": group})
        raise DoorShut(
            _(
                "%(group)s has started, so its door is shut. Choose a group that is forming, or ask its leaders to "
                "open the door."
            )
            % {"group": group}
        )


def _check_free_place(group: Group) -> set[int]:
    """Return the seats that are taken in a locked group; raise ``GroupFull`` if none is left."""
    taken = set(Membership.objects.filter(group=group).seated().order_by().values_list("seat", flat=True))
    if len(taken) >= capacity_of(group):
        raise _full(group)
    return {seat for seat in taken if seat is not None}


def _full(group: Group) -> GroupFull:
    return GroupFull(_("Every place in %(group)s is taken. Choose another group.") % {"group": group})


def _already_there(client: Client) -> AlreadyProposed:
    return AlreadyProposed(_("%(name)s is in this group, or proposed for it, already.") % {"name": client.roster_name})


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise ReasonMissing(_("Say in a few words why."))


def _account_of(client: Client, *, by: User) -> User:
    """Return the client's account, made now if there is none; two groups may accept the same client at once."""
    # Without a join: PostgreSQL looks at a row again after waiting for it, but not at what was joined to it.
    locked = Client.objects.select_for_update(no_key=True).get(pk=client.pk)
    if locked.user is not None:
        return locked.user
    in_use = EmailInUse(
        _("The address %(email)s belongs to another account. Change it in the client's record, then accept again.")
        % {"email": client.email}
    )
    with constraint_errors({"practice_user_email_key": lambda: in_use}):
        account = User.objects.create_user(
            email=client.email, first_name=client.called, last_name=client.last_name, roles=[Role.MEMBER]
        )
    locked.user = client.user = account
    locked.save(update_fields=["user"])
    return account


def _end_wait(client: Client) -> None:
    if WaitingListEntry.objects.open().filter(client=client).exists():
        close_waiting(client=client, outcome=WaitingOutcome.PLACED, on=today_in(client.site.zone))
