"""A leader's decision in spite of a conflict (R22)."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from audit import services as audit
from common.errors import RuleBroken
from common.flash import done
from groups_app import services
from groups_app.forms import ReasonForm
from groups_app.views.access import group_for
from members.models import Client
from practice.access import SignedIn


@require_http_methods(["GET", "POST"])
def conflict(request: SignedIn, pk: UUID, client_pk: UUID) -> HttpResponse:
    """Say between whom the conflict is, to who may decide, and take the decision with its reason."""
    group = group_for(request.user, pk, "groups_app.override_conflict")
    client = get_object_or_404(Client.objects.visible_to(request.user), pk=client_pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.override_conflict(group=group, client=client, by=request.user, reason=form.cleaned_data["reason"])
        except RuleBroken as refusal:
            form.add_error(None, refusal.sentence)
        else:
            done(request, _("%(name)s may join in spite of the conflict.") % {"name": client.name})
            return redirect("home:group", group.pk)
    others = services.people_in_conflict(group, client)
    audit.record(action="client.conflict_read", by=request.user, target=group, clients=[client, *others])
    context = {"form": form, "group": group, "client": client, "others": others, "nav_current": "groups_app:list"}
    return render(request, "groups_app/conflict.html", context)
