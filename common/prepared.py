"""Reads that Django puts together once a process and then only fills in.

Joining, resolving and writing a query of twenty lines takes Django longer than PostgreSQL needs to answer it, and it
does so anew at each request. A read that a busy page makes is therefore written as a function of *slots*::

    @prepared(session=UUIDField(), day=DateField())
    def roster(session, day, *, is_signed):
        rows = Membership.objects.filter(group__sessions=session, starts_on__lte=day)
        return rows.select_related("client") if is_signed else rows

    roster(session=session.pk, day=session.local_day, is_signed=True)   # a list, by one query

The function runs once for each combination of its other arguments, which say what *kind* of query it is (few, and
hashable). It gets a ``Slot`` for each declared field, to stand where a value would: as the right side of a filter; it
must look at nothing else that changes, at no clock and no row. ``many(UUIDField())`` declares a list, for ``…__in``.
What comes back is a list, for nothing can be added to the query.
"""

from collections.abc import Callable, Hashable
from copy import copy
from functools import wraps
from typing import Any, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Expression, Field, Model, QuerySet

Row = TypeVar("Row")


class many:  # noqa: N801 (reads as a word)
    """Declares a slot that takes a list of values."""

    def __init__(self, field: "Field[Any, Any]") -> None:
        self.field = field


class Slot(Expression):
    """Stands in a prepared read for the value that each reading brings."""

    def __init__(self, name: str, declared: "Field[Any, Any] | many") -> None:
        self.name = name
        self.is_many = isinstance(declared, many)
        super().__init__(output_field=declared.field if isinstance(declared, many) else declared)

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """Write the place; the slot itself is the parameter until a value takes its place."""
        if self.is_many:
            return f"(SELECT unnest(%s::{self.output_field.db_type(connection)}[]))", [self]
        return "%s", [self]


class _Reading:
    """One query, put together: its SQL, its parameters with their slots, and how rows become objects."""

    def __init__(self, queryset: QuerySet[Any]) -> None:
        self._queryset = queryset
        self._compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        try:
            self._sql, self._parameters = self._compiler.as_sql()
        except EmptyResultSet:  # this kind of query finds nothing, whatever is filled in
            self._sql, self._parameters = "", ()
            return
        columns = [column for column, _sql, _alias in self._compiler.select[: self._compiler.col_count]]
        self._converters = self._compiler.get_converters(columns)

    def rows(self, values: dict[str, Any]) -> list[Any]:
        """Ask the database, the slots filled with ``values``."""
        if not self._sql:
            return []
        filled = tuple(values[one.name] if isinstance(one, Slot) else one for one in self._parameters)
        compiler = copy(self._compiler)
        compiler.connection = connections[DEFAULT_DB_ALIAS]  # a thread's own
        compiler.as_sql = lambda *_args, **_options: (self._sql, filled)
        compiler.get_converters = lambda _columns: self._converters
        queryset = self._queryset._chain()  # type: ignore[attr-defined]
        queryset.query.get_compiler = lambda *_args, **_options: compiler
        return list(queryset)


def remember(row: Model, relation: str, related: list[Any]) -> None:
    """Let ``row.<relation>.all()`` give ``related``, as if it had been prefetched."""
    known = getattr(row, relation).all()
    known._result_cache = related
    known._prefetch_done = True
    row.__dict__.setdefault("_prefetched_objects_cache", {})[relation] = known


def prepared(
    **declared: "Field[Any, Any] | many",
) -> Callable[[Callable[..., QuerySet[Any, Row]]], Callable[..., list[Row]]]:
    """Make a function that builds a queryset from slots into one that reads."""
    slots = {name: Slot(name, field) for name, field in declared.items()}

    def decorate(build: Callable[..., QuerySet[Any, Row]]) -> Callable[..., list[Row]]:
        readings: dict[frozenset[tuple[str, Hashable]], _Reading] = {}

        @wraps(build)
        def read(**values: Any) -> list[Row]:
            kind = {name: value for name, value in values.items() if name not in slots}
            key = frozenset(kind.items())
            reading = readings.get(key)
            if reading is None:
                reading = readings[key] = _Reading(build(**slots, **kind))
            return reading.rows(values)

        return read

    return decorate
