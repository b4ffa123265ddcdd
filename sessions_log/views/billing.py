"""Session sheets: one session, a period, and the period as a file for billing (R40)."""

from datetime import timedelta
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from audit.services import record
from common.clock import today_in
from common.spreadsheets import csv_file
from practice.access import SignedIn, permitted
from practice.models import Policy, Practice, Site, User
from sessions_log.billing import Period, clients_of, csv_rows, sheet_of, summary_of
from sessions_log.forms import PeriodForm
from sessions_log.views.access import session_for

_NAV = {"nav_current": "sessions_log:billing"}


@require_GET
def sheet(request: SignedIn, pk: UUID) -> HttpResponse:
    """Show one session as billing sees it; that its clients were seen is recorded."""
    session = session_for(request.user, pk, "sessions_log.bill_session")
    found = sheet_of(session, policy=_policy_for(request.user))
    clients = [line.attendance.membership.client_id for line in found.lines]
    record(action="session.sheet_read", by=request.user, target=session, clients=clients)
    return render(request, "sessions_log/sheet.html", {"sheet": found, "session": session, **_NAV})


@require_GET
@permitted("sessions_log.open_billing")
def billing(request: SignedIn) -> HttpResponse:
    """List the sessions of a period with counts and money; no client is on it."""
    policy = Practice.objects.current().policy
    if not request.user.has_perm("sessions_log.bill", policy):
        return render(request, "sessions_log/billing_elsewhere.html", _NAV)
    form = _form(request)
    context = {
        "form": form,
        "policy": policy,
        "summary": summary_of(request.user, form.period, policy=policy) if form.is_valid() else None,
        **_NAV,
    }
    return render(request, "sessions_log/billing.html", context)


@require_GET
def billing_csv(request: SignedIn) -> HttpResponse:
    """Hand out the period as a file, a row a client and session; whose rows are in it is recorded."""
    policy = _policy_for(request.user)
    form = _form(request)
    if not form.is_valid():
        return render(request, "sessions_log/billing.html", {"form": form, "policy": policy, "summary": None, **_NAV})
    period: Period = form.period
    clients = {attendance.membership.client_id for attendance in clients_of(request.user, period)}
    record(action="session.sheets_exported", by=request.user, target=("billing", _name_of(period)), clients=clients)
    response = HttpResponse(csv_file(csv_rows(request.user, period, policy=policy)), content_type="text/csv")
    response["Content-Disposition"] = f'attachment; filename="sessions-{_name_of(period)}.csv"'
    return response


def _policy_for(user: User) -> Policy:
    """Return the policy, or raise ``Http404`` for coordinators of a practice in which others bill."""
    policy = Practice.objects.current().policy
    if not user.has_perm("sessions_log.bill", policy):
        raise Http404
    return policy


def _form(request: SignedIn) -> PeriodForm:
    user = request.user
    today = today_in(user.home_site.zone if user.home_site else "UTC")
    sees_all = user.has_perm("groups_app.see_all_groups")
    return PeriodForm(
        request.GET,
        # By itself: last month, which is billed when this one begins.
        first=(today.replace(day=1) - timedelta(days=1)).replace(day=1),
        last=today,
        sites=list(Site.objects.order_by("name")),
        leaders=sorted(User.objects.therapists(), key=lambda one: one.name) if sees_all else [],
    )


def _name_of(period: Period) -> str:
    return f"{period.first:%Y-%m-%d}-{period.last:%Y-%m-%d}"
