"""One session's page: attendance and notes on one form, or what remains of it for whoever may see less."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from audit.services import record
from common.clock import now
from common.errors import RuleBroken
from common.flash import done
from practice.access import SignedIn
from sessions_log import services
from sessions_log.models import AttendanceStatus, Session
from sessions_log.page import Page
from sessions_log.page_parts import preferred_format
from sessions_log.sheet import Sheet
from sessions_log.signing import Missing
from sessions_log.views.access import session_for
from sessions_log.views.names import name_answer
from sessions_log.views.undo import remember_attendance
from sessions_log.words import title_of, whereabouts_of


@require_http_methods(["GET", "POST"])
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
    if session.is_documented:
        return _signed(request, sheet)
    if may_document and services.can_be_documented(session):
        page = page_of(request, sheet)
        _record_reading(request, sheet)
        return _page(request, session, "document", sheet=sheet, page=page, checks="check" in request.GET)
    return _page(request, session, "roster", sheet=sheet)


def _record_reading(request: SignedIn, sheet: Sheet) -> None:
    """Leave in the trail that somebody reads what a colleague wrote; one's own draft is no reading (R42)."""
    theirs = [line for line in sheet.lines if line.note and line.note.author_id != request.user.pk]
    group_note = sheet.group_note
    if theirs or (group_note and group_note.author_id != request.user.pk):
        people = [line.membership.client_id for line in theirs]
        record(action="session.read", by=request.user, target=sheet.session, clients=people)


def page_of(request: SignedIn, sheet: Sheet, data: QueryDict | None = None) -> Page:
    """Return the page's parts, new notes in the format the person likes."""
    return Page(sheet, preferred=preferred_format(sheet.session.preferred_format), data=data)


def _documented(request: SignedIn, session: Session) -> HttpResponse:
    page = page_of(request, Sheet(session), request.POST)
    if "carry" in request.POST:
        return _again(request, page, carried=page.carry_plans())
    page.settle(request.POST.get("settle", ""))
    if not page.is_valid:
        return _again(request, page)
    scope = _scope(request.POST)
    try:
        missing = _save(request, page, scope)
    except services.AlreadySigned:
        return _too_late(request, page)
    except services.StaleNote as stale:
        page.say_conflicts(stale, reader=request.user)
        return _again(request, page, status=409, refusal=stale.sentence)
    except RuleBroken as refusal:
        return _again(request, page, refusal=refusal.sentence)
    # After an answer about one name the next one is to be seen.
    goes_on = bool(missing) or (scope is None and name_answer(request.POST) is not None)
    if not goes_on:
        _say_done(request, session, scope)
    return redirect(reverse("sessions_log:session", args=[session.pk]) + ("?check" if goes_on else ""))


def _save(request: SignedIn, page: Page, scope: services.SignScope | None) -> list[Missing]:
    statuses = page.statuses
    if "everybody" in request.POST:
        remember_attendance(request, page.sheet)
        statuses = page.everybody(AttendanceStatus.PRESENT)
    return services.document_session(
        session=page.sheet.session,
        statuses=statuses,
        defaults=page.defaults,
        group_note=page.group_draft,
        member_notes=page.member_drafts,
        boundary=page.boundary,
        boundaries_withdrawn=page.boundaries_withdrawn,
        names=name_answer(request.POST),
        sign=scope,
        by=request.user,
    )


def _scope(data: QueryDict) -> services.SignScope | None:
    """Return which notes the pressed button signs; any value but the two known means all."""
    if "sign" not in data:
        return None
    return {"group": services.SignScope.GROUP, "members": services.SignScope.MEMBERS}.get(
        str(data["sign"]), services.SignScope.ALL
    )


def _say_done(request: SignedIn, session: Session, scope: services.SignScope | None) -> None:
    title = {"session": title_of(session)}
    if "everybody" in request.POST:
        undo = reverse("sessions_log:attendance_undo", args=[session.pk])
        done(request, _("Everybody who gave no notice is marked as here."), undo_url=undo)
    elif scope is services.SignScope.GROUP:
        done(request, _("The group note of %(session)s is signed.") % title)
    elif scope is services.SignScope.MEMBERS:
        done(request, _("The members’ notes of %(session)s are signed.") % title)
    else:
        done(request, (_("%(session)s is signed.") if scope else _("%(session)s is saved.")) % title)


def _again(request: SignedIn, page: Page, *, status: int = 200, refusal: str = "", carried: str = "") -> HttpResponse:
    """Show the form once more with every word that was typed."""
    return _page(
        request,
        page.sheet.session,
        "document",
        status=status,
        sheet=page.sheet,
        page=page,
        checks=False,
        refusal=refusal,
        carried=carried,
        is_typed=True,
        page_has_errors=not carried,
    )


def _too_late(request: SignedIn, page: Page) -> HttpResponse:
    """The notes were signed meanwhile. Words that are not in them stay on the page, to be copied."""
    words = page.typed_words()
    session = page.sheet.session
    session.refresh_from_db(fields=["documented_at"])
    if not words:
        return redirect("sessions_log:session", session.pk)
    if session.is_documented:
        return _signed(request, Sheet.read_anew(session), status=409, unsaved=words)
    fresh = page_of(request, Sheet.read_anew(session))
    return _page(request, session, "document", status=409, sheet=fresh.sheet, page=fresh, checks=False, unsaved=words)


def _signed(request: SignedIn, sheet: Sheet, *, status: int = 200, **context: Any) -> HttpResponse:
    user, session = request.user, sheet.session
    people = [line.membership.client_id for line in sheet.lines]
    record(action="session.read", by=user, target=session, clients=people)
    may_cosign = user.has_perm("sessions_log.cosign_session", session) and sheet.may_be_cosigned_by(user)
    may_add = user.has_perm("sessions_log.document_session", session)
    return _page(
        request, session, "signed", status=status, sheet=sheet, may_cosign=may_cosign, may_add=may_add, **context
    )


def _page(request: SignedIn, session: Session, name: str, *, status: int = 200, **context: Any) -> HttpResponse:
    context = {
        "session": session,
        "title": title_of(session),
        "place": whereabouts_of(session),
        "phase": context["sheet"].phase if "sheet" in context else "",
        "may_reschedule": request.user.has_perm("sessions_log.reschedule_session", session),
        "nav_current": "groups_app:list",
        "has_started": session.has_started(now()),
        "unsaved": [],
        "refusal": "",
        "carried": "",
        "is_typed": False,
        **context,
    }
    return render(request, f"sessions_log/session_{name}.html", context, status=status)
