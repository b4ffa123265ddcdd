"""Reads that Django puts together once a process, PostgreSQL plans once a connection, and a visit only fills in.

Joining, resolving and writing a query of twenty lines takes Django longer than PostgreSQL needs to answer it, and
planning it with the policies of its tables takes PostgreSQL as long as running it; both do so anew at each request.
A read that a busy page makes is therefore written as a function of *slots*::

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

import re
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
        """Write the place; the slot itself is the parameter until its name takes its place."""
        return "(SELECT unnest(%s))" if self.is_many else "%s", [self]

    def placeholder(self, connection: Any) -> str:
        """Write what stands for the value in the statement, wherever it stands, with the type that it has."""
        return f"%({self.name})s::{self.output_field.db_type(connection)}{'[]' if self.is_many else ''}"

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


_PLACES = re.compile("%[s%]")


def _statement(sql: str, parameters: Any, connection: Any) -> str:
    """Return the statement: what is filled in stands there by its name, every other value is written out."""
    values = iter(parameters)

    def fill(place: re.Match[str]) -> str:
        if place[0] == "%%":
            return "%%"
        value = next(values)
        if isinstance(value, Slot):
            return value.placeholder(connection)
        literal: str = connection.ops.compose_sql("%s", [value])
        return literal.replace("%", "%%")

    return _PLACES.sub(fill, sql)


class _Reading:
    """One query, put together: its statement with names for its slots, and how rows become objects."""

    def __init__(self, queryset: QuerySet[Any]) -> None:
        self._queryset = queryset
        self._compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        try:
            sql, parameters = self._compiler.as_sql()
        except EmptyResultSet:  # this kind of query finds nothing, whatever is filled in
            self._sql = ""
            return
        self._sql = _statement(sql, parameters, connections[DEFAULT_DB_ALIAS])
        self._slots = [one for one in parameters if isinstance(one, Slot)]
        columns = [column for column, _sql, _alias in self._compiler.select[: self._compiler.col_count]]
        self._converters = self._compiler.get_converters(columns)

    def rows(self, values: dict[str, Any]) -> list[Any]:
        """Ask the database, the slots filled with ``values``."""
        if not self._sql:
            return []
        filled = {slot.name: slot.value_of(values[slot.name]) for slot in self._slots}
        compiler = copy(self._compiler)
        compiler.connection = connections[DEFAULT_DB_ALIAS]  # a thread's own
        compiler.execute_sql = lambda *_args, **_options: [self._ask(compiler, filled)]
        compiler.get_converters = lambda _columns: self._converters
        queryset = self._queryset._chain()  # type: ignore[attr-defined]
        queryset.query.get_compiler = lambda *_args, **_options: compiler
        return list(queryset)

    def _ask(self, compiler: Any, filled: dict[str, Any]) -> list[Any]:
        with compiler.connection.planned_cursor() as cursor:
            cursor.execute(self._sql, filled)
            rows: list[Any] = cursor.fetchall()
        return [row[: compiler.col_count] for row in rows] if compiler.has_extra_select else rows


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
