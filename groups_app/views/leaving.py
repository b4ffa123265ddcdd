"""After a notice: staying after all, the meeting afterwards; closing the door; what a member was told (R27, R28)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common.clock import today_in
from common.errors import RuleBroken
from common.flash import done
from groups_app import services
from groups_app.forms import DayForm
from groups_app.models import MemberNotice
from groups_app.views.access import group_for, membership_for
from practice.access import SignedIn, permitted


@require_POST
def close_door(request: SignedIn, pk: UUID) -> HttpResponse:
    """Shut the door of a running group again."""
    group = group_for(request.user, pk, "groups_app.open_door")
    try:
        services.close_door(group=group, by=request.user)
    except RuleBroken as refusal:
        messages.error(request, refusal.sentence)
    else:
        done(request, _("The door of %(group)s is shut.") % {"group": group})
    return redirect("home:group", pk)


@require_POST
def take_notice_back(request: SignedIn, pk: UUID) -> HttpResponse:
    """Let a member who gave notice stay."""
    membership = membership_for(request.user, pk, "groups_app.end_membership")
    try:
        services.take_notice_back(membership=membership, by=request.user)
    except RuleBroken as refusal:
        messages.error(request, refusal.sentence)
    else:
        done(request, _("%(name)s stays.") % {"name": membership.client.name})
    return redirect("home:group", membership.group_id)


@require_http_methods(["GET", "POST"])
def follow_up(request: SignedIn, pk: UUID) -> HttpResponse:
    """Plan the meeting with somebody who leaves or has left; once its day is there, record that it took place."""
    membership = membership_for(request.user, pk, "groups_app.end_membership")
    planned = membership.follow_up_on
    form = DayForm(request.POST if request.method == "POST" else None, initial={"on": planned})
    if request.method == "POST" and form.is_valid():
        was_held = "held" in request.POST
        verb = services.record_follow_up if was_held else services.plan_follow_up
        try:
            verb(membership=membership, on=form.cleaned_data["on"], by=request.user)
        except RuleBroken as refusal:
            form.add_error(None, refusal.sentence)
        else:
            recorded, arranged = _("The meeting with %(name)s is recorded."), _("The meeting with %(name)s is planned.")
            done(request, (recorded if was_held else arranged) % {"name": membership.client.name})
            return redirect("home:group", membership.group_id)
    is_due = planned is not None and planned <= today_in(membership.group.site.zone)
    context = {"form": form, "membership": membership, "is_due": is_due, "nav_current": "groups_app:list"}
    return render(request, "groups_app/follow_up.html", context)


@require_POST
@permitted("groups_app.read_notices")
def see_notice(request: SignedIn, pk: UUID) -> HttpResponse:
    """Note that the member has read what they were told."""
    services.see_notice(notice=get_object_or_404(MemberNotice.objects.visible_to(request.user), pk=pk))
    return redirect("home:member")
