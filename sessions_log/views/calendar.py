"""The calendar: a week, a month, and the same week as a list."""

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from common.clock import now
from groups_app.models import Group, GroupState
from practice.access import SignedIn, permitted
from practice.models import Room, Site, User
from sessions_log.attention import count_waiting
from sessions_log.calendar import Period, month_of, week_of
from sessions_log.forms import FilterForm


@require_GET
@permitted("sessions_log.see_calendar")
def calendar(request: SignedIn) -> HttpResponse:
    """Seven columns of sessions."""
    return _page(request, week_of, "calendar")


@require_GET
@permitted("sessions_log.see_calendar")
def month(request: SignedIn) -> HttpResponse:
    """The weeks of a month below each other."""
    return _page(request, month_of, "month")


@require_GET
@permitted("sessions_log.see_calendar")
def agenda(request: SignedIn) -> HttpResponse:
    """A week's sessions below each other, with more about each."""
    return _page(request, week_of, "agenda")


def _page(request: SignedIn, read: Callable[..., Period], own: str) -> HttpResponse:
    user, at = request.user, now()
    sites = list(Site.objects.order_by("name"))
    sees_all = user.has_perm("groups_app.see_all_groups")
    rooms = Room.objects.select_related("site").order_by("site__name", "name")
    groups = Group.objects.visible_to(user).exclude(state=GroupState.ENDED).select_related("site").order_by("name")
    site = next((one for one in sites if str(one.pk) == request.GET.get("site")), None)
    if site:  # only what is there can be asked for
        rooms, groups = rooms.filter(site=site), groups.filter(site=site)
    form = FilterForm(
        request.GET,
        sites=sites,
        rooms=list(rooms) if sees_all else [],
        leaders=sorted(User.objects.therapists(), key=lambda one: one.name) if sees_all else [],
        groups=list(groups),
    )
    form.full_clean()
    narrowed = form.narrowed
    context = {
        "period": read(user, day=form.cleaned_data.get("day"), narrowed=narrowed, sites=sites, at=at),
        "filter": form,
        "site": narrowed.only_site,
        "waiting": count_waiting(user, at=at),
        "own": own,
        "nav_current": "sessions_log:calendar",
    }
    return render(request, f"sessions_log/{own}.html", context)
