"""How a page of groups finds its object: among what the person may see, and only with the right to do it; else 404."""

from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404

from groups_app.models import Group, Membership
from practice.models import User


def group_for(user: User, pk: UUID, permission: str) -> Group:
    """Return the group, with its site, if ``user`` may see it and has ``permission`` for it."""
    group = get_object_or_404(Group.objects.visible_to(user).select_related("site", "room"), pk=pk)
    if not user.has_perm(permission, group):
        raise Http404
    return group


def membership_for(user: User, pk: UUID, permission: str) -> Membership:
    """Return the membership, with client and group, if ``user`` may see it and has ``permission`` for it."""
    memberships = Membership.objects.visible_to(user).select_related("client", "group__site")
    membership = get_object_or_404(memberships, pk=pk)
    if not user.has_perm(permission, membership):
        raise Http404
    return membership
