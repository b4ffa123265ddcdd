"""Narrowing the list of people."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from common.names import sort_key
from practice.models import STAFF_ROLES, Role, User

IN_ORDER = [role for role in Role if role in STAFF_ROLES]


class PeopleFilter(django_filters.FilterSet):
    """By name or address, role, and whether the account is open; open ones unless asked otherwise."""

    q = django_filters.CharFilter(method="matching", label=_("Name or email"))
    role = django_filters.ChoiceFilter(
        choices=[(role.value, role.label) for role in IN_ORDER], method="holding", label=_("Role"), empty_label=_("Any")
    )
    state = django_filters.ChoiceFilter(
        choices=[("closed", _("Deactivated"))], method="in_state", label=_("Account"), empty_label=_("Open")
    )

    class Meta:
        model = User
        fields: list[str] = []

    @property
    def qs(self) -> QuerySet[User]:
        people = super().qs
        return people if self.form.cleaned_data.get("state") else people.filter(is_active=True)

    def matching(self, people: QuerySet[User], _name: str, text: str) -> QuerySet[User]:
        for word in text.split():
            people = people.filter(Q(sort_key__contains=sort_key(word)) | Q(email__contains=word.lower()))
        return people

    def holding(self, people: QuerySet[User], _name: str, role: str) -> QuerySet[User]:
        return people.filter(roles__contains=[role])

    def in_state(self, people: QuerySet[User], _name: str, _state: str) -> QuerySet[User]:
        return people.filter(is_active=False)
