"""Forms of screening: who is asked, and the checklist with its decision (R21)."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.forms.models import ModelChoiceIterator
from django.utils.translation import gettext_lazy as _

from common.forms import Choices, DateField, Segments
from members.models import Client, ScreeningItem, ScreeningOutcome
from members.services.screening import Answer
from practice.models import User

_YES, _NO, _UNSURE = "yes", "no", "unsure"
_ANSWERS = {_YES: True, _NO: False, _UNSURE: None}
_CODES = {True: _YES, False: _NO, None: _UNSURE}
LONG = 20_000  # characters of a clinical text: some pages


class Names(ModelChoiceIterator):
    """The accounts of a list by their names: a large practice has hundreds, and nobody is put together for a name."""

    def __iter__(self) -> Iterator[Any]:
        yield "", self.field.empty_label
        for pk, first_name, last_name in self.queryset.values_list("pk", "first_name", "last_name"):
            yield pk, f"{first_name} {last_name}"


class TherapistField(forms.ModelChoiceField):
    """One of the therapists."""

    iterator = Names


class AskForm(forms.Form):
    """Which therapist is asked to screen."""

    therapist = TherapistField(
        User.objects.therapists(),
        label=_("Therapist"),
        empty_label=_("Choose a therapist"),
    )

    def __init__(self, *args: Any, client: Client | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if client is not None:
            self.fields["therapist"].widget.attrs["id"] = "id_screener"


class ScreeningForm(forms.Form):
    """The checklist, one question a row with a remark, and what the therapist decides."""

    outcome = forms.ChoiceField(label=_("Decision"), choices=ScreeningOutcome.choices, widget=Choices)
    review_on = DateField(
        label=_("Look at it again on"), required=False, help_text=_("For “wait”: when it makes sense to ask anew.")
    )
    reason = forms.CharField(
        label=_("Reasons"),
        required=False,
        max_length=LONG,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("Needed unless everything speaks for a group. Clinicians read it; the coordinator does not."),
    )

    def __init__(self, data: Any = None, *, answers: Mapping[str, Answer] | None = None) -> None:
        super().__init__(data)
        self.items = list(ScreeningItem.objects.filter(is_offered=True))
        for item in self.items:
            known = (answers or {}).get(item.code)
            self.fields[f"answer_{item.code}"] = forms.ChoiceField(
                label=item.label,
                choices=[(_YES, _("Yes")), (_NO, _("No")), (_UNSURE, _("Not sure"))],
                widget=Segments(warn={_NO if item.favors else _YES, _UNSURE}),
                initial=_CODES[known.is_yes] if known else None,
                error_messages={"required": _("Answer this, if only with “not sure”.")},
            )
            self.fields[f"remark_{item.code}"] = forms.CharField(
                label=_("Remark"),
                required=False,
                max_length=1_000,
                initial=known.remark if known else "",
                widget=forms.TextInput({"placeholder": _("Remark"), "aria-label": _("Remark: %s") % item.label}),
            )

    def questions(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The questions, each with its remark, for a template."""
        return [(self[f"answer_{item.code}"], self[f"remark_{item.code}"]) for item in self.items]

    def answers(self) -> dict[str, Answer]:
        """Return the checked answers by code."""
        data = self.cleaned_data
        return {
            item.code: Answer(_ANSWERS[data[f"answer_{item.code}"]], data[f"remark_{item.code}"]) for item in self.items
        }
