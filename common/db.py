"""What Django leaves to us: from a constraint's name to a typed error, a second connection, rows by a few keys."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg
from django.contrib.postgres.expressions import ArraySubquery
from django.db import IntegrityError, connection, transaction
from django.db.models import BooleanField, Func, QuerySet


def violated_constraint(error: IntegrityError) -> str | None:
    """Return the name of the constraint that PostgreSQL says was violated, if it says."""
    diagnostics = getattr(error.__cause__, "diag", None)
    return getattr(diagnostics, "constraint_name", None)


@contextmanager
def constraint_errors(errors: Mapping[str, Callable[[], Exception]]) -> Iterator[None]:
    """Run the block in a savepoint; turn the violation of a named constraint into the error made by its callable.

    The callable runs after the savepoint was rolled back, so it may query to name what clashed. Other violations pass
    through unchanged.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        make_error = errors.get(violated_constraint(error) or "")
        if make_error is None:
            raise
        raise make_error() from error


@contextmanager
def own_connection() -> Iterator[psycopg.Connection[Any]]:
    """Open a second connection; what the block does on it is committed, whatever becomes of the work around it."""
    parameters = connection.get_connection_params()
    parameters.pop("pool", None)
    with psycopg.connect(**parameters) as own:
        yield own


class AnyOf(Func):
    """A condition: the column holds one of the few ``keys``, whose rows PostgreSQL then finds by index.

    Asked as ``column__in=keys`` it may take the keys for many and read the whole table.
    """

    template = "%(expressions)s)"
    arg_joiner = " = ANY ("
    output_field = BooleanField()

    def __init__(self, column: str, keys: "QuerySet[Any, Any]") -> None:
        super().__init__(column, ArraySubquery(keys))
