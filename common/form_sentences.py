"""What a control says when it was left empty: what to do, not what it is ("This field is required.")."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

WHEN_EMPTY: dict[type[forms.Field], Any] = {
    forms.Field: _("Fill this in."),
    forms.BooleanField: _("Check this box to go on."),
    forms.ChoiceField: _("Choose one."),
    forms.ModelChoiceField: _("Choose one."),
    forms.MultipleChoiceField: _("Choose at least one."),
    forms.ModelMultipleChoiceField: _("Choose at least one."),
    forms.DateField: _("Enter a date."),
    forms.TimeField: _("Enter a time."),
    forms.EmailField: _("Enter an email address."),
    forms.FileField: _("Choose a file."),
}


def install() -> None:
    """Make them the sentences of every field that has none of its own."""
    for kind, sentence in WHEN_EMPTY.items():
        kind.default_error_messages = {**kind.default_error_messages, "required": sentence}
