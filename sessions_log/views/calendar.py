"""The week, as a grid and as a list."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from common.clock import now
from practice.access import SignedIn, role_required
from practice.models import Role
from sessions_log.forms import FilterForm
from sessions_log.week import week_of


@require_GET
@role_required(Role.THERAPIST, Role.COORDINATOR, Role.SUPERVISOR)
def calendar(request: SignedIn) -> HttpResponse:
    """Seven columns of sessions."""
    return _week(request, "sessions_log/calendar.html")


@require_GET
@role_required(Role.THERAPIST, Role.COORDINATOR, Role.SUPERVISOR)
def agenda(request: SignedIn) -> HttpResponse:
    """The same week below each other, with what there is to do."""
    return _week(request, "sessions_log/agenda.html")


def _week(request: SignedIn, template: str) -> HttpResponse:
    form = FilterForm(request.GET)
    form.full_clean()
    sites = list(form.fields["site"].queryset)  # type: ignore[attr-defined]
    site = form.cleaned_data.get("site")
    week = week_of(request.user, day=form.cleaned_data.get("week"), site=site, sites=sites, at=now())
    return render(
        request,
        template,
        {
            "week": week,
            "filter": form,
            "sites": sites,
            "site": site,
            "nav_current": "sessions_log:calendar",
        },
    )
