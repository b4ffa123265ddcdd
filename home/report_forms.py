"""Which report on dropout and attendance somebody wants (R27)."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.clock import now
from common.forms import DateField
from home.reads.report import leaders_for
from practice.models import Site, User

BY = (
    ("group", _("Group")),
    ("leader", _("Leader")),
    ("site", _("Site")),
)
A_YEAR = timedelta(days=365)


class ReportForm(forms.Form):
    """Which period and how it is summed; what is left out is the last year, by group."""

    first = DateField(label=_("From"), required=False)
    last = DateField(label=_("Until"), required=False)
    by = forms.ChoiceField(label=_("By"), choices=BY, required=False)
    site = forms.ModelChoiceField(Site.objects.all(), label=_("Site"), required=False, empty_label=_("All sites"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["leader"] = forms.ModelChoiceField(
            leaders_for(user), label=_("Leader"), required=False, empty_label=_("All leaders")
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

    @property
    def by_label(self) -> str:
        """By what a valid report is summed, in words."""
        return str(dict(BY)[self.cleaned_data["by"]])
