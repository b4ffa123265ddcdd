"""An empty control says what to do."""

import pytest
from django import forms
from django.core.exceptions import ValidationError

from members.models import Client


@pytest.mark.parametrize(
    ("field", "sentence"),
    [
        (forms.CharField(), "Fill this in."),
        (forms.BooleanField(), "Check this box to go on."),
        (forms.TypedChoiceField(choices=[("a", "A")]), "Choose one."),
        (forms.ModelChoiceField(Client.objects.none()), "Choose one."),
        (forms.MultipleChoiceField(choices=[("a", "A")]), "Choose at least one."),
        (forms.ModelMultipleChoiceField(Client.objects.none()), "Choose at least one."),
        (forms.DateField(), "Enter a date."),
        (forms.TimeField(), "Enter a time."),
        (forms.EmailField(), "Enter an email address."),
        (forms.FileField(), "Choose a file."),
        (forms.CharField(error_messages={"required": "Say why."}), "Say why."),
    ],
)
def test_each_kind_of_control_has_its_sentence(field: forms.Field, sentence: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        field.clean(None)
    assert refusal.value.messages == [sentence]


def test_forms_of_the_libraries_say_it_too(client: object, db: None) -> None:
    """allauth's page to sign in."""
    page = client.post("/account/login/", {"login": "", "password": ""}).content.decode()  # type: ignore[attr-defined]
    assert "Enter an email address." in page
    assert "Fill this in." in page
    assert "This field is required." not in page
