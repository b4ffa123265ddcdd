"""Controls that are written without a template say what Django's templates say."""

from typing import Any

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting
from django.forms.widgets import ChoiceWidget
from django.test.html import parse_html

from common.forms import Chips, Choices, KithFormRenderer, Segments

HOSTILE = """"><script>alert('1')</script>&"""


@pytest.mark.parametrize(
    "widget",
    [
        forms.TextInput({"class": "w-4", "autofocus": True, "readonly": False, "data-note": HOSTILE}),
        forms.HiddenInput(),
        forms.NumberInput({"min": 0, "max": 12}),
        forms.EmailInput(),
        forms.PasswordInput(),
        forms.DateInput(),
        forms.Textarea({"rows": 3, "placeholder": HOSTILE, "required": True}),
        forms.MultipleHiddenInput(),
        forms.Select(
            {"data-note": HOSTILE}, choices=[("", "None"), (0, HOSTILE), (HOSTILE, "Many"), ("A", [(7, "In")])]
        ),
        forms.SelectMultiple(choices=[("", "None"), ("a", "First")]),
    ],
)
@pytest.mark.parametrize("value", [None, "", 0, 1234567, "São Paulo", "two\nlines", HOSTILE])
def test_a_control_is_what_the_template_makes(widget: forms.Widget, value: Any) -> None:
    """Attributes, escaping and missing values included."""
    value = [value] if isinstance(widget, forms.MultipleHiddenInput) else value
    attrs = {"id": "id_field"}

    direct = widget.render("field", value, attrs, renderer=KithFormRenderer())

    assert parse_html(direct) == parse_html(widget.render("field", value, attrs, renderer=TemplatesSetting()))
    assert "<script>" not in direct


@pytest.mark.parametrize("widget_class", [Segments, Chips, Choices])
def test_choices_keep_their_inputs(widget_class: type[ChoiceWidget]) -> None:
    """Each has its type, name, value, id, and the chosen one is checked."""
    widget = widget_class(choices=[("a", "First"), (HOSTILE, HOSTILE)])
    kind = widget.input_type

    html = widget.render("field", ["a"], {"id": "id_field"}, renderer=KithFormRenderer())

    assert f'<input type="{kind}" name="field" value="a" id="id_field_0" checked>' in html
    assert html.count("<input") == 2
    assert "<script>" not in html
