"""Asking after a member who stays away: how often they were away, how to reach them, noting that one asked (R27)."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from audit import services as audit
from common.clock import today_in
from common.errors import RuleBroken
from common.flash import done
from groups_app.models import Membership
from practice.access import SignedIn
from practice.models import Policy, User
from sessions_log import services
from sessions_log.forms import AskedForm
from sessions_log.staying_away import absences_of


@require_http_methods(["GET", "POST"])
def ask_after(request: SignedIn, pk: UUID) -> HttpResponse:
    """Show a leader how often the member was away and where to reach them; note the day on which they asked."""
    membership = _membership(request.user, pk)
    today = today_in(membership.group.site.zone)
    form = AskedForm(request.POST if request.method == "POST" else None, initial={"on": today})
    policy = Policy.objects.get()
    if request.method == "POST" and form.is_valid():
        try:
            asked = services.ask_after(membership=membership, on=form.cleaned_data["on"], by=request.user)
        except RuleBroken as refusal:
            form.add_error("on", refusal.sentence)
        else:
            sentence = _("Noted: you asked after %(name)s.") % {"name": membership.client.name}
            done(request, sentence, undo_url=reverse("sessions_log:ask_after_undo", args=[pk, asked.pk]))
            return redirect("home:group", membership.group_id)
    audit.record(action="client.contact_read", by=request.user, target=membership.client, client=membership.client_id)
    context = {
        "membership": membership,
        "form": form,
        "absences": absences_of(membership, policy),
        "asked": membership.asked_after.standing().select_related("by").order_by("-asked_on"),
        "days": policy.ask_again_days,
        "nav_current": "groups_app:list",
    }
    return render(request, "sessions_log/ask_after.html", context)


@require_POST
def ask_after_undo(request: SignedIn, pk: UUID, asked: UUID) -> HttpResponse:
    """Take back that somebody asked; the member is pointed out again."""
    membership = _membership(request.user, pk)
    services.take_asking_back(asked=get_object_or_404(membership.asked_after, pk=asked), by=request.user)
    done(request, _("%(name)s is still to be asked after.") % {"name": membership.client.name})
    return redirect("home:group", membership.group_id)


def _membership(user: User, pk: UUID) -> Membership:
    """Return a member of a group that ``user`` leads; else 404."""
    members = Membership.objects.visible_to(user).attending().select_related("client", "group__site")
    membership = get_object_or_404(members, pk=pk)
    if not user.has_perm("sessions_log.ask_after", membership.group):
        raise Http404
    return membership
