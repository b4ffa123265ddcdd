"""How forms look and the few fields of our own."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting
from django.forms.utils import flatatt
from django.http import HttpRequest
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.clock import today_in

# Django's templates of the commonest controls include two more each. On a page with dozens of controls that was a third
# of its time, so these are written directly.
_INPUT_TEMPLATES = frozenset(
    f"django/forms/widgets/{name}.html"
    for name in ("date", "email", "hidden", "input", "number", "password", "search", "tel", "text", "time", "url")
)
_TEXTAREA_TEMPLATE = "django/forms/widgets/textarea.html"
_SELECT_TEMPLATE = "django/forms/widgets/select.html"


class KithFormRenderer(TemplatesSetting):
    """Render every form of the house, allauth's included, with the components."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> SafeString:
        """Return what the template would, for plain inputs, text areas and lists without asking one."""
        if template_name in _INPUT_TEMPLATES:
            return input_tag(context["widget"])
        if template_name == _TEXTAREA_TEMPLATE:
            widget = context["widget"]
            text = "" if widget["value"] is None else widget["value"]
            return format_html('<textarea name="{}"{}>\n{}</textarea>', widget["name"], flatatt(widget["attrs"]), text)
        if template_name == _SELECT_TEMPLATE:
            return _select_tag(context["widget"])
        return mark_safe(super().render(template_name, context, request))  # noqa: S308 (a template's output)


def _select_tag(widget: Mapping[str, Any]) -> SafeString:
    """Return the ``<select>`` of a widget's context: a practice may have hundreds of therapists to choose from."""
    parts = []
    for name, choices, _index in widget["optgroups"]:
        options = mark_safe("".join(map(_option_tag, choices)))  # noqa: S308 (each is escaped below)
        parts.append(format_html('\n  <optgroup label="{}">{}\n  </optgroup>', name, options) if name else options)
    content = mark_safe("".join(parts))  # noqa: S308 (each is escaped above)
    return format_html('<select name="{}"{}>{}\n</select>', widget["name"], flatatt(widget["attrs"]), content)


def _option_tag(one: Mapping[str, Any]) -> str:
    attributes = flatatt(one["attrs"]) if one["attrs"] else ""  # most have none, and asking takes as long as the rest
    value, label = conditional_escape(one["value"]), conditional_escape(one["label"])
    return f'\n  <option value="{value}"{attributes}>{label}</option>'


def input_tag(widget: Mapping[str, Any]) -> SafeString:
    """Return the ``<input>`` of a widget's, or of one choice's, context."""
    value = "" if widget["value"] is None else format_html(' value="{}"', widget["value"])
    return format_html(
        '<input type="{}" name="{}"{}{}>', widget["type"], widget["name"], value, flatatt(widget["attrs"])
    )


class Segments(forms.RadioSelect):
    """One of a few, side by side (attendance). ``warn`` are values shown in clay, ``rest`` stand behind "More".

    Written here and not in a template: an attendance sheet has one for each member, and they were a third of its time.
    """

    def __init__(self, *args: Any, warn: Collection[str] = (), rest: Collection[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.warn = frozenset(warn)
        self.rest = frozenset(rest)

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Return the group of radio buttons; the n-th choice has the id of the group and "_n"."""
        shared = self.build_attrs(self.attrs, attrs)
        group_id = shared.pop("id", "")
        chosen = self.format_value(value)
        shown: list[str] = []
        rest: list[str] = []
        for index, (choice, label) in enumerate(self.choices):
            place = rest if choice in self.rest else shown
            place.append(
                format_html(
                    '<label{}><input type="radio" name="{}" value="{}"{}><span>{}</span></label>',
                    mark_safe(' class="warn"') if choice in self.warn else "",
                    name,
                    choice,
                    flatatt({**shared, "id": f"{group_id}_{index}", "checked": str(choice) in chosen}),
                    label,
                )
            )
        more = _more(rest, is_open=not self.rest.isdisjoint(chosen)) if rest else ""
        return format_html('<div class="seg" id="{}">{}{}</div>', group_id, mark_safe("".join(shown)), more)  # noqa: S308


def _more(labels: Sequence[str], *, is_open: bool) -> SafeString:
    return format_html(
        '<details{}><summary><span class="quiet-text">{}</span><span aria-hidden="true">…</span></summary>'
        "<div>{}</div></details>",
        mark_safe(" open") if is_open else "",
        _("More choices"),
        mark_safe("".join(labels)),  # noqa: S308 (each is escaped above)
    )


class Chips(forms.CheckboxSelectMultiple):
    """Any of many, as chips."""

    template_name = "components/widgets/chips.html"


class Choices(forms.RadioSelect):
    """One of some, below each other."""

    template_name = "components/widgets/choices.html"


class MultipleChoices(forms.CheckboxSelectMultiple):
    """Any of some, below each other."""

    template_name = "components/widgets/choices.html"


class DateInput(forms.DateInput):
    """A date that can be typed as people write it."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(
            attrs={"class": "w-8", "placeholder": "MM/DD/YYYY", "autocomplete": "off", **(attrs or {})},
            format="%m/%d/%Y",
        )


DATE_FORMATS = ("%m/%d/%Y", "%m/%d/%y", "%m-%d-%Y", "%Y-%m-%d", "%B %d, %Y", "%b %d, %Y")


class DateField(forms.DateField):
    """A date, typed: 11/24/2026, 2026-11-24 or November 24, 2026."""

    widget = DateInput
    input_formats = DATE_FORMATS
    default_error_messages = {
        "invalid": _("Enter a date as month/day/year, for example 11/24/2026."),
        "year": _("Enter a year between 1900 and 2199."),
    }

    def to_python(self, value: Any) -> date | None:
        """Refuse years that nobody means and that calendars cannot add days to."""
        day = super().to_python(value)
        if day is not None and not 1900 <= day.year < 2200:
            raise forms.ValidationError(self.error_messages["year"], code="year")
        return day


class TimeInput(forms.TimeInput):
    """A time of day that can be typed as people write it."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"class": "w-4", "autocomplete": "off", **(attrs or {})}, format="%I:%M %p")

    def format_value(self, value: Any) -> str | None:
        text = super().format_value(value)
        return text.lstrip("0") if text and not isinstance(value, str) else text


class TimeField(forms.TimeField):
    """A time of day, typed: 6:00 PM, 6 pm or 18:00."""

    widget = TimeInput
    input_formats = ("%I:%M %p", "%I:%M%p", "%I %p", "%I%p", "%H:%M")
    default_error_messages = {"invalid": _("Enter a time, for example 6:00 PM.")}


class ClockField(forms.TimeField):
    """A time of day as the browser offers it, on a clock of its own; where it has none, typed."""

    input_formats = ("%H:%M", "%H:%M:%S", *TimeField.input_formats)

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.TimeInput({"type": "time", "class": "w-8"}, format="%H:%M"), **options)


class Rows(forms.BaseFormSet):  # type: ignore[type-arg]  # no type argument can be given at run time
    """Rows of one kind, and empty ones for more; a subclass says how many at most."""

    renderer = None
    min_num = 0
    can_order = can_delete = can_delete_extra = validate_min = False
    validate_max = True


class DatePartsInput(forms.MultiWidget):
    """Month, day and year in three inputs."""

    template_name = "components/widgets/date_parts.html"
    use_fieldset = True
    parts = (
        ("month", _("Month"), "w-2", "bday-month"),
        ("day", pgettext_lazy("of the month", "Day"), "w-2", "bday-day"),
        ("year", _("Year"), "w-4", "bday-year"),
    )

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(
            {
                name: forms.TextInput({"inputmode": "numeric", "class": width, "autocomplete": autocomplete})
                for name, _label, width, autocomplete in self.parts
            },
            attrs,
        )

    def decompress(self, value: Any) -> list[Any]:
        return [value.month, value.day, value.year] if isinstance(value, date) else [None, None, None]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        for subwidget, (_name, label, _width, _autocomplete) in zip(
            context["widget"]["subwidgets"], self.parts, strict=True
        ):
            subwidget["label"] = label
        return context


class BirthDateField(forms.MultiValueField):
    """A date of birth in three fields, from 1900 to today."""

    widget = DatePartsInput
    default_error_messages = {
        "invalid": _("Enter a real date of birth, for example month 3, day 27, year 1985."),
        "incomplete": _("Enter the month, the day and the year."),
    }

    def __init__(self, **kwargs: Any) -> None:
        numbers = [
            forms.IntegerField(min_value=1, max_value=12),
            forms.IntegerField(min_value=1, max_value=31),
            forms.IntegerField(min_value=1900, max_value=9999),
        ]
        # So that half a date is refused also where none is asked for.
        super().__init__(numbers, require_all_fields=False, **kwargs)

    def clean(self, value: Any) -> date | None:
        try:
            born_on: date | None = super().clean(value)
        except ValidationError as error:
            if error.messages in ([str(self.error_messages[code])] for code in ("required", "incomplete")):
                raise
            # The parts' own errors ("ensure this value is less than…") name no part; one sentence about the date does.
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error
        if born_on is not None and born_on > today_in("UTC"):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return born_on

    def compress(self, data_list: Sequence[int]) -> date | None:
        if not data_list:
            return None
        month, day, year = data_list
        try:
            return date(year, month, day)
        except ValueError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error
