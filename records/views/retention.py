"""What has been kept long enough, and legal holds (R45)."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common.clock import now
from common.errors import RuleBroken
from common.flash import done
from members.models import Client
from practice.access import SignedIn, permitted
from practice.models import Policy
from records.forms import HoldForm
from records.holds import lift_hold, place_hold
from records.models import LegalHold
from records.retention import due_or_held

PAGE_SIZE = 25


@require_safe
@permitted("records.decide_retention")
def retention(request: SignedIn) -> HttpResponse:
    """List the records whose time is over, and those on hold."""
    page = Paginator(due_or_held(request.user, at=now()), PAGE_SIZE).get_page(request.GET.get("page"))
    years = Policy.objects.values_list("retention_years", flat=True).get()
    return render(request, "records/retention.html", {"page_obj": page, "years": years})


@require_http_methods(["GET", "HEAD", "POST"])
@permitted("records.decide_retention")
def hold(request: SignedIn, pk: UUID) -> HttpResponse:
    """Place a hold on a client's record, or lift the one that is there; both with a reason."""
    client = get_object_or_404(Client.objects.visible_to(request.user).select_related("site"), pk=pk)
    present = LegalHold.objects.open().filter(client=client).select_related("placed_by").first()
    form = HoldForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        verb = place_hold if form.cleaned_data["wanted"] == "place" else lift_hold
        try:
            verb(client=client, reason=form.cleaned_data["reason"], by=request.user)
        except RuleBroken as error:
            form.add_error(None, error.sentence)
        else:
            text = (
                _("The record of %(name)s is on hold.") if verb is place_hold else _("The hold on %(name)s is lifted.")
            )
            done(request, text % {"name": client.name})
            return redirect("retention:list")
    return render(request, "records/hold.html", {"client": client, "hold": present, "form": form})
