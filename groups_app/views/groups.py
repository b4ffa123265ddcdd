"""The list of groups, and a group's own particulars."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from common.errors import RuleBroken
from common.flash import done
from groups_app import services
from groups_app.forms import EditGroupForm, FilterForm
from groups_app.models import Group
from groups_app.signals import absences_asked
from groups_app.views.access import group_for
from practice.access import SignedIn, permitted
from practice.models import Policy, Practice

GROUPS_A_PAGE = 25


@require_GET
@permitted("groups_app.open_groups")
def group_list(request: SignedIn) -> HttpResponse:
    """Groups the person may open: one's own, or all of them; those that ended only when asked for."""
    policy = Practice.objects.current().policy
    form = FilterForm(request.GET)
    groups = form.narrowed(Group.objects.visible_to(request.user).with_places(policy).with_leaders().order_by("name"))
    if form.cleaned_data["away"]:
        groups = groups.filter(pk__in=_staying_away(groups.values_list("pk", flat=True), policy))
    page = Paginator(groups, GROUPS_A_PAGE).get_page(request.GET.get("page"))
    away = _staying_away([group.pk for group in page], policy)
    rows = [(group, _missing(group, policy.minimum_members), away.get(group.pk, 0)) for group in page]
    return render(
        request,
        "groups_app/list.html",
        {
            "rows": rows,
            "page_obj": page,
            "filter": form,
            "is_narrowed": any(form.cleaned_data.values()),
            "sees_all": request.user.has_perm("groups_app.see_all_groups"),
        },
    )


def _staying_away(groups: Iterable[UUID], policy: Policy) -> dict[UUID, int]:
    """Return in which of ``groups`` members stay away, and how many: rooms above know how people came (R27)."""
    answers: list[tuple[Any, Any]] = absences_asked.send(sender=Group, groups=list(groups), policy=policy)
    return {group: many for _receiver, counts in answers for group, many in counts.items()}


def _missing(group: Group, smallest: int) -> int:
    """Return how many people a group lacks to the smallest size; an ended group lacks nobody (R30)."""
    return 0 if group.is_over else max(0, smallest - group.seated)


@require_http_methods(["GET", "POST"])
def edit(request: SignedIn, pk: UUID) -> HttpResponse:
    """Change name, orientation, places and leaders."""
    group = group_for(request.user, pk, "groups_app.edit_group")
    form = EditGroupForm(request.POST if request.method == "POST" else None, instance=group)
    if request.method == "POST" and form.is_valid():
        try:
            services.update_group(
                group=form.instance, leaders=form.leaders, cover=form.cleaned_data["cover"], by=request.user
            )
        except RuleBroken as refusal:
            form.add_error(None, refusal.sentence)
        else:
            done(request, _("%(group)s is saved.") % {"group": group})
            return redirect("home:group", group.pk)
    return render(request, "groups_app/edit.html", {"form": form, "group": group, "nav_current": "groups_app:list"})
