"""The report on dropout and attendance, as a page and as a file (R27)."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common.spreadsheets import csv_file
from home.reads.report import Report, ReportRow, Tally, report_of
from home.report_forms import ReportForm
from practice.access import SignedIn, permitted


@require_safe
@permitted("home.see_report")
def report(request: SignedIn) -> HttpResponse:
    """Show who stayed, who left and how people came, with what each word means."""
    form = ReportForm(request.GET, user=request.user)
    found = _report(request, form) if form.is_valid() else None
    context = {
        "form": form,
        "report": found,
        "sees_rates": request.user.has_perm("home.see_rates"),
        "by_label": form.by_label if found else "",
        "nav_current": "groups_app:list",
    }
    return render(request, "home/report.html", context)


@require_safe
@permitted("home.see_report")
def report_csv(request: SignedIn) -> HttpResponse:
    """Send the same numbers as a CSV file."""
    form = ReportForm(request.GET, user=request.user)
    rows: list[list[object]] = []
    if form.is_valid():
        found = _report(request, form)
        sees_rates = request.user.has_perm("home.see_rates")
        rows = [_header(form.by_label, sees_rates=sees_rates)]
        rows += [_cells(row, sees_rates=sees_rates) for row in [*found.rows, ReportRow(_("Together"), found.total)]]
    response = HttpResponse(csv_file(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="dropout-and-attendance.csv"'
    return response


def _report(request: SignedIn, form: ReportForm) -> Report:
    return report_of(request.user, **form.cleaned_data)


def _header(by: str, *, sees_rates: bool) -> list[object]:
    counts: list[object] = [by, _("Members"), _("Left"), _("Completed"), _("Dropped out")]
    if not sees_rates:
        return counts
    return [*counts, _("Dropout %"), _("Came"), _("Away, with notice"), _("Away, no notice"), _("Attendance %")]


def _cells(row: ReportRow, *, sees_rates: bool) -> list[object]:
    tally: Tally = row.tally
    counts: list[object] = [row.name, tally.members, tally.left, tally.completed, tally.dropped_out]
    if not sees_rates:
        return counts
    rates = ["" if rate is None else rate for rate in (tally.dropout_rate, tally.attendance_rate)]
    return [*counts, rates[0], tally.came, tally.excused, tally.missed, rates[1]]
