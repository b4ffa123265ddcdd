"""Forms of a group's course: the phases of a time-limited group, the checklist of an ending (R15, R29)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import Rows
from groups_app.models import EndingItem, Phase
from groups_app.services.course import ItemRow, PhaseRow

MOST_PHASES = 8
MOST_ITEMS = 20


class _Row(forms.Form):
    """One row of a list. A row without its first word says nothing; who empties a row takes it out of use."""

    pk = forms.UUIDField(required=False, widget=forms.HiddenInput)


class PhaseForm(_Row):
    """One phase."""

    name = forms.CharField(label=_("Phase"), required=False, max_length=60)
    until_percent = forms.IntegerField(
        label=_("Until percent"),
        required=False,
        min_value=1,
        max_value=100,
        widget=forms.NumberInput({"class": "w-4"}),
    )
    goals = forms.CharField(
        label=_("What it is for"), required=False, max_length=300, widget=forms.Textarea({"rows": 2})
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("name") and "until_percent" in data and data["until_percent"] is None:
            self.add_error("until_percent", _("Enter until which percentage of the sessions it lasts."))
        return data

    def row(self) -> PhaseRow | None:
        """Return what was typed, if anything."""
        data = self.cleaned_data
        if not data.get("name"):
            return None
        return PhaseRow(data["pk"], data["name"], data["goals"], data["until_percent"])


class ItemForm(_Row):
    """One line of the checklist."""

    title = forms.CharField(label=_("To do"), required=False, max_length=120, widget=forms.Textarea({"rows": 2}))
    help_text = forms.CharField(label=_("Help"), required=False, max_length=300, widget=forms.Textarea({"rows": 2}))

    def row(self) -> ItemRow | None:
        """Return what was typed, if anything."""
        data = self.cleaned_data
        return ItemRow(data["pk"], data["title"], data["help_text"]) if data.get("title") else None


class _CourseRows(Rows):
    """Rows of the course; one without its first word is none."""

    def rows(self) -> list[Any]:
        """Return the rows that stay; needs a valid formset."""
        return [row for form in self.forms if (row := form.row())]


class PhaseFormSet(_CourseRows):
    """The phases; their percentages say the order."""

    form = PhaseForm
    extra = 1
    max_num = absolute_max = MOST_PHASES


class ItemFormSet(_CourseRows):
    """The checklist, in the order of its numbers."""

    form = ItemForm
    extra = 2
    max_num = absolute_max = MOST_ITEMS
    can_order = True

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["ORDER"].label = _("Order")
        form.fields["ORDER"].widget.attrs["class"] = "w-2"
        form.order_fields(["pk", "title", "ORDER", "help_text"])

    def rows(self) -> list[Any]:
        return [row for form in self.ordered_forms if (row := form.row())]


def phase_rows() -> list[dict[str, Any]]:
    """Return the phases in use as initial rows."""
    rows = Phase.objects.filter(is_active=True).values("pk", "name", "until_percent", "goals")
    return [{**row} for row in rows]


def item_rows() -> list[dict[str, Any]]:
    """Return the lines in use as initial rows."""
    rows = EndingItem.objects.filter(is_active=True).values("pk", "title", "help_text")
    return [{**row} for row in rows]
