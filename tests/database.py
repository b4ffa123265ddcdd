"""The test's database belongs to one role and is used by another, as in a practice: the owner makes it;
tests, views and commands sign in as ``kith_app``, whom row-level security holds.

After a test that commits, the tables are as the migrations left them: their reference data is there, nothing else.
Django empties every table and leaves the reference data to the next test that asks for it; sweeping only what was
written takes a tenth of that time, and no test needs to ask.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg
import pytest
from django.db import connection
from django.test import TransactionTestCase

from tests.migrated import TEMPLATE

# What Django keeps about the models; no test changes it.
_NOT_SWEPT = {"django_migrations", "django_content_type", "auth_permission"}
_TABLES = "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'"


def _sign_in_as(address: str) -> None:
    """From here on all connections, those of other threads too, are made with the name and password of ``address``."""
    connection.close()
    parts = urlsplit(os.environ[address])
    # One dictionary for all threads.
    connection.settings_dict.update(USER=parts.username, PASSWORD=unquote(parts.password or ""))


@contextmanager
def signed_in_as(address: str) -> Iterator[None]:
    """Let the test's connections be those of another role while the block runs."""
    _sign_in_as(address)
    try:
        yield
    finally:
        _sign_in_as("DATABASE_URL")


def connected(address: str, **options: Any) -> psycopg.Connection[Any]:
    """A connection to the test's database as the role that the variable ``address`` names, beside Django's."""
    parameters = psycopg.conninfo.conninfo_to_dict(os.environ[address])
    return psycopg.connect(**{**parameters, "dbname": connection.settings_dict["NAME"]}, **options)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> Iterator[None]:
    """The owner makes the database, a copy of one that is migrated already; it goes with the run's cluster.

    Nobody drops it: a browser's last request may still hold a connection, and what is in use cannot be dropped.
    """
    connection.settings_dict["TEST"]["TEMPLATE"] = TEMPLATE
    _sign_in_as("DATABASE_OWNER_URL")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection.creation, "_destroy_test_db", lambda *_what: connection.close_pool())
        yield


class Sweeper:
    """Gives the database back as it was when the sweeper was made."""

    def __init__(self) -> None:
        self._connection = connected("DATABASE_SWEEPER_URL", autocommit=True)
        self._connection.execute("SET session_replication_role = replica")  # no trigger, no foreign key
        self._tables = {name for (name,) in self._connection.execute(_TABLES)} - _NOT_SWEPT
        self._kept = {table: self._rows_of(table) for table in self._filled()}

    def sweep(self) -> None:
        """Delete what was written, and write what was changed or deleted."""
        for table in {*self._filled(), *self._kept}:
            if self._kept.get(table) == self._rows_of(table):
                continue
            self._connection.execute(f"DELETE FROM {table}")  # noqa: S608 (the catalogue's own quoting)
            with self._connection.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as copy:
                copy.write(self._kept.get(table, b""))

    def close(self) -> None:
        """End the connection."""
        self._connection.close()

    def _filled(self) -> list[str]:
        parts = (f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})" for table in self._tables)  # noqa: S608
        return [name for (name,) in self._connection.execute(" UNION ALL ".join(parts))]

    def _rows_of(self, table: str) -> bytes:
        with self._connection.cursor() as cursor, cursor.copy(f"COPY {table} TO STDOUT") as copy:
            return b"".join(bytes(part) for part in copy)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The application uses it; what tests commit is swept away."""
    with django_db_blocker.unblock():
        _sign_in_as("DATABASE_URL")
    sweeper = Sweeper()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: sweeper.sweep())
        yield
    sweeper.close()
