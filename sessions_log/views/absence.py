"""A member says that they cannot come, or that they can after all. Only they do, and only for themselves."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from common.errors import RuleBroken
from common.flash import done
from groups_app.models import Membership
from practice.access import SignedIn, permitted
from sessions_log import services
from sessions_log.models import Session
from sessions_log.roster import roster_of


@require_POST
@permitted("sessions_log.announce_absences")
def absence(request: SignedIn, pk: UUID) -> HttpResponse:
    """Say "I can't come"."""
    session, membership = _own(request, pk)
    try:
        services.give_absence_notice(session=session, membership=membership, by=request.user)
    except RuleBroken as refusal:
        messages.error(request, refusal.sentence)
    else:
        undo_url = reverse("sessions_log:absence_withdraw", args=[pk])
        done(request, _("Your leaders know that you can’t come."), undo_url=undo_url)
    return _back(request)


@require_POST
@permitted("sessions_log.announce_absences")
def absence_withdraw(request: SignedIn, pk: UUID) -> HttpResponse:
    """Say "I can come after all"."""
    session, membership = _own(request, pk)
    try:
        services.withdraw_absence_notice(session=session, membership=membership)
    except RuleBroken as refusal:
        messages.error(request, refusal.sentence)
    else:
        done(request, _("Good. You are expected."))
    return _back(request)


def _own(request: SignedIn, pk: UUID) -> tuple[Session, Membership]:
    session = get_object_or_404(Session.objects.visible_to(request.user), pk=pk)
    return session, get_object_or_404(roster_of(session), client__user=request.user)


def _back(request: SignedIn) -> HttpResponse:
    """Return to the member's page that asked, if it is one of ours."""
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        return redirect(wanted)
    return redirect("home:member")
