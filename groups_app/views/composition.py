"""The composition of a group, for clinical staff (R20)."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from groups_app.composition import composition_of
from groups_app.models import Membership, MembershipState
from groups_app.views.access import group_for
from practice.access import SignedIn


@require_safe
def composition(request: SignedIn, pk: UUID) -> HttpResponse:
    """Show how the group is composed and how it would be with those proposed, all of them or the one chosen."""
    group = group_for(request.user, pk, "groups_app.see_composition")
    proposed = list(
        Membership.objects.filter(group=group, state=MembershipState.PROPOSED)
        .select_related("client")
        .order_by("client__sort_key", "id")
    )
    chosen = [membership for membership in proposed if str(membership.pk) == request.GET.get("with")]
    candidates = [membership.client for membership in chosen or proposed]
    context = {
        "group": group,
        "composition": composition_of(group, candidates=candidates),
        "proposed": proposed,
        "chosen": chosen[0] if chosen else None,
        "nav_current": "groups_app:list",
    }
    return render(request, "groups_app/composition.html", context)
