"""Answers to proposals, and the end of a place."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common.errors import RuleBroken
from common.flash import done
from groups_app import services
from groups_app.forms import EndForm, ReasonForm
from groups_app.models import Membership, MembershipState
from groups_app.views.access import membership_for
from practice.access import SignedIn


@require_POST
def accept(request: SignedIn, pk: UUID) -> HttpResponse:
    """Take a proposed client into the group."""
    membership = membership_for(request.user, pk, "groups_app.answer_proposal")
    try:
        accepted = services.accept(membership=membership, by=request.user)
    except services.KeptApart:
        # Who answers proposals may also decide about the conflict, which came up since the proposal (R22).
        return redirect("groups_app:conflict", membership.group_id, membership.client_id)
    except RuleBroken as refusal:
        messages.error(request, refusal.sentence)
    else:
        name = membership.client.name
        if accepted.state == MembershipState.INVITED:
            done(request, _("%(name)s has a place now and gets an invitation by email.") % {"name": name})
        else:
            done(request, _("%(name)s has a place now.") % {"name": name})
    return redirect("home:group", membership.group_id)


@require_http_methods(["GET", "POST"])
def decline(request: SignedIn, pk: UUID) -> HttpResponse:
    """Say no to a proposal, with a reason."""
    membership = membership_for(request.user, pk, "groups_app.answer_proposal")
    sentence = _("%(name)s is declined and stays on the waiting list.") % {"name": membership.client.name}
    return _with_reason(request, membership, services.decline, "groups_app/decline.html", sentence=sentence)


@require_http_methods(["GET", "POST"])
def withdraw(request: SignedIn, pk: UUID) -> HttpResponse:
    """Take a proposal back, or end a membership with a reason."""
    membership = membership_for(request.user, pk, "groups_app.withdraw_membership")
    is_member = membership.state in (MembershipState.ACTIVE, MembershipState.LEAVING)
    sentence = _("%(name)s is no longer in %(group)s.") % {
        "name": membership.client.name,
        "group": membership.group,
    }
    form_class = EndForm if is_member else ReasonForm
    return _with_reason(
        request, membership, services.withdraw, "groups_app/withdraw.html", sentence=sentence, form_class=form_class
    )


def _with_reason(
    request: SignedIn,
    membership: Membership,
    verb: Callable[..., None],
    template: str,
    *,
    sentence: str,
    form_class: type[ReasonForm] = ReasonForm,
) -> HttpResponse:
    """Ask for a reason on a page that says what will happen, then do it."""
    form = form_class(request.POST if request.method == "POST" else None)
    if membership.state == MembershipState.PROPOSED and verb is services.withdraw:
        form.fields["reason"].required = False
    if request.method == "POST" and form.is_valid():
        try:
            verb(membership=membership, by=request.user, **form.cleaned_data)
        except RuleBroken as refusal:
            form.add_error(None, refusal.sentence)
        else:
            done(request, sentence)
            return redirect("home:group", membership.group_id)
    return render(request, template, {"form": form, "membership": membership, "nav_current": "groups_app:list"})
