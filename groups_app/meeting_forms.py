"""The form of the individual meeting before the group (R25): its goals become the member's (R10)."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import DateField
from groups_app.models.goals import MOST_GOALS
from groups_app.services.goals import Wish
from members.models import Goal

_ORDER = (_("First goal"), _("Second goal"), _("Third goal"))


class MeetingForm(forms.Form):
    """The day of the meeting, and what came of it; ``wishes`` are the goals as they are already."""

    on = DateField(label=_("Day of the meeting"))
    inventory = forms.CharField(
        label=_("People who matter"),
        max_length=8_000,
        widget=forms.Textarea({"rows": 7}),
        help_text=_("Who is close or missed, what is good, what is hard, and what the client wants from each of them."),
    )
    contract_explained = forms.BooleanField(
        label=_("We went through the agreement together."),
        error_messages={"required": _("Go through the agreement with the client, then check this box.")},
    )

    def __init__(self, *args: Any, wishes: Sequence[Wish] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for position in range(MOST_GOALS):
            known = wishes[position] if position < len(wishes) else Wish()
            self.fields[f"goal_{position + 1}"] = forms.ModelChoiceField(
                Goal.objects.filter(is_offered=True),
                label=_ORDER[position],
                required=False,
                empty_label=_("None of these"),
                initial=known.catalogue,
            )
            self.fields[f"words_{position + 1}"] = forms.CharField(
                label=_("In own words"), required=False, max_length=200, initial=known.words
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not any(self.wishes()):
            self.add_error("words_1", _("Agree on at least one goal: choose it, or write it in the client’s words."))
        return data

    def goal_rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The controls of each goal, for a template."""
        return [(self[f"goal_{number}"], self[f"words_{number}"]) for number in range(1, MOST_GOALS + 1)]

    def wishes(self) -> list[Wish]:
        """Return the goals that were chosen or written, and empty ones."""
        data = self.cleaned_data
        return [
            Wish(data.get(f"goal_{number}"), data.get(f"words_{number}") or "") for number in range(1, MOST_GOALS + 1)
        ]

    def meeting(self) -> dict[str, Any]:
        """Return what ``record_pregroup_meeting`` wants."""
        return {
            "on": self.cleaned_data["on"],
            "goals": self.wishes(),
            "inventory": self.cleaned_data["inventory"],
            "contract_explained": self.cleaned_data["contract_explained"],
        }
