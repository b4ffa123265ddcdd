"""Autosave: takes what changed on a session's page and answers in JSON what is stored now (R37)."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from common.errors import RuleBroken
from common.templatetags.kith import clock
from practice.access import SignedIn
from sessions_log import page_html, services
from sessions_log.conflicts import conflict_for_autosave
from sessions_log.page import Page
from sessions_log.page_parts import NotePart
from sessions_log.sheet import Sheet
from sessions_log.views.access import session_for
from sessions_log.views.session import page_of


@require_POST
def draft(request: SignedIn, pk: UUID) -> HttpResponse:
    """Save the sent parts together, or none of them. Nothing is recorded that nobody touched.

    200: saved. 409: a colleague stored other words (``conflicts``) or signed (``sentence``). 422: a part cannot be
    stored as it is.
    """
    session = session_for(request.user, pk, "sessions_log.document_session")
    page = page_of(request, Sheet(session), request.POST)
    if not page.is_valid:
        return JsonResponse({"sentence": " ".join(sentence for sentence, _control in page.problems)}, status=422)
    try:
        services.document_session(
            session=session,
            statuses=page.statuses,
            group_note=page.group_draft,
            member_notes=page.member_drafts,
            by=request.user,
        )
    except services.StaleNote as stale:
        page.say_conflicts(stale, reader=request.user)
        conflicts = [conflict_for_autosave(part, was=part.was, zone=page.zone) for part in page.parts if part.conflict]
        return JsonResponse({"conflicts": conflicts}, status=409)
    except services.AlreadySigned:
        sentence = _("Signed by somebody else meanwhile. Press Save to see the signed notes beside your words.")
        return JsonResponse({"sentence": sentence}, status=409)
    except RuleBroken as refusal:
        return JsonResponse({"sentence": refusal.sentence}, status=422)
    return JsonResponse(_saved(request, page))


def _saved(request: SignedIn, sent: Page) -> dict[str, Any]:
    """Say what the sent parts are now, so that the next change starts from there."""
    sheet = Sheet.read_anew(sent.sheet.session)
    now_stored = page_of(request, sheet)
    sent_parts = {part.key: part for part in sent.parts if part.is_sent}
    stored = [part for part in now_stored.parts if part.key in sent_parts]
    written = [part for part in stored if sent_parts[part.key].is_touched]
    for part in stored:
        if part not in written:
            part.go_on_from(sent_parts[part.key])
    saved_at = sheet.saved_at
    return {
        "was": {part.key: part.was for part in stored},
        "saved": _("Saved %(time)s") % {"time": clock(saved_at, sheet.session.zone)} if saved_at else "",
        "gaps": now_stored.gaps,
        "names": {
            part.key: render_to_string("sessions_log/_names.html", {"named": now_stored.named_in(part.key)})
            for part in written
        },
        "marks": {name: html for part in written for name, html in _marks(part, now_stored)},
        "counts": sheet.counts,
    }


def _marks(part: NotePart, page: Page) -> Iterable[tuple[str, str]]:
    """Return the layer of marks of each control of ``part`` in which a name stands."""
    named = page.named_in(part.key)
    written = ((part.name(key), page_html.marks(part, key, named)) for key in part.texts)
    return [(name, html) for name, html in written if html]
