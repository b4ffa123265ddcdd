"""One membership: where it stands, and everything that happened to it."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from audit import services as audit
from groups_app.membership_history import history_of
from groups_app.models import PregroupMeeting, Signature
from groups_app.views.access import membership_for
from practice.access import SignedIn


@require_safe
def membership(request: SignedIn, pk: UUID) -> HttpResponse:
    """Show a membership to leaders and supervisors: its days, what belongs to it, its history (R31)."""
    found = membership_for(request.user, pk, "groups_app.see_membership")
    signatures = Signature.objects.filter(membership=found).select_related("version").order_by("-signed_at")
    context = {
        "membership": found,
        "history": history_of(found),
        "has_meeting": PregroupMeeting.objects.filter(membership=found).exists(),
        "signature": signatures.in_force().first(),
        "asked": found.asked_after.standing().select_related("by").order_by("-asked_on"),
        "may_end": request.user.has_perm("groups_app.end_membership", found),
        "nav_current": "groups_app:list",
    }
    audit.record(action="membership.read", by=request.user, target=found, client=found.client_id)
    return render(request, "groups_app/membership.html", context)
