"""An author's own page about one session, and the list of all of them."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common.clock import now
from common.errors import RuleBroken
from common.flash import done
from practice.access import SignedIn, role_required
from practice.models import Role
from process_notes import services
from process_notes.forms import NoteForm, ShareForm
from process_notes.models import ProcessNote, Share
from process_notes.rules import has_written
from process_notes.shelf import shelf_of
from process_notes.views.access import own_session
from sessions_log.models import Session
from sessions_log.services import can_be_documented
from sessions_log.words import title_of


@require_safe
@role_required(Role.THERAPIST, Role.SUPERVISOR)
def mine(request: SignedIn) -> HttpResponse:
    """List what the person wrote, by group, and what is shared with them."""
    return render(request, "process_notes/mine.html", {"shelf": shelf_of(request.user), **_nav()})


@require_http_methods(["GET", "POST"])
@role_required(Role.THERAPIST, Role.SUPERVISOR)
def session(request: SignedIn, pk: UUID) -> HttpResponse:
    """Show the author's note about the session, and take what they write."""
    session = own_session(request.user, pk)
    if request.method == "POST":
        return _kept(request, session)
    note = ProcessNote.objects.by(request.user).filter(session=session).first()
    form = NoteForm(initial={"text": note.text if note else "", "version": note.version if note else 0})
    return _page(request, session, form, note=note)


def _kept(request: SignedIn, session: Session) -> HttpResponse:
    form = NoteForm(request.POST)
    stored = ProcessNote.objects.by(request.user).filter(session=session).first()
    if not form.is_valid():
        return _page(request, session, form, note=stored)
    version = form.cleaned_data["version"] or 0
    try:
        note = services.keep_note(session=session, text=form.cleaned_data["text"], version=version, by=request.user)
    except services.StaleProcessNote as stale:
        form = NoteForm({**request.POST.dict(), "version": stale.stored.version})
        form.add_error("text", stale.sentence)
        return _page(request, session, form, note=stale.stored, conflict=stale.stored, status=409)
    except RuleBroken as refusal:
        form.add_error("text", refusal.sentence)
        return _page(request, session, form, note=stored)
    if request.headers.get("Accept") == "application/json":
        return _saved(note)
    done(request, _("Your process notes are saved."))
    return redirect("process_notes:session", session.pk)


def _saved(note: ProcessNote) -> HttpResponse:
    """Tell the autosave under which version the words are stored now."""
    return HttpResponse(str(note.version), content_type="text/plain")


def _page(
    request: SignedIn,
    session: Session,
    form: NoteForm,
    *,
    note: ProcessNote | None,
    conflict: ProcessNote | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "session": session,
        "title": title_of(session),
        "form": form,
        "note": note,
        "conflict": conflict,
        "is_open": can_be_documented(session),
        "has_started": session.has_started(now()),
        "shares": Share.objects.given_by(request.user).filter(session=session).select_related("reader"),
        "share_form": ShareForm(author=request.user) if has_written(request.user, session) else None,
        **_nav(),
    }
    return render(request, "process_notes/session.html", context, status=status)


def _nav() -> dict[str, str]:
    return {"nav_current": "sessions_log:notes"}
