"""Emergency accesses afterwards: who cares for the client is told, a supervisor reviews them (R41)."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from audit.services import record
from common.clock import now
from common.errors import RuleBroken
from common.flash import done
from home.emergency_forms import ReviewForm
from members.models import EmergencyAccess, EmergencyNotice, Verdict
from members.services import emergency
from practice.access import SignedIn, permitted
from practice.models import Policy
from practice.services import zone_of

PAGE_SIZE = 25


@require_safe
@permitted("members.review_emergencies")
def reviews(request: SignedIn) -> HttpResponse:
    """List what waits for a review, the oldest first, and below what was reviewed."""
    days = Policy.objects.values_list("emergency_review_days", flat=True).get()
    accesses = EmergencyAccess.objects.visible_to(request.user).with_people()
    waiting = accesses.filter(verdict="").order_by("opened_at", "pk")
    reviewed = accesses.exclude(verdict="").order_by("-reviewed_at", "pk")
    context = {
        "waiting": list(waiting),
        "overdue_before": now() - timedelta(days=days),
        "days": days,
        "page_obj": Paginator(reviewed, PAGE_SIZE).get_page(request.GET.get("page")),
        "zone": zone_of(request.user),
        "nav_current": "members:list",
    }
    return render(request, "home/emergency/reviews.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted("members.review_emergencies")
def review(request: SignedIn, pk: UUID) -> HttpResponse:
    """Show one access with what was done by it, and take the finding."""
    access = get_object_or_404(EmergencyAccess.objects.visible_to(request.user).with_people(), pk=pk)
    form = ReviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        verdict, note = Verdict(form.cleaned_data["verdict"]), form.cleaned_data["note"]
        try:
            emergency.review_emergency(access=access, verdict=verdict, note=note, by=request.user)
        except RuleBroken as refusal:
            messages.error(request, refusal.sentence)
            return redirect("home:emergency_review", pk)
        done(request, _("Your review is kept with the access."))
        return redirect("home:emergency_reviews")
    record(action="emergency.read", by=request.user, target=access, client=access.client_id)
    context = {
        "access": access,
        "form": form if not access.verdict and access.by_id != request.user.pk else None,
        "notices": access.notices.select_related("user"),
        "zone": access.client.site.zone,
        "nav_current": "members:list",
    }
    return render(request, "home/emergency/review.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted("members.read_emergency_notices")
def notice(request: SignedIn, pk: UUID) -> HttpResponse:
    """Tell somebody who cares for the client that the record was opened, by whom and why."""
    notices = EmergencyNotice.objects.visible_to(request.user)
    found = get_object_or_404(notices.select_related("access__client__site", "access__by"), pk=pk)
    if request.method == "POST":
        emergency.see_notice(notice=found, by=request.user)
        done(request, _("You have seen that the record was opened."))
        return redirect("home:front")
    access = found.access
    context = {"notice": found, "access": access, "client": access.client, "zone": access.client.site.zone}
    return render(request, "home/emergency/notice.html", context)
