"""The report on dropout and attendance, as a page and as a file (R27)."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from common.clock import now
from common.forms import DateField
from common.spreadsheets import csv_file
from home.reads.report import Report, ReportRow, Tally, leaders_for, report_of
from practice.access import SignedIn, permitted
from practice.models import Site, User

BY = (
    ("group", gettext_lazy("Group")),
    ("leader", gettext_lazy("Leader")),
    ("site", gettext_lazy("Site")),
)
A_YEAR = timedelta(days=365)


class LeaderField(forms.ModelChoiceField):
    """A leader, by name."""

    def label_from_instance(self, obj: User) -> str:
        return obj.name


class ReportForm(forms.Form):
    """Which period and how it is summed; what is left out is the last year, by group."""

    first = DateField(label=gettext_lazy("From"), required=False)
    last = DateField(label=gettext_lazy("Until"), required=False)
    by = forms.ChoiceField(label=gettext_lazy("By"), choices=BY, required=False)
    site = forms.ModelChoiceField(
        Site.objects.all(), label=gettext_lazy("Site"), required=False, empty_label=gettext_lazy("All sites")
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["leader"] = LeaderField(
            leaders_for(user), label=gettext_lazy("Leader"), required=False, empty_label=gettext_lazy("All leaders")
        )

    def clean_first(self) -> date:
        return self.cleaned_data["first"] or now().date() - A_YEAR

    def clean_last(self) -> date:
        return self.cleaned_data["last"] or now().date()

    def clean_by(self) -> str:
        return self.cleaned_data["by"] or "group"

    def clean(self) -> dict[str, object]:
        data = super().clean() or self.cleaned_data
        if data.get("first") and data.get("last") and data["first"] > data["last"]:
            self.add_error("last", _("The end is before the beginning. Change one of the two days."))
        return data


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
        "by_label": dict(BY)[form.cleaned_data["by"]] if found else "",
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
        rows = [_header(str(dict(BY)[form.cleaned_data["by"]]), sees_rates=sees_rates)]
        rows += [_cells(row, sees_rates=sees_rates) for row in [*found.rows, ReportRow(_("Together"), found.total)]]
    response = HttpResponse(csv_file(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="dropout-and-attendance.csv"'
    return response


def _report(request: SignedIn, form: ReportForm) -> Report:
    data = form.cleaned_data
    return report_of(request.user, **data)


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
