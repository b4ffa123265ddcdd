"""One session's page: attendance and notes on one form, or what remains of it for whoever may see less."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.clock import now
from common.errors import RuleBroken
from common.flash import done
from practice.access import SignedIn, role_required
from practice.models import Role
from sessions_log import services
from sessions_log.models import Session
from sessions_log.page_forms import PageForm
from sessions_log.sheet import Sheet
from sessions_log.views.access import session_for
from sessions_log.words import place_of, title_of


@require_http_methods(["GET", "POST"])
@role_required(Role.THERAPIST, Role.COORDINATOR, Role.SUPERVISOR)
def session(request: SignedIn, pk: UUID) -> HttpResponse:
    """Show the session; take what its leaders write.

    Coordinators see when, where and who leads. Supervisors read what is signed. Leaders document (R34, R43).
    """
    session = session_for(request.user, pk)
    may_document = request.user.has_perm("sessions_log.document_session", session)
    if request.method == "POST":
        if not may_document:
            raise Http404
        return _documented(request, session)
    if not request.user.has_perm("sessions_log.read_notes", session):
        return _page(request, session, "schedule")
    sheet = Sheet(session)
    if sheet.is_signed:
        return _page(request, session, "signed", sheet=sheet)
    if may_document and services.can_be_documented(session):
        return _page(request, session, "document", sheet=sheet, page=PageForm(sheet), checks="check" in request.GET)
    return _page(request, session, "roster", sheet=sheet)


def _documented(request: SignedIn, session: Session) -> HttpResponse:
    sheet = Sheet(session)
    page = PageForm(sheet, request.POST)
    if not page.is_valid():
        return _again(request, sheet, page)
    try:
        missing = services.document_session(
            session=session,
            statuses=page.statuses,
            defaults=page.defaults,
            group_note=page.group.draft(),
            member_notes=page.member_drafts(),
            sign="sign" in request.POST,
            by=request.user,
        )
    except services.AlreadySigned:
        return _too_late(request, sheet, page)
    except services.StaleNote as stale:
        page.say_conflicts(stale)
        return _again(request, sheet, page, status=409)
    except RuleBroken as refusal:
        page.group.add_error(None, refusal.sentence)
        return _again(request, sheet, page)
    if missing:
        return redirect(reverse("sessions_log:session", args=[session.pk]) + "?check")
    sentence = _("%(session)s is signed.") if "sign" in request.POST else _("%(session)s is saved.")
    done(request, sentence % {"session": title_of(session)})
    return redirect("sessions_log:session", session.pk)


def _again(request: SignedIn, sheet: Sheet, page: PageForm, *, status: int = 200) -> HttpResponse:
    """Show the form once more with every word that was typed."""
    return _page(
        request, sheet.session, "document", status=status, sheet=sheet, page=page, checks=False, page_has_errors=True
    )


def _too_late(request: SignedIn, sheet: Sheet, page: PageForm) -> HttpResponse:
    """The record was signed meanwhile. Words that are not in it stay on the page, to be copied."""
    words = page.typed_words()
    if not words:
        return redirect("sessions_log:session", sheet.session.pk)
    return _page(request, sheet.session, "signed", status=409, sheet=Sheet(sheet.session), unsaved=words)


def _page(request: SignedIn, session: Session, name: str, *, status: int = 200, **context: Any) -> HttpResponse:
    context = {
        "session": session,
        "title": title_of(session),
        "place": place_of(session),
        "may_reschedule": request.user.has_perm("sessions_log.reschedule_session", session),
        "nav_current": "groups_app:list",
        "has_started": session.has_started(now()),
        "unsaved": [],
        **context,
    }
    return render(request, f"sessions_log/session_{name}.html", context, status=status)
