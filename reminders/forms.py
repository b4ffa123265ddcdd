"""Narrowing the list of deliveries, and writing texts."""

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import DateField
from reminders.models import Kind, Message, MessageState, Via


class _TypedDateFilter(django_filters.DateFilter):
    field_class = DateField


class DeliveryFilter(django_filters.FilterSet):
    """By what became of the message, what it is about, its way, and the day on which it was due (in UTC)."""

    state = django_filters.ChoiceFilter(label=_("Result"), choices=MessageState.choices, empty_label=_("Any"))
    kind = django_filters.ChoiceFilter(label=_("About"), choices=Kind.choices, empty_label=_("Anything"))
    channel = django_filters.ChoiceFilter(label=_("Through"), choices=Via.choices, empty_label=_("Any way"))
    since = _TypedDateFilter(field_name="due_at", lookup_expr="date__gte", label=_("Due from"))
    until = _TypedDateFilter(field_name="due_at", lookup_expr="date__lte", label=_("Due until"))

    class Meta:
        model = Message
        fields: list[str] = []


class WordsForm(forms.Form):
    """What messages of one kind say through one channel."""

    heading = forms.CharField(label=_("Subject"), max_length=120, required=False)
    body = forms.CharField(label=_("Text"), max_length=1_000, widget=forms.Textarea(attrs={"rows": 9}))

    def __init__(self, *args: Any, channel: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if channel == Via.TEXT:
            self.fields["heading"].widget = forms.HiddenInput()
        else:
            self.fields["heading"].required = True
        if channel == Via.APP:
            self.fields["heading"].label = _("Headline")

    def clean_body(self) -> str:
        return "\n".join(str(self.cleaned_data["body"]).splitlines())
