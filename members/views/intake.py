"""The intake: written and read by clinicians only (R7, R43)."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from audit.services import record
from common.flash import done
from members import services
from members.forms import IntakeForm
from members.models import Client, Intake
from members.services import IntakeChanged
from practice.access import SignedIn


@require_http_methods(["GET", "HEAD", "POST"])
def intake(request: SignedIn, pk: UUID) -> HttpResponse:
    """Read and write what was learned at intake."""
    client = get_object_or_404(Client.objects.visible_to(request.user).select_related("site"), pk=pk)
    if not request.user.has_perm("members.see_intake", client):
        raise Http404
    stored = Intake.objects.filter(client=client).select_related("recorded_by").first()
    typed = request.POST if request.method == "POST" else None
    form = IntakeForm(typed, instance=stored or Intake(client=client))
    if form.is_valid():
        form.instance.fee_cents = form.fee_cents()
        try:
            services.record_intake(
                intake=form.instance,
                family_roles=form.cleaned_data["family_roles"],
                seen=form.cleaned_data["seen"],
                by=request.user,
            )
        except IntakeChanged as error:
            form.add_error(None, error.sentence)
        else:
            record(action="intake.written", by=request.user, target=client, client=client)
            done(request, _("The intake of %(name)s is saved.") % {"name": client.name})
            return redirect("members:detail", client.pk)
    record(action="intake.read", by=request.user, target=client, client=client)
    context = {"client": client, "form": form, "stored": stored}
    return render(request, "members/intake.html", context)
