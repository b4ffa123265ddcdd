"""The steps of a group's life: each says what it means and what is missing, and is taken or taken back (R1, R29)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common.errors import RuleBroken
from common.flash import done
from groups_app import services
from groups_app.forms import CallOffForm, StepForm
from groups_app.models import EndingItem, GroupState, Membership
from groups_app.services.conditions import facts_of, start_conditions
from groups_app.services.lifecycle import CAN_BE_CALLED_OFF, NEXT_STATE, open_ending_items
from groups_app.views.access import group_for
from practice.access import SignedIn
from practice.models import Practice


@require_http_methods(["GET", "POST"])
def change_state(request: SignedIn, pk: UUID) -> HttpResponse:
    """Say what the next step of the group's life means and what is missing for it, and take it."""
    group = group_for(request.user, pk, "groups_app.change_state")
    following = NEXT_STATE.get(GroupState(group.state))
    open_items = list(open_ending_items(group)) if following == GroupState.ENDED else []
    form = StepForm(
        request.POST if request.method == "POST" else None, initial={"to": following}, must_explain=bool(open_items)
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.change_state(
                group=group, to=form.cleaned_data["to"], by=request.user, reason=form.cleaned_data["reason"]
            )
        except RuleBroken as refusal:
            form.add_error(None, refusal.sentence)
        else:
            sentence = _("%(group)s has ended.") if group.is_over else _("%(group)s is %(state)s now.")
            back = "" if group.is_over else reverse("groups_app:take_step_back", args=[group.pk])
            done(request, sentence % {"group": group, "state": group.get_state_display().lower()}, undo_url=back)
            return redirect("home:group", group.pk)
    conditions = (
        start_conditions(facts_of(group, Practice.objects.current().policy)) if following == GroupState.RUNNING else []
    )
    return render(
        request,
        "groups_app/change_state.html",
        {
            "form": form,
            "group": group,
            "following": following,
            "conditions": conditions,
            "unmet": sum(not one.is_met for one in conditions),
            "open_items": open_items,
            "seated": Membership.objects.filter(group=group).seated().count(),
            "nav_current": "groups_app:list",
        },
    )


@require_http_methods(["GET", "POST"])
def call_off(request: SignedIn, pk: UUID) -> HttpResponse:
    """Give up a group that never started, with a reason."""
    group = group_for(request.user, pk, "groups_app.change_state")
    form = CallOffForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.call_off(group=group, by=request.user, reason=form.cleaned_data["reason"])
        except RuleBroken as refusal:
            form.add_error(None, refusal.sentence)
        else:
            done(request, _("%(group)s is called off.") % {"group": group})
            return redirect("home:group", group.pk)
    return render(
        request,
        "groups_app/call_off.html",
        {
            "form": form,
            "group": group,
            "may_be_called_off": group.state in CAN_BE_CALLED_OFF,
            "seated": Membership.objects.filter(group=group).seated().count(),
            "nav_current": "groups_app:list",
        },
    )


@require_POST
def take_step_back(request: SignedIn, pk: UUID) -> HttpResponse:
    """Take the last step back where it harms nobody."""
    group = group_for(request.user, pk, "groups_app.change_state")
    try:
        services.take_step_back(group=group, by=request.user)
    except RuleBroken as refusal:
        messages.error(request, refusal.sentence)
    else:
        state = group.get_state_display().lower()
        done(request, _("The step is taken back: %(group)s is %(state)s again.") % {"group": group, "state": state})
    return redirect("home:group", group.pk)


@require_POST
def ending_check(request: SignedIn, pk: UUID, item: UUID) -> HttpResponse:
    """Check or uncheck a line of the ending's list; what is posted says which."""
    group = group_for(request.user, pk, "groups_app.change_state")
    line = get_object_or_404(EndingItem, pk=item)
    try:
        services.check_ending_item(group=group, item=line, is_done="done" in request.POST, by=request.user)
    except RuleBroken as refusal:
        messages.error(request, refusal.sentence)
    return redirect(reverse("home:group", args=[group.pk]) + "#steps")
