"""The ledger of a client: what left the practice, the consents it goes by, requests for a copy (R44, R46)."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit.services import record
from common.clock import today_in
from common.flash import done
from members.models import Client
from practice.access import SignedIn
from practice.views.saving import saves, sent
from records.disclosure_forms import DisclosureConsentForm, DisclosureForm
from records.disclosures import PART_2_NOTICE, enter_disclosure, is_part_2, record_consent, revoke_consent
from records.models import Disclosure, DisclosureConsent, LegalBasis
from records.requests import ask_for_record

form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def ledger(request: SignedIn, pk: UUID) -> HttpResponse:
    """List what left the practice about a client, and the consents."""
    client = _client(request, pk)
    record(action="disclosure.read", by=request.user, target=client, client=client)
    context = {
        "client": client,
        "disclosures": client.disclosures.select_related("entered_by", "consent"),
        "consents": client.disclosure_consents.all(),
        "asked": client.record_requests.open().first(),
        "today": today_in(client.site.zone),
        "is_part_2": is_part_2(client),
        "notice": PART_2_NOTICE,
        "may_answer": request.user.has_perm("records.answer_requests"),
        **_nav(),
    }
    return render(request, "records/ledger.html", context)


@form_page
def disclosure_new(request: SignedIn, pk: UUID) -> HttpResponse:
    """Enter what left the practice."""
    client = _client(request, pk)
    form = DisclosureForm(
        sent(request), client=client, instance=Disclosure(client=client, entered_by=request.user),
        initial={"made_on": today_in(client.site.zone)},
    )  # fmt: skip

    def save() -> None:
        data = {**form.cleaned_data, "basis": LegalBasis(form.cleaned_data["basis"])}
        enter_disclosure(client=client, by=request.user, **data)

    if saves(form, save):
        done(request, _("The disclosure is in the ledger of %(name)s.") % {"name": client.name})
        return redirect("disclosures:ledger", pk)
    context = {"client": client, "form": form, "is_part_2": is_part_2(client), "notice": PART_2_NOTICE, **_nav()}
    return render(request, "records/disclosure_new.html", context)


@form_page
def consent_new(request: SignedIn, pk: UUID) -> HttpResponse:
    """Record a consent that the client signed."""
    client = _client(request, pk)
    form = DisclosureConsentForm(sent(request), instance=DisclosureConsent(client=client, recorded_by=request.user))
    if saves(form, lambda: record_consent(consent=form.instance, by=request.user)):
        done(request, _("The consent of %(name)s is recorded.") % {"name": client.name})
        return redirect("disclosures:ledger", pk)
    return render(request, "records/consent_new.html", {"client": client, "form": form, **_nav()})


@require_POST
def consent_revoke(request: SignedIn, pk: UUID) -> HttpResponse:
    """Note that the client takes a consent back."""
    consents = DisclosureConsent.objects.visible_to(request.user).select_related("client__site")
    consent = get_object_or_404(consents, pk=pk)
    if not request.user.has_perm("records.keep_ledger", consent.client):
        raise Http404
    revoke_consent(consent=consent, by=request.user)
    done(request, _("Nothing goes to %(recipient)s by this consent any more.") % {"recipient": consent.recipient})
    return redirect("disclosures:ledger", consent.client_id)


@require_POST
def request_new(request: SignedIn, pk: UUID) -> HttpResponse:
    """Note that a client asked for a copy of the record, in person or on paper."""
    asked = ask_for_record(client=_client(request, pk), by=request.user)
    return redirect("disclosures:request", asked.pk)


def _client(request: SignedIn, pk: UUID) -> Client:
    """Return the client if the person keeps their ledger."""
    client = get_object_or_404(Client.objects.visible_to(request.user).select_related("site"), pk=pk)
    if not request.user.has_perm("records.keep_ledger", client):
        raise Http404
    return client


def _nav() -> dict[str, Any]:
    return {"nav_current": "members:list"}
