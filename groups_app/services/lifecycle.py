"""The life of a group: each step a verb with conditions, kept as a thing with who, when and why (R1)."""

from django.db import models, transaction
from django.utils.translation import gettext as _

from audit import services as audit
from common.clock import now
from groups_app.models import (
    OVER_STATES,
    EndingCheck,
    EndingItem,
    Group,
    GroupState,
    GroupTransition,
    LeavingReason,
    Membership,
)
from groups_app.services.conditions import StepBackFacts, facts_of, first_unmet, start_conditions, why_step_stays
from groups_app.services.errors import DoorInUse, ReasonMissing, StepStays, WrongState
from groups_app.services.steps import end_membership, lock_group, resume_wait, shut_door
from groups_app.signals import group_over, has_met_asked
from practice.models import Policy, User

NEXT_STATE = {
    GroupState.PLANNED: GroupState.FORMING,
    GroupState.FORMING: GroupState.RUNNING,
    GroupState.RUNNING: GroupState.ENDING,
    GroupState.ENDING: GroupState.ENDED,
}
# A group that never met is called off; one that has met says goodbye.
CAN_BE_CALLED_OFF = (GroupState.PLANNED, GroupState.FORMING)


@transaction.atomic
def change_state(*, group: Group, to: GroupState | str, by: User, reason: str = "") -> GroupTransition:
    """Take ``group`` one step on: planned → forming → running → ending → ended (R1).

    Running needs everything of ``start_conditions``; the first that is not so raises its own error (``NotLicensed``,
    ``TooFewMembers``, ``ProposalsOpen``, ``NotPrepared``, ``NotSigned``, or one of a room above). Ending shuts the
    door, ``DoorInUse`` while somebody is on the way in. Ended needs a ``reason`` as long as lines of its checklist are
    open, else ``ReasonMissing``; it ends every membership, and sessions to come do not take place (R29). Raises
    ``WrongState`` for any other step.
    """
    locked = lock_group(group)
    if to != NEXT_STATE.get(GroupState(locked.state)):
        raise _wrong_state(locked)
    if to == GroupState.RUNNING:
        unmet = first_unmet(start_conditions(facts_of(locked, Policy.objects.get())))
        if unmet is not None and unmet.refusal is not None:
            raise unmet.refusal
    elif to == GroupState.ENDING:
        _leave_nobody_at_the_door(locked)
        shut_door(locked, by=by)
    elif to == GroupState.ENDED and not reason.strip() and open_ending_items(locked).exists():
        raise ReasonMissing(_("Not everything on the ending checklist is done. Do it, or say in a few words why not."))
    step = _step(locked, GroupState(to), by=by, reason=reason)
    group.state = locked.state
    if to == GroupState.ENDED:
        for membership in _open_memberships(locked):
            end_membership(membership, by=by, reason=_("The group ended."), why=LeavingReason.COMPLETED)
        group_over.send(sender=Group, group=locked, by=by)
    return step


@transaction.atomic
def call_off(*, group: Group, by: User, reason: str) -> GroupTransition:
    """Give up a group that never started, with a ``reason``: whoever had a place waits again, no session takes place.

    Raises ``WrongState`` once it has started, ``ReasonMissing``.
    """
    locked = lock_group(group)
    if locked.state not in CAN_BE_CALLED_OFF:
        raise _wrong_state(locked)
    if not reason.strip():
        raise ReasonMissing(_("Say in a few words why the group is called off."))
    for membership in _open_memberships(locked):
        held_a_place = membership.is_seated
        end_membership(membership, by=by, reason=_("The group was called off."), why=LeavingReason.OTHER)
        if held_a_place:
            resume_wait(membership.client)
    step = _step(locked, GroupState.CALLED_OFF, by=by, reason=reason)
    group.state = locked.state
    group_over.send(sender=Group, group=locked, by=by)
    return step


@transaction.atomic
def take_step_back(*, group: Group, by: User) -> GroupTransition:
    """Take the last step of ``group`` back where that harms nobody; both steps stay on record.

    Raises ``StepStays`` with the reason why it cannot be (``why_step_stays``), ``WrongState`` without a step.
    """
    locked = lock_group(group)
    step = GroupTransition.objects.filter(group=locked).order_by("at", "id").last()
    if step is None or step.undoes_id is not None:
        raise WrongState(_("There is no step to take back. Load the page again to see where the group is."))
    refusal = why_step_stays(
        StepBackFacts(
            state=locked.state,
            has_open_memberships=Membership.objects.filter(group=locked).open().exists(),
            was_door_opened=locked.openings.filter(announced_at__gte=step.at).exists(),
            was_ending_begun=locked.ending_checks.exists(),
            has_met=any(met for _r, met in has_met_asked.send(sender=Group, group=locked, since=step.at)),
        )
    )
    if refusal:
        raise StepStays(refusal)
    back = _step(locked, GroupState(step.from_state), by=by, undoes=step)
    group.state = locked.state
    return back


@transaction.atomic
def check_ending_item(*, group: Group, item: EndingItem, is_done: bool, by: User) -> None:
    """Check a line of the ending's list, or uncheck it; twice is once. Raises ``WrongState`` unless it is ending."""
    locked = lock_group(group)
    if locked.state != GroupState.ENDING:
        raise _wrong_state(locked)
    if is_done:
        EndingCheck.objects.get_or_create(group=locked, item=item, defaults={"by": by, "at": now()})
    else:
        EndingCheck.objects.filter(group=locked, item=item).delete()


def open_ending_items(group: Group) -> models.QuerySet[EndingItem]:
    """Return the lines of the practice's checklist that are not done for ``group`` (R29)."""
    return EndingItem.objects.filter(is_active=True).exclude(pk__in=group.ending_checks.values("item"))


def _step(
    group: Group, to: GroupState, *, by: User, reason: str = "", undoes: GroupTransition | None = None
) -> GroupTransition:
    step = GroupTransition.objects.create(
        group=group, from_state=group.state, to_state=to, by=by, at=now(), reason=reason.strip(), undoes=undoes
    )
    group.state = to
    group.save(update_fields=["state"])
    action = "group.step_taken_back" if undoes else f"group.{to.replace('-', '_')}"
    audit.record(action=action, by=by, target=group, reason=reason)
    return step


def _open_memberships(group: Group) -> models.QuerySet[Membership]:
    return (
        Membership.objects.select_for_update(of=("self",))
        .filter(group=group)
        .open()
        .select_related("client", "group__site")
    )


def _leave_nobody_at_the_door(group: Group) -> None:
    waiting = Membership.objects.filter(group=group).on_the_way()
    if waiting.exists():
        raise DoorInUse(_("Somebody is on the way into this group. Withdraw the place first, then begin the ending."))


def _wrong_state(group: Group) -> WrongState:
    state = str(group.get_state_display()).lower()
    if group.state in OVER_STATES:
        return WrongState(_("This group is over (%(state)s): nothing comes after that.") % {"state": state})
    return WrongState(_("This group is %(state)s now. Load the page again to see what comes next.") % {"state": state})
