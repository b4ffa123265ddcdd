"""The waiting list: who waits, since when, for what; its export; the end of a wait."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Min, Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from audit.services import record
from common.clock import now, today_in
from common.errors import RuleBroken
from common.flash import done
from common.spreadsheets import csv_file
from members import services
from members.filters import WaitingFilter
from members.models import Client, ContactConsent, WaitingListEntry, WaitingOutcome
from members.screening_forms import AskForm
from practice.access import SignedIn, permitted

PAGE_SIZE = 25


@require_safe
@permitted("members.see_waiting_list")
def waiting_list(request: SignedIn) -> HttpResponse:
    """List who waits, the longest wait first (R17)."""
    waiting = WaitingListEntry.objects.visible_to(request.user).open()
    narrowed = WaitingFilter(request.GET, queryset=_rows(waiting))
    sites = waiting.values("client__site", "client__site__name", "client__site__zone")
    by_site = list(sites.annotate(people=Count("pk"), first=Min("since")).order_by("client__site__name"))
    waits = [(today_in(site["client__site__zone"]) - site["first"]).days for site in by_site]
    page = Paginator(narrowed.qs, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "filter": narrowed.form,
        "page_obj": page,
        "by_site": by_site,
        "total": sum(site["people"] for site in by_site),
        "longest": max(waits, default=0),
        "asks": AskForm(),
        "has_unscreened": any(not entry.screening and not entry.screener for entry in page),
        "may_import": request.user.has_perm("records.import_clients"),
    }
    return render(request, "members/waiting.html", context)


@require_safe
@permitted("members.see_waiting_list")
def export(request: SignedIn) -> HttpResponse:
    """Send the waiting list, narrowed and sorted as on the page, as a CSV file."""
    waiting = WaitingListEntry.objects.visible_to(request.user).open()
    entries = list(WaitingFilter(request.GET, queryset=_rows(waiting)).qs)
    record(action="waiting.exported", by=request.user, clients=[entry.client_id for entry in entries])
    response = HttpResponse(csv_file([_header(), *map(_cells, entries)]), content_type="text/csv; charset=utf-8")
    day = date_format(now().date(), "Y-m-d")
    response["Content-Disposition"] = f'attachment; filename="waiting-list-{day}.csv"'
    return response


@require_POST
@permitted("members.end_wait")
def close(request: SignedIn, pk: UUID) -> HttpResponse:
    """End the wait of somebody who is no longer interested."""
    entry = _entry(request, pk)
    client = entry.client
    if entry.closed_on is None:
        services.close_waiting(client=client, outcome=WaitingOutcome.WITHDRAWN, on=today_in(client.site.zone))
    elif entry.outcome == WaitingOutcome.PLACED:
        messages.info(request, _("%(name)s got a place in a group meanwhile.") % {"name": client.name})
        return redirect(list_as_narrowed(request))
    done(
        request,
        _("%(name)s is no longer waiting.") % {"name": client.name},
        undo_url=reverse("members:waiting_resume", args=[entry.pk]),
    )
    return redirect(list_as_narrowed(request))


@require_POST
@permitted("members.end_wait")
def resume(request: SignedIn, pk: UUID) -> HttpResponse:
    """Undo the end of a wait: the days already waited count on."""
    entry = _entry(request, pk)
    try:
        services.resume_waiting(entry=entry)
    except RuleBroken as error:
        messages.error(request, error.sentence)
    else:
        done(request, _("%(name)s is waiting again.") % {"name": entry.client.name})
    return redirect("members:waiting")


def list_as_narrowed(request: SignedIn) -> str:
    """Return the address of the list as the person had narrowed it when they pressed the button."""
    return f"{reverse('members:waiting')}?{request.GET.urlencode()}" if request.GET else reverse("members:waiting")


def _entry(request: SignedIn, pk: UUID) -> WaitingListEntry:
    visible = WaitingListEntry.objects.visible_to(request.user).select_related("client__site")
    return get_object_or_404(visible, pk=pk)


def _rows(waiting: Any) -> QuerySet[WaitingListEntry]:
    """Fetch along all that the page and the file show of a wait."""
    in_force = ContactConsent.objects.in_force().order_by("channel")
    clients = (
        Client.objects.select_related("site", "referral_reason")
        .with_labels()
        .prefetch_related("availabilities", Prefetch("consents", queryset=in_force, to_attr="consents_in_force"))
    )
    return waiting.with_proposals().with_screening().prefetch_related(Prefetch("client", queryset=clients))


def _header() -> list[str]:
    return [
        _("Last name"),
        _("First name"),
        _("Preferred name"),
        _("Waiting since"),
        _("Days waiting"),
        _("Proposed"),
        _("Site"),
        _("Online ok"),
        _("Available"),
        _("Problem areas"),
        _("Difficulties"),
        _("Conditions"),
        _("Goals"),
        _("Referral reason"),
        _("Contact by"),
        _("Email"),
        _("Mobile"),
        _("Notes"),
    ]


def _cells(entry: Any) -> list[object]:
    """Whom the client is kept apart from is not among them: a file travels (R22)."""
    client = entry.client
    return [
        client.last_name,
        client.first_name,
        client.preferred_name,
        entry.since.isoformat(),
        entry.days,
        _yes_no(entry.is_proposed),
        client.site.name,
        _yes_no(client.online_ok),
        "; ".join(map(str, client.availabilities.all())),
        "; ".join(client.problem_labels),
        "; ".join(client.difficulty_labels),
        "; ".join(client.condition_labels),
        "; ".join(client.goal_labels),
        client.referral_reason.label if client.referral_reason else "",
        "; ".join(str(consent.get_channel_display()) for consent in client.consents_in_force),
        client.email,
        client.mobile,
        client.notes,
    ]


def _yes_no(value: bool) -> str:
    return _("yes") if value else _("no")
