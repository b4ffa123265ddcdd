"""Who looked at this client: for supervisors, and for the client in person (R42)."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from audit.services import record
from members.forms import TrailFilter
from members.models import Client
from members.trail import entries_between, lines_for_client, lines_for_supervisor
from practice.access import SignedIn, permitted

PAGE_SIZE = 25


@require_safe
@permitted("members.see_trail")
def client_trail(request: SignedIn, pk: UUID) -> HttpResponse:
    """List who opened or changed the client's record; opening this list is in it the next time."""
    client = get_object_or_404(Client.objects.visible_to(request.user).select_related("site"), pk=pk)
    context = _page(request, client)
    context["lines"] = lines_for_supervisor(context["page_obj"].object_list)
    record(action="client.trail_read", by=request.user, target=client, client=client)
    return render(request, "members/trail.html", context)


@require_safe
@permitted("members.see_own_trail")
def own_trail(request: SignedIn) -> HttpResponse:
    """Tell members who opened their record."""
    client = get_object_or_404(Client.objects.visible_to(request.user).select_related("site"))
    context = _page(request, client)
    context["lines"] = lines_for_client(context["page_obj"].object_list, request.user)
    return render(request, "members/own_trail.html", context)


def _page(request: SignedIn, client: Client) -> dict[str, Any]:
    form = TrailFilter(request.GET or None)
    days = form.cleaned_data if form.is_valid() else {}
    entries = entries_between(client, days.get("since"), days.get("until"))
    page = Paginator(entries, PAGE_SIZE).get_page(request.GET.get("page"))
    return {"client": client, "form": form, "page_obj": page, "zone": client.site.zone}
