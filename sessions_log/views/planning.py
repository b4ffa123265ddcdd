"""Planning a group with its sessions."""

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.errors import RuleBroken
from common.flash import done
from groups_app.forms import GroupForm
from groups_app.models import Group
from groups_app.services import plan_group
from practice.access import SignedIn, permitted
from practice.models import Practice, User
from sessions_log import services
from sessions_log.views.finding import PREFILLED
from sessions_log.views.refusals import explain


@require_http_methods(["GET", "POST"])
@permitted("groups_app.plan_group")
def new_group(request: SignedIn) -> HttpResponse:
    """Plan a group and schedule its sessions in one form; both, or nothing."""
    policy = Practice.objects.current().policy
    # What the search for a time found is in the form already.
    found = {name: value for name, value in request.GET.items() if name in PREFILLED}
    form = GroupForm(request.POST or None, initial=found, policy=policy, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            count = _plan(form.instance, form.leaders, by=request.user)
        except RuleBroken as refusal:
            explain(form, refusal)
        else:
            sentence = _("%(group)s is planned, with %(count)d sessions.")
            done(request, sentence % {"group": form.instance.name, "count": count})
            return redirect("home:group", form.instance.pk)
    return render(request, "sessions_log/new_group.html", {"form": form, "nav_current": "groups_app:list"})


@transaction.atomic
def _plan(group: Group, leaders: list[User], *, by: User) -> int:
    plan_group(group=group, leaders=leaders, by=by)
    return len(services.schedule_series(group=group, by=by))
