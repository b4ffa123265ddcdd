"""What an address speaks of, and whose record, told by the keys in it: keys are unique among all tables."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models.functions import Cast

from common.acting import SYSTEM, acting_as
from common.prepared import Slot, many, prepared
from members.models import Client

# How rows that are about one client know them; rows about several, as a session, have none of these.
_WAYS = ("client", "membership__client", "signature__membership__client", "goal__membership__client", "access__client")


@dataclass(frozen=True)
class Named:
    """What the keys of an address speak of: whether there is such a row at all, and the one client it is about."""

    exists: bool
    client: UUID | None


@acting_as(SYSTEM)
def named(keys: Iterable[UUID]) -> Named:
    """Look among all rows for these keys; about nobody or several people, no client is named.

    It sees every row: for the trail, which learns what somebody was refused, and whose record it was, and tells that
    nobody else.
    """
    found = set(_rows_of(keys=list(keys)))
    clients = found - {None}
    return Named(exists=bool(found), client=clients.pop() if len(clients) == 1 else None)


@prepared(keys=many(models.UUIDField()))
def _rows_of(keys: Slot) -> models.QuerySet[Any, UUID | None]:
    """The clients of the rows with these keys, and nothing for a row that is not about one."""
    first, *others = (
        model._base_manager.filter(pk__in=keys).order_by().annotate(whose=whose).values_list("whose", flat=True)
        for model in apps.get_models()
        if (whose := _whose(model))
    )
    return first.union(*others)


def _whose(model: type[models.Model]) -> models.Expression | models.F | None:
    """How a row of ``model`` knows its client; nothing where addresses cannot speak of it."""
    if model._meta.proxy or not isinstance(model._meta.pk, models.UUIDField):
        return None
    if model is Client:
        return models.F("pk")
    way = next((way for way in _WAYS if _leads_to_a_client(model, way)), "")
    return models.F(f"{way}__pk") if way else Cast(models.Value(None), models.UUIDField())


def _leads_to_a_client(model: type[models.Model], way: str) -> bool:
    reached: object = model
    for step in way.split("__"):
        try:
            reached = reached._meta.get_field(step).related_model  # type: ignore[attr-defined]
        except (AttributeError, FieldDoesNotExist):
            return False
    return reached is Client
