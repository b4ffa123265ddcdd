"""Opening a record in an emergency, reading the chart, closing it (R41, docs/emergency-access.md)."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any
from uuid import UUID

from allauth.core.internal.ratelimit import consume, respond_429
from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit.services import record
from common.acting import SYSTEM, acting_as
from common.clock import now
from common.flash import done
from home.emergency_forms import NameForm, NumberForm, OpenForm
from home.reads.chart import chart_of
from members.models import Client, EmergencyAccess
from members.services import emergency
from practice.access import SignedIn, permitted
from practice.models import Policy
from practice.views.saving import sent

# A person in an emergency looks for one record; whoever tries out names is stopped.
SEARCHES = {"emergency": "6/10m/user,20/d/user"}
_FOUND_FOR = timedelta(minutes=10)
_SALT = "home.emergency"


@require_http_methods(["GET", "HEAD", "POST"])
@permitted("members.find_in_emergency")
def find(request: SignedIn) -> HttpResponse:
    """Find one record by the full name and day of birth, or by its number, and say what opening it means."""
    by_number = "number" in request.POST
    name, number = NameForm(None if by_number else sent(request)), NumberForm(sent(request) if by_number else None)
    form = number if by_number else name
    may_review = request.user.has_perm("members.see_trail")
    context = {"form": form, "name": name, "number": number, "may_review": may_review, **_nav()}
    if not form.is_valid():
        return render(request, "home/emergency/find.html", context)
    if consume(request, app="home", action="emergency", config=SEARCHES, user=request.user) is None:
        return respond_429(request)
    search = emergency.find_by_number if by_number else emergency.find_client
    client = search(**form.cleaned_data, by=request.user)
    if client is None:
        form.add_error(None, _("No one record fits exactly. Check each letter and the date, or use the record number."))
        return render(request, "home/emergency/find.html", context)
    found = signing.dumps([str(client.pk), str(request.user.pk)], salt=_SALT)
    return _confirm(request, client, OpenForm(initial={"found": found}))


@require_POST
@permitted("members.find_in_emergency")
def open_record(request: SignedIn) -> HttpResponse:
    """Open the chart of whom the search found, with a reason."""
    form = OpenForm(request.POST)
    client = _found(request, form.data.get("found", ""))
    if client is None:
        messages.error(request, _("The search is too long ago. Look for the record again."))
        return redirect("home:emergency")
    if not form.is_valid():
        return _confirm(request, client, form)
    try:
        access = emergency.open_in_emergency(client=client, reason=form.cleaned_data["reason"], by=request.user)
    except emergency.AlreadyYours as refusal:
        messages.info(request, refusal.sentence)
        return redirect("members:detail", client.pk)
    request.session["emergency"] = [str(access.pk), access.closes_at.isoformat(), client.site.zone]
    return redirect("home:emergency_chart", access.pk)


@require_safe
@permitted("members.find_in_emergency")
def chart(request: SignedIn, pk: UUID) -> HttpResponse:
    """Show the chart while the access is open; each look is recorded. Afterwards say that it is over."""
    access = get_object_or_404(EmergencyAccess.objects.of(request.user), pk=pk)
    if not access.is_open(now()):
        return render(request, "home/emergency/over.html", _nav(), status=HTTPStatus.GONE)
    page = chart_of(access.client_id)
    record(action="emergency.chart_read", by=request.user, target=access, client=access.client_id, reason=access.reason)
    return render(request, "home/emergency/chart.html", {"access": access, "page": page, **_nav()})


@require_POST
@permitted("members.find_in_emergency")
def close(request: SignedIn, pk: UUID) -> HttpResponse:
    """Close the chart before its time."""
    access = get_object_or_404(EmergencyAccess.objects.of(request.user), pk=pk)
    emergency.close_emergency(access=access, by=request.user)
    request.session.pop("emergency", None)
    done(request, _("The record is closed. A supervisor will review why it was opened."))
    return redirect("home:today")


def _confirm(request: SignedIn, client: Client, form: OpenForm) -> HttpResponse:
    context = {
        "form": form,
        "client": client,
        "told": emergency.who_is_told(client, by=request.user),
        "minutes": Policy.objects.values_list("emergency_minutes", flat=True).get(),
        **_nav(),
    }
    return render(request, "home/emergency/open.html", context)


def _found(request: SignedIn, token: str) -> Client | None:
    """Return whom this person's search found a few minutes ago; nobody when it is somebody else's, or made up."""
    try:
        client_id, user_id = signing.loads(token, salt=_SALT, max_age=_FOUND_FOR)
    except signing.BadSignature:
        return None
    if user_id != str(request.user.pk):
        return None
    with acting_as(SYSTEM):
        return Client.objects.select_related("site").get(pk=client_id)


def _nav() -> dict[str, Any]:
    return {"nav_current": "members:list"}
