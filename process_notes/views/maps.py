"""The interaction map: recording it seat by seat, looking at it, and at a group's over its sessions."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.clock import now
from common.errors import RuleBroken
from groups_app.models import Group
from practice.access import SignedIn, permitted
from process_notes import services
from process_notes.circle import Stage, map_of, maps_of, seats_of, together
from process_notes.forms import TalkForm
from process_notes.interactions.entries import GROUP, Interaction, Kind
from process_notes.interactions.network import Network
from process_notes.picture import percent, picture_of
from process_notes.trend import trend_of
from process_notes.views.access import links_of, own_session
from sessions_log.models import Session
from sessions_log.services import can_be_documented
from sessions_log.words import title_of

LATEST = 6  # interactions listed below the form; all of them are in the table
RECENT_SESSIONS = 4


@require_http_methods(["GET", "POST"])
@permitted("process_notes.write")
def map_page(request: SignedIn, pk: UUID) -> HttpResponse:
    """Show the author's map of a session; a POST adds who spoke to whom."""
    session = own_session(request.user, pk)
    if request.method == "GET":
        return _page(request, session, TalkForm(seats=seats_of(session), kind=_kind(request.GET.get("kind"))))
    form = TalkForm(request.POST, seats=seats_of(session))
    if form.is_valid():
        try:
            services.record_interaction(session=session, **form.cleaned_data, by=request.user)
        except RuleBroken as refusal:
            form.add_error(None, refusal.sentence)
        else:
            return _after(request, session, form.cleaned_data["kind"])
    return _page(request, session, form, status=422 if request.htmx else 200)


@require_POST
@permitted("process_notes.write")
def map_undo(request: SignedIn, pk: UUID) -> HttpResponse:
    """Take one interaction off the map."""
    session = own_session(request.user, pk)
    number = request.POST.get("number", "")
    if number.isascii() and number.isdigit() and len(number) < 7:
        try:
            services.take_back_interaction(session=session, number=int(number), by=request.user)
        except RuleBroken as refusal:
            messages.error(request, refusal.sentence)
    return _after(request, session, _kind(request.POST.get("kind")))


@require_safe
@permitted("process_notes.write")
def group_map(request: SignedIn, pk: UUID) -> HttpResponse:
    """Show a group's talk over the sessions of which the person drew a map."""
    group = get_object_or_404(Group.objects.select_related("site"), pk=pk)
    stages = maps_of(group, request.user)
    if not stages:
        raise Http404
    span = "recent" if request.GET.get("of") == "recent" else "all"
    kind = request.GET.get("kind", "")
    kind = kind if kind in Kind.values else ""
    shown = stages[-RECENT_SESSIONS:] if span == "recent" else stages
    network = _of_kind(together(shown), kind)
    context = {
        "group": group,
        "knows_group": request.user.has_perm("groups_app.edit_group", group),
        "stages": [(stage, title_of_stage(stage)) for stage in shown],
        "rows": [_row(stage) for stage in shown],
        "picture": picture_of(network),
        "trend": trend_of(shown),
        "span": span,
        "recent": RECENT_SESSIONS,
        "has_more": len(stages) > RECENT_SESSIONS,
        "kind": kind,
        "kinds": Kind.choices,
        "nav_current": "groups_app:list",
    }
    return render(request, "process_notes/group_map.html", context)


def title_of_stage(stage: Stage) -> str:
    """Return how a session is called in a column."""
    return str(stage.session.number)


def _row(stage: Stage) -> dict[str, Any]:
    network = stage.network
    return {
        "session": stage.session,
        "exchanges": network.total,
        "among_members": percent(network.among_members),
        "reciprocity": percent(network.reciprocity),
        "mutual": len(network.mutual),
        "isolates": ", ".join(seat.name for seat in network.isolates),
    }


def _of_kind(network: Network, kind: str) -> Network:
    return Network(network.seats, [one for one in network.interactions if not kind or one.kind == kind])


def _after(request: SignedIn, session: Session, kind: str) -> HttpResponse:
    """Show the map with what changed; the kind of speaking stays chosen for the next."""
    if request.htmx:
        return _page(request, session, TalkForm(seats=seats_of(session), kind=kind))
    target = redirect("process_notes:map", session.pk)
    target["Location"] += f"?kind={kind}"
    return target


def _page(request: SignedIn, session: Session, form: TalkForm, *, status: int = 200) -> HttpResponse:
    network, recorded = map_of(session, request.user)
    names = {seat.key: seat.name for seat in network.seats}
    context = {
        "session": session,
        "title": title_of(session),
        "form": form,
        "picture": picture_of(network),
        "latest": [_line(one, names) for one in reversed(recorded[-LATEST:])],
        "total": len(recorded),
        "group_key": GROUP,
        "is_open": can_be_documented(session),
        "has_started": session.has_started(now()),
        "page_has_errors": bool(form.errors),
        **links_of(request.user, session),
        "nav_current": "sessions_log:notes",
    }
    template = "process_notes/map.html#map" if request.htmx else "process_notes/map.html"
    return render(request, template, context, status=status)


def _line(one: Interaction, names: dict[str, str]) -> dict[str, Any]:
    """Return one interaction in words; somebody who is no longer on the roster has no name here."""
    return {
        "number": one.number,
        "source": names.get(one.source, "–"),
        "target": names.get(one.target, "") if one.target != GROUP else "",
        "kind": Kind(one.kind).label,
    }


def _kind(value: str | None) -> str:
    return value if value in Kind.values else Kind.REMARK
