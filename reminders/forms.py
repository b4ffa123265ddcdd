"""Narrowing the list of deliveries."""

import django_filters
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
