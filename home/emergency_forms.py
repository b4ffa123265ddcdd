"""Forms of opening a record in an emergency and of reviewing it (R41)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import BirthDateField, Choices
from members.models import Verdict

SHORTEST_REASON = 10  # "emergency" alone says nothing to whoever reviews it


_NOT_FILLED_IN = {"autocomplete": "off", "spellcheck": "false"}


class NameForm(forms.Form):
    """Whose record, by the full name and the day of birth; nothing less finds anybody."""

    first_name = forms.CharField(label=_("First name"), max_length=100, widget=forms.TextInput(_NOT_FILLED_IN))
    last_name = forms.CharField(label=_("Last name"), max_length=100, widget=forms.TextInput(_NOT_FILLED_IN))
    birth_date = BirthDateField(label=_("Date of birth"))


class NumberForm(forms.Form):
    """Whose record, by the whole number on it."""

    number = forms.CharField(
        label=_("Record number"),
        max_length=20,
        help_text=_("It stands on copies of the record, for example 4F2A-91BC-07DE."),
        widget=forms.TextInput({"class": "w-16", **_NOT_FILLED_IN}),
        error_messages={"required": _("Enter the number.")},
    )


class OpenForm(forms.Form):
    """Why, and that it is meant. ``found`` is whom the search found, signed for the person who searched."""

    found = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("What is the emergency?"),
        help_text=_("Whoever cares for this person and whoever reviews it will read your words."),
        min_length=SHORTEST_REASON,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": _("Say what the emergency is."),
            "min_length": _("Say in a few words what the emergency is."),
        },
    )
    is_meant = forms.BooleanField(
        label=_("I need this record now to care for this person."),
        error_messages={"required": _("Confirm that you need the record now.")},
    )


class ReviewForm(forms.Form):
    """What the review found, and why."""

    verdict = forms.ChoiceField(
        label=_("Was it justified?"),
        choices=Verdict.choices,
        widget=Choices,
        error_messages={"required": _("Choose one of the two.")},
    )
    note = forms.CharField(
        label=_("What you found"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Say in a few words what you found.")},
    )
