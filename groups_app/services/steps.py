"""What several verbs share: the locks, in their one order, and a step of a membership kept as a thing of its own.

Locks are taken from above to below: group, membership, client. A verb that takes them in another order may deadlock.
"""

from django.utils.translation import gettext as _

from common.clock import now, today_in
from groups_app.models import Group, Membership, MembershipState, MembershipTransition
from groups_app.services.errors import WrongState
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


def end_membership(membership: Membership, *, by: User, reason: str) -> None:
    """Free the place of a locked membership: a member has left, anybody else is withdrawn; the row stays (R1, R31)."""
    was_member = membership.state in (MembershipState.ACTIVE, MembershipState.LEAVING)
    membership.seat = None
    if was_member:
        today = today_in(membership.group.site.zone)
        membership.ends_on = max(today, membership.starts_on or today)
    take_step(membership, MembershipState.LEFT if was_member else MembershipState.WITHDRAWN, by=by, reason=reason)


def activate_if_prepared(membership: Membership, *, by: User) -> bool:
    """Make a locked membership active once the meeting is recorded and the newest agreement is signed (R25)."""
    if membership.state != MembershipState.PREPARING or membership.pregroup_met_on is None:
        return False
    if not Membership.objects.with_agreement_state().get(pk=membership.pk).agreement_signed:
        return False
    membership.starts_on = today_in(membership.group.site.zone)
    take_step(membership, MembershipState.ACTIVE, by=by)
    return True
