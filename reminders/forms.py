"""Narrowing the list of deliveries."""

import django_filters
from django.utils.translation import gettext_lazy as _

from common.forms import DateField
from reminders.models import Reminder, ReminderState


class _TypedDateFilter(django_filters.DateFilter):
    field_class = DateField


class DeliveryFilter(django_filters.FilterSet):
    """By what became of the message, and by the day of the session as its site's calendar shows it."""

    state = django_filters.ChoiceFilter(label=_("Result"), choices=ReminderState.choices, empty_label=_("Any"))
    since = _TypedDateFilter(field_name="session__local_day", lookup_expr="gte", label=_("Sessions from"))
    until = _TypedDateFilter(field_name="session__local_day", lookup_expr="lte", label=_("Sessions until"))

    class Meta:
        model = Reminder
        fields: list[str] = []
