"""Who may do what to a group, a membership, an agreement."""

import rules

from groups_app.models import Group, GroupLeader, Membership, MembershipState, Signature
from practice.models import Role, User
from practice.rules import holds

is_coordinator = holds(Role.COORDINATOR)
is_supervisor = holds(Role.SUPERVISOR)


@rules.predicate
def leads(user: User, group: Group | None) -> bool:
    """Leads the group now."""
    if group is None or not user.has_role(Role.THERAPIST):
        return False
    prefetched = getattr(group, "current_leaders", None)
    if prefetched is not None:
        return any(leader.user_id == user.pk for leader in prefetched)
    return GroupLeader.objects.filter(group=group, user=user, until__isnull=True).exists()


@rules.predicate
def leads_group_of(user: User, membership: Membership | None) -> bool:
    """Leads the membership's group now."""
    return membership is not None and bool(leads(user, membership.group))


@rules.predicate
def is_member_already(_user: User, membership: Membership | None) -> bool:
    """The membership is active, or leaving after notice."""
    return membership is not None and membership.state in (MembershipState.ACTIVE, MembershipState.LEAVING)


@rules.predicate
def is_own(user: User, membership: Membership | None) -> bool:
    """The membership is the person's own."""
    return membership is not None and membership.client.user_id == user.pk


@rules.predicate
def signed_it(user: User, signature: Signature | None) -> bool:
    """The signature is the person's own."""
    return signature is not None and signature.membership.client.user_id == user.pk


@rules.predicate
def leads_group_of_signature(user: User, signature: Signature | None) -> bool:
    """Leads the group whose agreement was signed."""
    return signature is not None and bool(leads(user, signature.membership.group))


# A group as a whole
rules.add_perm("groups_app.open_groups", holds(Role.COORDINATOR, Role.SUPERVISOR, Role.THERAPIST))
rules.add_perm("groups_app.plan_group", holds(Role.COORDINATOR, Role.SUPERVISOR, Role.THERAPIST))
rules.add_perm("groups_app.see_all_groups", is_coordinator | is_supervisor)
# Groups that others lead; who leads groups plans their own.
rules.add_perm("groups_app.plan_for_others", is_coordinator | is_supervisor)
rules.add_perm("groups_app.lead_groups", holds(Role.THERAPIST))
rules.add_perm("groups_app.edit_group", is_coordinator | is_supervisor | leads)
rules.add_perm("groups_app.change_state", is_supervisor | leads)
rules.add_perm("groups_app.open_door", is_supervisor | leads)
# Who decides in spite of a conflict learns with whom it is (R22).
rules.add_perm("groups_app.override_conflict", is_supervisor | leads)
# Who is alone with what is for clinicians (R20).
rules.add_perm("groups_app.see_composition", is_supervisor | leads)
rules.add_perm("groups_app.edit_agreement", is_supervisor | leads)
# Who proposes reads the waiting list, which therapists do not (R43).
rules.add_perm("groups_app.propose", is_coordinator | is_supervisor)

# How every group goes: a decision of the practice.
rules.add_perm("groups_app.edit_course", holds(Role.ADMINISTRATOR, Role.SUPERVISOR))

# A membership
rules.add_perm("groups_app.answer_proposal", is_supervisor | leads_group_of)
# The coordinator fills places and may empty them again; ending what somebody is part of is for clinicians.
rules.add_perm("groups_app.withdraw_membership", is_supervisor | leads_group_of | (is_coordinator & ~is_member_already))
rules.add_perm("groups_app.end_membership", is_supervisor | leads_group_of)
rules.add_perm("groups_app.see_membership", is_supervisor | leads_group_of)
rules.add_perm("groups_app.record_pregroup_meeting", is_supervisor | leads_group_of)
rules.add_perm("groups_app.sign_agreement", is_own)

# What members do about their own places; which these are says ``visible_to``.
rules.add_perm("groups_app.sign_agreements", holds(Role.MEMBER))
rules.add_perm("groups_app.have_goals", holds(Role.MEMBER))
rules.add_perm("groups_app.read_notices", holds(Role.MEMBER))

# An agreement. Coordinators see who is still to sign, never what somebody signed.
rules.add_perm("groups_app.see_agreement", is_coordinator | is_supervisor | leads)
rules.add_perm("groups_app.edit_template", is_supervisor)
rules.add_perm("groups_app.record_paper_signature", is_coordinator | is_supervisor | leads_group_of)
rules.add_perm("groups_app.withdraw_signature", signed_it | is_supervisor | leads_group_of_signature)

# Goals are between the member and who cares for them (R10, R43).
rules.add_perm("groups_app.see_goals", is_own | is_supervisor | leads_group_of)
rules.add_perm("groups_app.rate_goals", is_own | leads_group_of)
