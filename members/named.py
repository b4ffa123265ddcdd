"""Whose record an address speaks of, told by the keys in it: keys are unique among all tables."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from common.acting import SYSTEM, acting_as
from common.prepared import Slot, many, prepared
from members.models import Client

# How rows that are about one client know them; rows about several, as a session, have none of these.
_WAYS = ("client", "membership__client", "signature__membership__client", "goal__membership__client", "access__client")


@acting_as(SYSTEM)
def client_named(keys: Iterable[UUID]) -> UUID | None:
    """Return the client that rows with these keys are about, or nothing when they are about nobody or several people.

    It sees every row: for the trail, which learns whose record somebody was refused, and tells that nobody else.
    """
    clients = set(_clients_of(keys=list(keys)))
    return clients.pop() if len(clients) == 1 else None


@prepared(keys=many(models.UUIDField()))
def _clients_of(keys: Slot) -> models.QuerySet[Any, UUID]:
    ways: list[tuple[type[models.Model], str]] = [(Client, "pk")]
    ways += [(model, way) for model in apps.get_models() if (way := _way_from(model))]
    first, *others = (
        model._base_manager.filter(pk__in=keys, **{f"{way}__isnull": False}).order_by().values_list(way, flat=True)
        for model, way in ways
    )
    return first.union(*others)


def _way_from(model: type[models.Model]) -> str:
    """How a row of ``model`` knows its client; nothing where it does not, or where addresses cannot speak of it."""
    if not isinstance(model._meta.pk, models.UUIDField):
        return ""
    return next((way for way in _WAYS if _leads_to_a_client(model, way)), "")


def _leads_to_a_client(model: type[models.Model], way: str) -> bool:
    reached: object = model
    for step in way.split("__"):
        try:
            reached = reached._meta.get_field(step).related_model  # type: ignore[attr-defined]
        except (AttributeError, FieldDoesNotExist):
            return False
    return reached is Client
