"""Forms of a member's goals (R10)."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import Segments
from groups_app.models import MemberGoal
from groups_app.models.goals import HIGHEST_SCORE
from members.models import Goal


class GoalForm(forms.Form):
    """A goal from the catalogue, in own words, or both."""

    catalogue = forms.ModelChoiceField(
        Goal.objects.filter(is_offered=True), label=_("Goal"), required=False, empty_label=_("None of these")
    )
    words = forms.CharField(
        label=_("In own words"),
        required=False,
        max_length=200,
        help_text=_("For example: say it when it hurts."),
    )


class RatingForm(forms.Form):
    """How near each goal is, from 0 to 10; a goal may be left out."""

    def __init__(self, data: Any = None, *, goals: Sequence[MemberGoal]) -> None:
        super().__init__(data)
        self.goals = goals
        for goal in goals:
            self.fields[f"goal_{goal.pk}"] = forms.TypedChoiceField(
                label=goal.title,
                choices=[(number, str(number)) for number in range(HIGHEST_SCORE + 1)],
                coerce=int,
                empty_value=None,
                required=False,
                widget=Segments,
            )

    def scores(self) -> dict[MemberGoal, int]:
        """Return what was rated."""
        chosen = {goal: self.cleaned_data[f"goal_{goal.pk}"] for goal in self.goals}
        return {goal: score for goal, score in chosen.items() if score is not None}
