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
must look at nothing else that changes, at no clock and no row. ``many(UUIDField())`` declares a list, for ``…__in``;
``somebody`` an account, which filters take for its key and which answers for its roles, so that ``visible_to(user)``
and its like can be used. What comes back is a list, for nothing can be added to the query.
"""

from collections.abc import Callable, Hashable
from copy import copy
from functools import wraps
from typing import Any, TypeAlias, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Expression, Field, Model, QuerySet, UUIDField

Row = TypeVar("Row")


class many:  # noqa: N801 (reads as a word)
    """Declares a slot that takes a list of values."""

    def __init__(self, field: "Field[Any, Any]") -> None:
        self.field = field


class somebody:  # noqa: N801 (reads as a word)
    """Declares a slot that takes an account."""


Declared: TypeAlias = "Field[Any, Any] | many | type[somebody]"


class Slot(Expression):
    """Stands in a prepared read for the value that each reading brings."""

    def __init__(self, name: str, field: "Field[Any, Any]", *, is_many: bool = False) -> None:
        self.name, self.is_many = name, is_many
        super().__init__(output_field=field)

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """Write the place; the slot itself is the parameter until a value takes its place."""
        if self.is_many:
            return f"(SELECT unnest(%s::{self.output_field.db_type(connection)}[]))", [self]
        return "%s", [self]

    def value_of(self, brought: Any) -> Any:
        """Return what is sent to the database for what was brought."""
        return brought


class SomebodySlot(Slot):
    """Stands for an account of which the roles are known: they decide what kind of query it is."""

    def __init__(self, name: str, roles: tuple[str, ...]) -> None:
        self.roles = roles
        super().__init__(name, UUIDField())

    def has_role(self, *wanted: str) -> bool:
        """Whether the account holds at least one of ``wanted``."""
        return not set(wanted).isdisjoint(self.roles)

    @property
    def is_member(self) -> bool:
        """Whether this is a client's account."""
        return "member" in self.roles

    def value_of(self, brought: Any) -> Any:
        """The account's key."""
        return brought.pk


def _slot(name: str, declared: Declared, value: Any) -> Slot:
    if isinstance(declared, Field):
        return Slot(name, declared)
    return Slot(name, declared.field, is_many=True) if isinstance(declared, many) else SomebodySlot(name, value.roles)


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
        filled = tuple(one.value_of(values[one.name]) if isinstance(one, Slot) else one for one in self._parameters)
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
    **declared: Declared,
) -> Callable[[Callable[..., QuerySet[Any, Row]]], Callable[..., list[Row]]]:
    """Make a function that builds a queryset from slots into one that reads."""
    people = [name for name, one in declared.items() if one is somebody]

    def decorate(build: Callable[..., QuerySet[Any, Row]]) -> Callable[..., list[Row]]:
        readings: dict[Hashable, _Reading] = {}

        @wraps(build)
        def read(**values: Any) -> list[Row]:
            kind = {name: value for name, value in values.items() if name not in declared}
            key = (*sorted(kind.items()), *(tuple(values[name].roles) for name in people))
            reading = readings.get(key)
            if reading is None:
                slots = {name: _slot(name, one, values[name]) for name, one in declared.items()}
                reading = readings[key] = _Reading(build(**slots, **kind))
            return reading.rows(values)

        return read

    return decorate
