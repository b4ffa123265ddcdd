"""Verbs of a group that need its sessions: announcing the day of an open door, and a last session (R27, R28)."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.clock import now
from common.errors import RuleBroken
from common.flash import done
from groups_app.models import Group, LeavingReason, Membership, MembershipState
from groups_app.services import give_notice, open_door
from groups_app.views.access import group_for, membership_for
from practice.access import SignedIn
from practice.models import Practice
from sessions_log.goodbye_forms import DoorForm, NoticeForm
from sessions_log.models import Session

MOST_DAYS = 12


@require_http_methods(["GET", "POST"])
def door(request: SignedIn, pk: UUID) -> HttpResponse:
    """Announce that people may join a running group: why, and from which session on."""
    group = group_for(request.user, pk, "groups_app.open_door")
    # The next session is the one in which it is talked about.
    coming = _coming(group)[1:]
    form = DoorForm(request.POST or None, coming=coming)
    if request.method == "POST" and form.is_valid():
        try:
            open_door(
                group=group, opens_on=form.cleaned_data["opens_on"], reason=form.cleaned_data["reason"], by=request.user
            )
        except RuleBroken as refusal:
            form.add_error(None, refusal.sentence)
        else:
            done(request, _("The door is announced. Every member finds a notice on their page."))
            return redirect("home:group", pk)
    members = Membership.objects.filter(group=group).attending().count()
    context = {"form": form, "group": group, "members": members, "has_days": bool(coming)}
    return render(request, "sessions_log/door.html", {**context, "nav_current": "groups_app:list"})


@require_http_methods(["GET", "POST"])
def notice(request: SignedIn, pk: UUID) -> HttpResponse:
    """Record that a member will leave: after which session, and why."""
    membership = membership_for(request.user, pk, "groups_app.end_membership")
    policy = Practice.objects.current().policy
    coming = _coming(membership.group)
    form = NoticeForm(request.POST or None, coming=coming, sessions=policy.notice_sessions)
    if request.method == "POST" and form.is_valid():
        try:
            leaving = give_notice(
                membership=membership,
                last_day=form.cleaned_data["last_day"],
                why=LeavingReason(form.cleaned_data["why"]),
                reason=form.cleaned_data["reason"],
                by=request.user,
            )
        except RuleBroken as refusal:
            form.add_error(None, refusal.sentence)
        else:
            sentence = _("%(name)s leaves after the session chosen. The sessions until then are for the goodbye.")
            back = reverse("groups_app:take_notice_back", args=[pk])
            done(request, sentence % {"name": membership.client.name}, undo_url=back)
            return redirect("home:group", leaving.group_id)
    context = {
        "form": form,
        "membership": membership,
        "sessions": policy.notice_sessions,
        "is_active": membership.state == MembershipState.ACTIVE,
        "has_days": bool(coming),
    }
    return render(request, "sessions_log/notice.html", {**context, "nav_current": "groups_app:list"})


def _coming(group: Group) -> list[Session]:
    sessions = Session.objects.filter(group=group, starts_at__gt=now()).scheduled().order_by("starts_at")
    found = list(sessions[:MOST_DAYS])
    for session in found:
        session.group = group
    return found
