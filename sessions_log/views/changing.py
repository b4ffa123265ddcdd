"""Changing coming sessions: when and where, not at all, after all, one more, and who leads."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateformat import format as date_text
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from common.clock import local, now
from common.errors import RuleBroken
from common.flash import done
from groups_app.views.access import group_for
from practice.access import SignedIn
from sessions_log import services
from sessions_log.forms import CancelForm, ExtraForm, MoveForm, StandInForm
from sessions_log.models import AbsenceNotice, Session
from sessions_log.roster import roster_of
from sessions_log.services import Scope
from sessions_log.views.access import session_for
from sessions_log.views.refusals import explain
from sessions_log.words import title_of

_RESCHEDULE = "sessions_log.reschedule_session"
_NAV = {"nav_current": "sessions_log:calendar"}


@require_http_methods(["GET", "POST"])
def move(request: SignedIn, pk: UUID) -> HttpResponse:
    """Ask where a session goes and which others go with it; show what would happen, or do it."""
    session = session_for(request.user, pk, _RESCHEDULE)
    others = session.group.sessions.coming(now()).scheduled().exclude(pk=session.pk)
    form = MoveForm(request.POST or None, session=session, has_more=others.exists())
    proposal = None
    if request.method == "POST" and form.is_valid():
        change = services.propose_change if "look" in request.POST else services.change_sessions
        try:
            result = change(session=session, scope=form.reach, wish=form.wish, by=request.user)
            if isinstance(result, list):
                return _changed(request, session, result)
            proposal = result
        except RuleBroken as refusal:
            explain(form, refusal)
    context = {
        "form": form,
        "session": session,
        "title": title_of(session),
        "proposal": proposal,
        "people": roster_of(session).count(),
        "away": AbsenceNotice.objects.filter(session=session, withdrawn_at=None).count(),
    }
    return render(request, "sessions_log/move.html", {**context, **_NAV})


def _changed(request: SignedIn, session: Session, changed: list[Session]) -> HttpResponse:
    if len(changed) == 1 and changed[0].pk == session.pk:
        when = date_text(local(changed[0].starts_at, changed[0].zone), "l, F j, g:i A")
        done(request, _("%(session)s is on %(when)s now.") % {"session": title_of(session), "when": when})
    else:
        done(request, _("%(group)s: %(changed)s.") % {"group": session.group.name, "changed": _many(len(changed))})
    return redirect("sessions_log:session", session.pk)


def _many(count: int) -> str:
    return ngettext("%(count)d session is changed", "%(count)d sessions are changed", count) % {"count": count}


@require_http_methods(["GET", "POST"])
def cancel(request: SignedIn, pk: UUID) -> HttpResponse:
    """Ask for the reason and say what will happen; then the session does not take place."""
    session = session_for(request.user, pk, _RESCHEDULE)
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.cancel_session(session=session, reason=form.cleaned_data["reason"], by=request.user)
        except services.AlreadyCancelled:
            return redirect("sessions_log:session", pk)
        except RuleBroken as refusal:
            explain(form, refusal)
        else:
            undo_url = reverse("sessions_log:restore", args=[pk])
            done(request, _("%(session)s is canceled.") % {"session": title_of(session)}, undo_url=undo_url)
            return redirect("sessions_log:session", pk)
    context = {"form": form, "session": session, "title": title_of(session), "people": roster_of(session).count()}
    return render(request, "sessions_log/cancel.html", {**context, **_NAV})


@require_POST
def restore(request: SignedIn, pk: UUID) -> HttpResponse:
    """Let a canceled session take place after all."""
    session = session_for(request.user, pk, _RESCHEDULE)
    try:
        services.restore_session(session=session, by=request.user)
    except services.NotCancelled:
        pass
    except RuleBroken as refusal:
        messages.error(request, refusal.sentence)
    else:
        done(request, _("%(session)s takes place as planned.") % {"session": title_of(session)})
    return redirect("sessions_log:session", pk)


@require_http_methods(["GET", "POST"])
def extra(request: SignedIn, pk: UUID) -> HttpResponse:
    """Ask for the day of one session more of the group."""
    group = group_for(request.user, pk, "sessions_log.add_session")
    form = ExtraForm(request.POST or None, group=group)
    if request.method == "POST" and form.is_valid():
        try:
            session = services.add_session(group=group, by=request.user, **form.cleaned_data)
        except RuleBroken as refusal:
            explain(form, refusal)
        else:
            session.group = group
            group.refresh_from_db(fields=["session_count"])
            when = date_text(local(session.starts_at, session.zone), "l, F j, g:i A")
            done(request, _("%(session)s is on %(when)s.") % {"session": title_of(session), "when": when})
            return redirect("sessions_log:session", session.pk)
    return render(request, "sessions_log/extra.html", {"form": form, "group": group, **_NAV})


@require_http_methods(["GET", "POST"])
def stand_in(request: SignedIn, pk: UUID) -> HttpResponse:
    """Ask who leads in place of a leader, and for how long."""
    session = session_for(request.user, pk, _RESCHEDULE)
    form = StandInForm(request.POST or None, session=session)
    if request.method == "POST" and form.is_valid():
        leader, substitute = form.cleaned_data["leader"], form.cleaned_data["substitute"]
        try:
            changed = services.stand_in(
                session=session,
                scope=Scope(form.cleaned_data["scope"]),
                leader=leader,
                substitute=substitute,
                by=request.user,
            )
        except RuleBroken as refusal:
            explain(form, refusal)
        else:
            names = {"who": (substitute or leader).name, "changed": _many(len(changed))}
            done(request, _("%(who)s leads: %(changed)s.") % names)
            return redirect("sessions_log:session", pk)
    context = {"form": form, "session": session, "title": title_of(session)}
    return render(request, "sessions_log/stand_in.html", {**context, **_NAV})
