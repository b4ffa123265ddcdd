"""A member's check-in after a session, and the climate of a group for its leaders."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from climate import services
from climate.forms import CheckInForm
from climate.items import FEWEST_ANSWERS
from climate.reads import climate_of
from common.clock import now
from common.errors import RuleBroken
from common.flash import done
from groups_app.models import Group, Membership
from practice.access import SignedIn, permitted
from practice.models import Policy
from sessions_log.models import Session
from sessions_log.roster import roster_of

ON_GROUP_PAGE = 8  # sessions


@require_http_methods(["GET", "POST"])
@permitted("climate.answer")
def check_in(request: SignedIn, pk: UUID) -> HttpResponse:
    """Ask the four questions, once, while the check-in is open.

    Whoever was on the roster that day is asked, also when they left afterward, or their group ended.
    """
    mine = Session.objects.filter(group__memberships__client__user=request.user).distinct()
    session = get_object_or_404(mine.with_place(), pk=pk)
    membership = get_object_or_404(roster_of(session), client__user=request.user)
    form = CheckInForm(request.POST or None)
    refusal = ""
    if request.method == "POST":
        if form.is_valid():
            try:
                services.answer(session=session, membership=membership, ratings=form.cleaned_data)
            except RuleBroken as broken:
                refusal = broken.sentence
            else:
                done(request, _("Thank you. Your answer went into the group’s average."))
                return redirect("home:member")
    else:
        refusal = _why_not(session, membership)
    context = {
        "session": session,
        "form": form,
        "refusal": refusal,
        "fewest": FEWEST_ANSWERS,
        "until": services.closes_at(session, hours=Policy.objects.get().climate_hours),
        "nav_current": "home:member",
    }
    return render(request, "climate/check_in.html", context)


def _why_not(session: Session, membership: Membership) -> str:
    """Say why there is nothing to ask, or nothing."""
    if services.was_away(session, membership):
        return services.WasAway().sentence
    if services.has_answered(session, membership):
        return services.AnsweredAlready().sentence
    is_open = services.is_open(session, hours=Policy.objects.get().climate_hours)
    return "" if is_open else services.NotOpen(is_over=session.ends_at <= now()).sentence


@require_safe
def group(request: SignedIn, pk: UUID) -> HttpResponse:
    """Show the averages of a group over its sessions; to htmx, the part that stands on the group's page."""
    groups = Group.objects.visible_to(request.user).with_leaders()
    shown = get_object_or_404(groups, pk=pk)
    if not request.user.has_perm("climate.read", shown):
        raise Http404
    climate = climate_of(shown, at=now(), last=ON_GROUP_PAGE if request.htmx else None)
    context = {"climate": climate, "group": shown, "fewest": FEWEST_ANSWERS, "nav_current": "groups_app:list"}
    template = "climate/group.html#curves" if request.htmx else "climate/group.html"
    return render(request, template, context)
