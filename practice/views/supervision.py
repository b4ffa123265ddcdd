"""Who supervises whom, kept by administrators on a person's page."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from common.errors import RuleBroken
from common.flash import done
from practice import services
from practice.access import SignedIn, permitted
from practice.forms import SupervisorForm
from practice.models import Supervision, User


@permitted("practice.administer")
@require_POST
def begin(request: SignedIn, pk: UUID) -> HttpResponse:
    """Note who supervises a therapist from today on."""
    therapist = get_object_or_404(User.objects.staff(), pk=pk)
    form = SupervisorForm(request.POST, therapist=therapist)
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors["supervisor"])))
        return redirect("practice:person", pk)
    supervisor = form.cleaned_data["supervisor"]
    try:
        services.begin_supervision(supervisor=supervisor, therapist=therapist, by=request.user)
    except RuleBroken as refusal:
        messages.error(request, refusal.sentence)
    else:
        names = {"supervisor": supervisor.name, "therapist": therapist.name}
        done(request, _("%(supervisor)s now supervises %(therapist)s.") % names)
    return redirect("practice:person", pk)


@permitted("practice.administer")
@require_POST
def end(request: SignedIn, pk: UUID) -> HttpResponse:
    """End a supervision; it stays in the history."""
    found = get_object_or_404(Supervision.objects.with_people(), pk=pk)
    services.end_supervision(supervision=found, by=request.user)
    names = {"supervisor": found.supervisor.name, "therapist": found.therapist.name}
    done(request, _("%(supervisor)s no longer supervises %(therapist)s.") % names)
    return redirect("practice:person", found.therapist_id)
