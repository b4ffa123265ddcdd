"""The connection. Django finds it by the name of this module (``ENGINE`` in the settings)."""

import re
import sys
from collections.abc import Callable
from typing import Any, Self

import psycopg
from django.db import transaction
from django.db.backends.postgresql import base, operations
from django.db.backends.utils import CursorWrapper
from psycopg.types.datetime import TimestamptzLoader

from common.acting import NOBODY, acting

_TELL = "SELECT set_config('app.user_id', %s, true)"
# Other statements need no policy, and some of them refuse to run in a transaction.
_ABOUT_ROWS = re.compile(r"[\s(]*(?:SELECT|INSERT|UPDATE|DELETE|MERGE|WITH|DECLARE)\b", re.IGNORECASE)
# May come when PostgreSQL takes nothing but the end of a transaction that has failed.
_ENDING = re.compile(r"SAVEPOINT|RELEASE|ROLLBACK")


class PlannedCursor(psycopg.Cursor[Any]):
    """Sends values apart from the statement, which PostgreSQL keeps and plans once a connection.

    Moments arrive as psycopg reads them, in UTC as all connections are; Django's own way takes five times as long.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.adapters.register_loader("timestamptz", TimestamptzLoader)

    def execute(self, query: Any, params: Any = None, **options: Any) -> Self:
        """Execute what was kept, or have it kept first."""
        return super().execute(query, params, **{**options, "prepare": True})


class DatabaseOperations(operations.DatabaseOperations):
    """Knows what a ``PlannedCursor`` asked; psycopg forgets what it sends by a name."""

    def last_executed_query(self, cursor: Any, sql: str, params: Any) -> str:
        """Return the statement with its values, for who counts or explains queries."""
        if isinstance(cursor, PlannedCursor):
            return str(self.compose_sql(sql, params))
        return super().last_executed_query(cursor, sql, params)


class DatabaseWrapper(base.DatabaseWrapper):
    """Tells the open transaction, right before its first statement and whenever it changes, for whom the program acts.

    The setting is the transaction's own (``SET LOCAL``), so that it ends with it and a pooled connection carries
    nothing over. A statement outside of a transaction gets one of its own. Nobody is told nothing: then policies show
    no row.
    """

    ops_class = DatabaseOperations

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What the open transaction was told; None when a savepoint that was rolled back may have taken it back.
        self._told: str | None = NOBODY
        self.execute_wrappers.append(self._for_whom)

    def get_connection_params(self) -> dict[str, Any]:
        """Let only a ``PlannedCursor`` keep statements: of the others hardly two are the same."""
        return {**super().get_connection_params(), "prepare_threshold": sys.maxsize}

    def planned_cursor(self) -> CursorWrapper:
        """Return a cursor for a statement that is asked again and again with other values."""
        self.ensure_connection()
        cursor: CursorWrapper = self._prepare_cursor(PlannedCursor(self.connection))  # type: ignore[attr-defined]
        return cursor

    def _for_whom(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if not self.in_atomic_block and self.get_autocommit():
            if acting() == NOBODY or not _matches(_ABOUT_ROWS, sql):
                return execute(sql, params, many, context)
            with transaction.atomic(using=self.alias):
                self._tell()
                return execute(sql, params, many, context)
        if not _matches(_ENDING, sql):
            self._tell()
        return execute(sql, params, many, context)

    def _tell(self) -> None:
        whom = acting()
        if whom == self._told:
            return
        self.validate_no_broken_transaction()
        # On the driver's own cursor: this is no query of the program's.
        with self.wrap_database_errors, self.connection.cursor() as cursor:
            cursor.execute(_TELL, (whom,))
        self._told = whom

    # The ends of a transaction, and of a part of it; Django's stubs leave most of them out.
    def connect(self) -> None:
        self._told = NOBODY
        super().connect()

    def _commit(self) -> None:
        self._told = NOBODY
        super()._commit()  # type: ignore[misc]

    def _rollback(self) -> None:
        self._told = NOBODY
        super()._rollback()  # type: ignore[misc]

    def _set_autocommit(self, autocommit: bool) -> None:
        self._told = NOBODY
        super()._set_autocommit(autocommit)  # type: ignore[misc]

    def _savepoint_rollback(self, sid: str) -> None:
        self._told = None
        super()._savepoint_rollback(sid)  # type: ignore[misc]


def _matches(kind: re.Pattern[str], sql: Any) -> bool:
    """Whether the statement, which may be an object of psycopg's, is of a kind."""
    return kind.match(sql if isinstance(sql, str) else sql.as_string(None)) is not None
