"""How the list of clients and the waiting list are narrowed and sorted."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from members.models import Client, WaitingListEntry, Weekday
from practice.models import Site

STATUSES = (("waiting", _("Waiting")), ("group", _("In a group")), ("none", _("Neither")))
STATUS_LOOKUPS = {
    "waiting": {"is_waiting": True},
    "group": {"in_group": True},
    "none": {"is_waiting": False, "in_group": False},
}
ORDERS = (
    ("since", _("Longest wait first")),
    ("-since", _("Shortest wait first")),
    ("client__sort_key", _("Name")),
    ("client__site__name", _("Site")),
)


class ClientFilter(django_filters.FilterSet):
    """Clients by name, site and what they are in; the queryset must be ``with_status``."""

    q = django_filters.CharFilter(method="by_name")
    site = django_filters.ModelChoiceFilter(queryset=Site.objects.all(), label=_("Site"), empty_label=_("All sites"))
    status = django_filters.ChoiceFilter(
        method="by_status", choices=STATUSES, label=_("Status"), empty_label=_("Everybody")
    )

    class Meta:
        model = Client
        fields = ("q", "site", "status")

    def by_name(self, queryset: Any, _name: str, text: str) -> Any:
        """Keep those whose name or e-mail address contains every word."""
        return queryset.search(text)

    def by_status(self, queryset: Any, _name: str, status: str) -> Any:
        """Keep those who wait, hold a place, or neither."""
        return queryset.filter(**STATUS_LOOKUPS[status])


class WaitingFilter(django_filters.FilterSet):
    """People who wait, by name, site and day; the longest wait comes first."""

    q = django_filters.CharFilter(method="by_name")
    site = django_filters.ModelChoiceFilter(
        field_name="client__site", queryset=Site.objects.all(), label=_("Site"), empty_label=_("All sites")
    )
    day = django_filters.ChoiceFilter(
        method="by_day", choices=Weekday.choices, label=_("Can come on"), empty_label=_("Any day")
    )
    sort = django_filters.ChoiceFilter(
        method="by_order", choices=ORDERS[1:], label=_("Sort by"), empty_label=ORDERS[0][1]
    )

    class Meta:
        model = WaitingListEntry
        fields = ("q", "site", "day", "sort")

    def by_name(self, queryset: Any, _name: str, text: str) -> Any:
        """Keep clients whose name or e-mail address contains every word."""
        return queryset.filter(client__in=Client.objects.search(text).order_by().values("pk"))

    def by_day(self, queryset: Any, _name: str, day: str) -> Any:
        """Keep clients who can come at some time of the weekday."""
        return queryset.filter(client__in=Client.objects.filter(availabilities__weekday=day).order_by().values("pk"))

    def by_order(self, queryset: QuerySet[Any], _name: str, order: str) -> QuerySet[Any]:
        """Sort by something else than the wait; equal rows keep the order of their wait."""
        return queryset.order_by(order, "since", "id")
