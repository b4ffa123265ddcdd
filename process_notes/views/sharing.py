"""Sharing with one's supervisor, and what the supervisor reads."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

import audit.services
from common.errors import RuleBroken
from common.flash import done
from practice.access import SignedIn, permitted
from process_notes import services
from process_notes.circle import map_of
from process_notes.forms import ShareForm
from process_notes.models import ProcessNote, Share
from process_notes.picture import picture_of
from process_notes.views.access import own_session
from sessions_log.words import title_of


@require_POST
@permitted("process_notes.share")
def share(request: SignedIn, pk: UUID) -> HttpResponse:
    """Let a supervisor read what the author wrote about a session."""
    session = own_session(request.user, pk)
    form = ShareForm(request.POST, author=request.user)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["reader"])))
        return redirect("process_notes:session", pk)
    reader = form.cleaned_data["reader"]
    try:
        services.share(session=session, reader=reader, by=request.user)
    except RuleBroken as refusal:
        messages.error(request, refusal.sentence)
    else:
        done(request, _("%(name)s can read your notes about this session.") % {"name": reader.name})
    return redirect("process_notes:session", pk)


@require_POST
@permitted("process_notes.share")
def end(request: SignedIn, pk: UUID) -> HttpResponse:
    """End a share; the supervisor reads no further page of it."""
    given = get_object_or_404(Share.objects.filter(author=request.user).select_related("reader"), pk=pk)
    services.end_share(given=given, by=request.user)
    done(request, _("%(name)s can no longer read these notes.") % {"name": given.reader.name})
    return redirect("process_notes:session", given.session_id)


@require_safe
@permitted("process_notes.read_shared")
def shared(request: SignedIn, pk: UUID) -> HttpResponse:
    """Show a therapist's note and map, as long as they share it; each reading is recorded."""
    shares = Share.objects.visible_to(request.user).select_related("session__group__site", "author")
    given = get_object_or_404(shares, pk=pk)
    audit.services.record(action="process_note.read", by=request.user, target=given)
    network, recorded = map_of(given.session, given.author)
    context = {
        "given": given,
        "session": given.session,
        "title": title_of(given.session),
        "note": ProcessNote.objects.by(given.author).filter(session=given.session).first(),
        "picture": picture_of(network) if recorded else None,
        "nav_current": "sessions_log:notes",
    }
    return render(request, "process_notes/shared.html", context)
