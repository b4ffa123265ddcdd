"""An author's own page about one session, and the list of all of them."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common.clock import now
from common.errors import RuleBroken
from common.flash import done
from common.templatetags.kith import clock
from practice.access import SignedIn, permitted
from process_notes import services
from process_notes.forms import NoteForm, ShareForm
from process_notes.models import ProcessNote, Share
from process_notes.rules import has_written
from process_notes.shelf import shelf_of
from process_notes.views.access import links_of, own_session
from sessions_log.conflicts import conflict_for_autosave
from sessions_log.models import Session
from sessions_log.services import can_be_documented
from sessions_log.words import title_of


@require_safe
@permitted("process_notes.write")
def mine(request: SignedIn) -> HttpResponse:
    """List what the person wrote, by group, and what is shared with them."""
    return render(request, "process_notes/mine.html", {"shelf": shelf_of(request.user), **_nav()})


@require_http_methods(["GET", "POST"])
@permitted("process_notes.write")
def session(request: SignedIn, pk: UUID) -> HttpResponse:
    """Show the author's note about the session, and take what they write."""
    session = own_session(request.user, pk)
    note = ProcessNote.objects.by(request.user).filter(session=session).first()
    form = NoteForm(request.POST or None, stored=note)
    if request.method == "GET":
        return _page(request, session, form, note=note)
    keep = _autosaved if request.headers.get("Accept") == "application/json" else _saved
    return keep(request, session, form, note)


def _saved(request: SignedIn, session: Session, form: NoteForm, stored: ProcessNote | None) -> HttpResponse:
    """Store what the button sent, or show the page again with every word that was typed."""
    if not form.is_valid():
        return _page(request, session, form, note=stored)
    try:
        services.keep_note(session=session, text=form.cleaned_data["text"], version=form.version, by=request.user)
    except services.StaleProcessNote as stale:
        form.add_error(None, stale.sentence)
        form.meet(stale.stored)
        return _page(request, session, form, note=stale.stored, status=409)
    except RuleBroken as refusal:
        form.add_error("text", refusal.sentence)
        return _page(request, session, form, note=stored)
    done(request, _("Your process notes are saved."))
    return redirect("process_notes:session", session.pk)


def _autosaved(request: SignedIn, session: Session, form: NoteForm, _note: ProcessNote | None) -> HttpResponse:
    """Store what ``js/autosave.js`` sent, and answer as it understands: see ``sessions_log.views.draft``."""
    if not form.is_valid():
        return JsonResponse({"sentence": " ".join(map(str, form.errors.get("text") or ()))}, status=422)
    try:
        note = services.keep_note(
            session=session, text=form.cleaned_data["text"], version=form.version, by=request.user
        )
    except services.StaleProcessNote as stale:
        form.meet(stale.stored)
        conflict = conflict_for_autosave(form, was=str(stale.stored.version), zone=session.zone)
        return JsonResponse({"conflicts": [conflict]}, status=409)
    except RuleBroken as refusal:
        return JsonResponse({"sentence": refusal.sentence}, status=422)
    saved = _("Saved %(time)s") % {"time": clock(note.updated_at, session.zone)} if note.version else ""
    return JsonResponse({"was": {form.key: str(note.version)}, "saved": saved})


def _page(
    request: SignedIn,
    session: Session,
    form: NoteForm,
    *,
    note: ProcessNote | None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "session": session,
        "title": title_of(session),
        "form": form,
        "note": note,
        "is_open": can_be_documented(session),
        "has_started": session.has_started(now()),
        "shares": Share.objects.given_by(request.user).filter(session=session).select_related("reader"),
        "share_form": ShareForm(author=request.user) if has_written(request.user, session) else None,
        **links_of(request.user, session),
        **_nav(),
    }
    return render(request, "process_notes/session.html", context, status=status)


def _nav() -> dict[str, str]:
    return {"nav_current": "sessions_log:notes"}
