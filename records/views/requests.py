"""Copies of records: the client asks, somebody who cares for them hands over, the client takes it (R44)."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from audit.services import record
from common.clock import today_in
from common.flash import done
from members.models import Client
from practice.access import SignedIn, permitted
from practice.views.saving import saves, sent
from records.copy import copy_of_record
from records.disclosure_forms import PutOffForm
from records.models import LONGEST_EXTENSION, RecordRequest
from records.requests import ask_for_record, hand_over, put_off

form_page = require_http_methods(["GET", "HEAD", "POST"])


@form_page
@permitted("records.ask_for_copy")
def my_record(request: SignedIn) -> HttpResponse:
    """Let a member ask for the copy, take it, and see who received something from their record."""
    client = get_object_or_404(Client.objects.visible_to(request.user).select_related("site"))
    if request.method == "POST":
        ask_for_record(client=client, by=request.user)
        done(request, _("We have your request."))
        return redirect("disclosures:my_record")
    requests = client.record_requests.order_by("-asked_on", "-created_at")
    context = {
        "client": client,
        "asked": next((each for each in requests if each.fulfilled_at is None), None),
        "ready": next((each for each in requests if each.fulfilled_at is not None), None),
        "disclosures": client.disclosures.all(),
    }
    return render(request, "records/my_record.html", context)


@require_safe
@permitted("records.see_requests")
def requests(request: SignedIn) -> HttpResponse:
    """List who waits for a copy, the first due first."""
    waiting = RecordRequest.objects.visible_to(request.user).open().by_deadline().select_related("client__site")
    rows = [(each, each.is_late(today_in(each.client.site.zone))) for each in waiting]
    return render(request, "records/requests.html", {"rows": rows, "nav_current": "disclosures:requests"})


@form_page
@permitted("records.see_requests")
def request_page(request: SignedIn, pk: UUID) -> HttpResponse:
    """Say what the copy holds, and hand it over."""
    may_answer = request.user.has_perm("records.answer_requests")
    asked = _asked(request, pk)
    today = today_in(asked.client.site.zone)
    if request.method == "POST":
        if not may_answer:
            raise Http404
        hand_over(request=asked, by=request.user)
        done(request, _("The copy is handed over; the ledger of %(name)s says so.") % {"name": asked.client.name})
        return redirect("disclosures:request", pk)
    context = {
        "asked": asked,
        "client": asked.client,
        "is_late": asked.is_late(today),
        "may_answer": may_answer,
        "may_put_off": may_answer and asked.extended_to is None and today <= asked.due_on,
        "may_take_copy": request.user.has_perm("records.take_copy", asked.client),
        "nav_current": "disclosures:requests",
    }
    return render(request, "records/request.html", context)


@form_page
@permitted("records.answer_requests")
def put_off_page(request: SignedIn, pk: UUID) -> HttpResponse:
    """Take more time for a copy, once, and tell the client why."""
    asked = _asked(request, pk)
    form = PutOffForm(sent(request))
    if saves(form, lambda: put_off(request=asked, by=request.user, **form.cleaned_data)):
        done(request, _("%(name)s reads on their page why it takes longer.") % {"name": asked.client.name})
        return redirect("disclosures:request", pk)
    context = {
        "asked": asked,
        "client": asked.client,
        "last_day": asked.due_on + LONGEST_EXTENSION,
        "form": form,
        "nav_current": "disclosures:requests",
    }
    return render(request, "records/put_off.html", context)


def _asked(request: SignedIn, pk: UUID) -> RecordRequest:
    visible = RecordRequest.objects.visible_to(request.user)
    return get_object_or_404(visible.select_related("client__site", "fulfilled_by", "extended_by"), pk=pk)


@require_safe
def copy(request: SignedIn, pk: UUID) -> HttpResponse:
    """Give the copy that was handed over: to the client, and to who leads their group, for paper."""
    visible = RecordRequest.objects.visible_to(request.user).select_related("client__site")
    asked = get_object_or_404(visible.filter(fulfilled_at__isnull=False), pk=pk)
    client = asked.client
    if client.user_id != request.user.pk and not request.user.has_perm("records.take_copy", client):
        raise Http404
    record(action="record.exported", by=request.user, target=asked, client=client)
    response = HttpResponse(copy_of_record(client), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="record-{client.record_number}.zip"'
    return response
