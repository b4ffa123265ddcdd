"""What several verbs share: the locks, in their one order, and a step of a membership kept as a thing of its own.

Locks are taken from above to below: group, membership, client. A verb that takes them in another order may deadlock.
"""

from datetime import date

from django.utils.translation import gettext as _

from audit import services as audit
from common.acting import SYSTEM, acting_as
from common.clock import now, today_in
from groups_app.models import (
    Group,
    LeavingReason,
    MemberNotice,
    Membership,
    MembershipState,
    MembershipTransition,
    NoticeKind,
)
from groups_app.services.errors import WrongState
from groups_app.services.screened import is_approved
from members.models import Client, WaitingListEntry, WaitingOutcome
from members.services import open_waiting
from practice.models import User


def lock_group(group: Group) -> Group:
    """Return the group's row as it is now, locked until the transaction ends; every change of its seats waits here."""
    return Group.objects.select_for_update(no_key=True).get(pk=group.pk)


def lock_membership(membership: Membership) -> Membership:
    """Return the membership's row as it is now, locked after its group's row."""
    group = lock_group(membership.group)
    current = Membership.objects.select_for_update(no_key=True).get(pk=membership.pk)
    current.group = group
    return current


def require_state(membership: Membership, *allowed: MembershipState) -> None:
    """Raise ``WrongState`` unless the membership is in one of the ``allowed`` states."""
    if membership.state not in allowed:
        raise WrongState(
            _("%(name)s is “%(state)s” in this group now. Load the page again to see what comes next.")
            % {"name": membership.client.roster_name, "state": str(membership.get_state_display()).lower()}
        )


def take_step(membership: Membership, to: MembershipState, *, by: User, reason: str = "") -> None:
    """Move a locked membership to ``to``, save the whole row, and keep who did it, when and why."""
    MembershipTransition.objects.create(
        membership=membership, from_state=membership.state, to_state=to, by=by, at=now(), reason=reason.strip()
    )
    membership.state = to
    membership.save()
    audit.record(
        action=f"membership.{to}", by=by, target=membership, client=membership.client_id, reason=reason.strip()
    )


def end_membership(membership: Membership, *, by: User, reason: str, why: LeavingReason = LeavingReason.OTHER) -> None:
    """Free the place of a locked membership: a member has left, anybody else is withdrawn; the row stays (R1, R31).

    ``why`` a member leaves counts unless a notice said it before (R27).
    """
    today = today_in(membership.group.site.zone)
    was_member = membership.state in (MembershipState.ACTIVE, MembershipState.LEAVING)
    # Whoever was to join on a day that has not come was never there.
    has_begun = membership.starts_on is not None and membership.starts_on <= today
    membership.seat = None
    if was_member and has_begun:
        membership.ends_on = today
        membership.leaving_reason = membership.leaving_reason or why
        take_step(membership, MembershipState.LEFT, by=by, reason=reason)
    else:
        membership.ends_on, membership.leaving_reason = None, ""
        take_step(membership, MembershipState.WITHDRAWN, by=by, reason=reason)


def activate_if_prepared(membership: Membership, *, by: User) -> bool:
    """Make a locked membership active once the meeting is recorded and the newest agreement is signed (R25).

    In a group that runs, only while its door is open, and from the announced day on (R28). Whose screening was taken
    back meanwhile stays where they are (R21).
    """
    group = membership.group
    if membership.state != MembershipState.PREPARING or membership.pregroup_met_on is None:
        return False
    if not group.accepts_members:
        return False
    if not Membership.objects.with_agreement_state().get(pk=membership.pk).agreement_signed:
        return False
    with acting_as(SYSTEM):  # the member who signs knows nothing of screenings
        if not is_approved(membership.client):
            return False
    today = today_in(group.site.zone)
    membership.starts_on = max(today, group.door.opens_on) if group.door else today
    take_step(membership, MembershipState.ACTIVE, by=by)
    return True


def shut_door(group: Group, *, by: User) -> None:
    """Close the opening of a locked group, if there is one; the row of the group is saved by this."""
    opening = group.door
    if opening is None:
        return
    opening.closed_at, opening.closed_by = now(), by
    opening.save(update_fields=["closed_at", "closed_by"])
    group.door = None
    group.save(update_fields=["door"])


def tell_members(group: Group, kind: NoticeKind, *, day: date) -> None:
    """Tell everybody who comes to the sessions of ``group``, each in a notice of their own; it names nobody (R24, R28).

    What is unseen of the same kind is overtaken. Messages may be made of the rows; rooms above find them.
    """
    unseen = MemberNotice.objects.filter(membership__group=group, kind=kind)
    unseen.filter(seen_at__isnull=True, withdrawn_at__isnull=True).update(withdrawn_at=now())
    MemberNotice.objects.bulk_create(
        MemberNotice(membership_id=pk, kind=kind, day=day)
        for pk in Membership.objects.filter(group=group).attending().values_list("pk", flat=True)
    )


@acting_as(SYSTEM)  # a leader sees neither the list nor places in other groups
def resume_wait(client: Client) -> None:
    """Put a client whose place came to nothing back on the list, unless they have another place or wait again."""
    entries = WaitingListEntry.objects.filter(client=client)
    last = entries.filter(outcome=WaitingOutcome.PLACED).order_by("-closed_on", "-id").first()
    if last is None or entries.open().exists() or Membership.objects.filter(client=client).seated().exists():
        return
    open_waiting(client=client, since=last.since)
