"""Copies of signed agreements: the PDF, the scan of a paper, checking a copy, taking a signature back."""

from uuid import UUID

from allauth.core.internal.ratelimit import consume, respond_429
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from audit import services as audit
from common.errors import RuleBroken
from common.flash import done
from groups_app import services
from groups_app.agreement_copy import copy_of, is_genuine
from groups_app.agreement_forms import CheckCopyForm, WithdrawSignatureForm
from groups_app.models import PaperScan, Signature
from practice.access import SignedIn
from practice.models import Practice

# A reference has 48 random bits, so this is for the machine's sake; people check one copy.
CHECKS = {"check_copy": "10/m/ip,60/h/ip"}
_ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}


@require_GET
def signed_pdf(request: SignedIn, pk: UUID) -> HttpResponse:
    """Send the copy of a signature: to the member, and to staff who may see it."""
    signature = _signature(request, pk)
    audit.record(action="agreement.copy_read", by=request.user, target=signature, client=signature.membership.client_id)
    query = urlencode({"reference": signature.reference, "fingerprint": signature.sha256})
    address = request.build_absolute_uri(f"{reverse('groups_app:check_copy')}?{query}")
    return _file(
        copy_of(signature, practice=Practice.objects.get(), address=address),
        media_type="application/pdf",
        name=f"agreement-{signature.reference}.pdf",
    )


@require_GET
def scan(request: SignedIn, pk: UUID) -> HttpResponse:
    """Send the scan of a paper signature."""
    signature = _signature(request, pk)
    kept = get_object_or_404(PaperScan, signature=signature)
    audit.record(action="agreement.scan_read", by=request.user, target=signature, client=signature.membership.client_id)
    name = f"agreement-{signature.reference}-paper.{_ENDINGS[kept.media_type]}"
    return _file(kept.content, media_type=kept.media_type, name=name)


@require_http_methods(["GET", "POST"])
def withdraw_signature(request: SignedIn, pk: UUID) -> HttpResponse:
    """Say what taking a signature back means, and do it."""
    signature = _signature(request, pk)
    if not request.user.has_perm("groups_app.withdraw_signature", signature):
        raise Http404
    is_own = request.user.is_member
    form = WithdrawSignatureForm(request.POST if request.method == "POST" else None, is_own=is_own)
    if request.method == "POST" and form.is_valid():
        try:
            services.withdraw_signature(signature=signature, by=request.user, reason=form.cleaned_data["reason"])
        except RuleBroken as refusal:
            form.add_error(None, refusal.sentence)
        else:
            done(request, _("The signature is withdrawn."))
            if is_own:
                return redirect("groups_app:signed", signature.pk)
            return redirect("groups_app:agreement", signature.membership.group_id)
    context = {
        "form": form,
        "signature": signature,
        "is_own": is_own,
        "zone": signature.membership.group.site.zone,
        "nav_current": "groups_app:agreements" if is_own else "groups_app:list",
    }
    return render(request, "groups_app/withdraw_signature.html", context)


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def check_copy(request: HttpRequest) -> HttpResponse:
    """Say whether a copy is genuine, and nothing else. The link on a copy fills in what may stand in an address."""
    if consume(request, app="groups_app", action="check_copy", config=CHECKS) is None:
        return respond_429(request)
    known = {name: request.GET.get(name, "") for name in ("reference", "fingerprint")}
    form = CheckCopyForm(request.POST if request.method == "POST" else None, initial=known)
    verdict = None
    if request.method == "POST" and form.is_valid():
        verdict = is_genuine(**form.cleaned_data)
    context = {"form": form, "verdict": verdict, "practice": Practice.objects.get()}
    return render(request, "groups_app/check_copy.html", context)


def _signature(request: SignedIn, pk: UUID) -> Signature:
    signatures = Signature.objects.visible_to(request.user).select_related(
        "version", "membership__group__site", "membership__client"
    )
    return get_object_or_404(signatures, pk=pk)


def _file(content: bytes, *, media_type: str, name: str) -> HttpResponse:
    """A download, never shown in place: what somebody uploaded must not run as a page of ours."""
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
