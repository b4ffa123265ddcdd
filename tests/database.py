"""The test's database belongs to one role and is used by another, as in a practice: the owner makes, empties and drops
it; tests, views and commands sign in as ``kith_app``, whom row-level security holds.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg
import pytest
from django.db import connection
from django.db.backends.postgresql.operations import DatabaseOperations

from tests.migrated import TEMPLATE


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


def _empty_as_owner(_operations: DatabaseOperations, sql_list: list[str]) -> None:
    with connected("DATABASE_OWNER_URL") as owner:
        for statement in sql_list:
            owner.execute(statement)


def _reference_data(serialized: str) -> str:
    """What is given back after a test that commits: not Django's list of models and rights, which nobody asks."""
    unused = ("auth.", "contenttypes.")
    return json.dumps([row for row in json.loads(serialized) if not row["model"].startswith(unused)])


def connected(address: str) -> psycopg.Connection[Any]:
    """A connection to the test's database as the role that the variable ``address`` names, beside Django's."""
    parameters = psycopg.conninfo.conninfo_to_dict(os.environ[address])
    return psycopg.connect(**{**parameters, "dbname": connection.settings_dict["NAME"]})


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """The owner makes the database, a copy of one that is migrated already."""
    connection.settings_dict["TEST"]["TEMPLATE"] = TEMPLATE
    _sign_in_as("DATABASE_OWNER_URL")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The application uses it; the owner empties it after tests that commit, and drops it in the end."""
    with django_db_blocker.unblock():
        _sign_in_as("DATABASE_URL")
    if hasattr(connection, "_test_serialized_contents"):  # where a test of the run commits
        connection._test_serialized_contents = _reference_data(connection._test_serialized_contents)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "execute_sql_flush", _empty_as_owner)
        yield
    with django_db_blocker.unblock():
        _sign_in_as("DATABASE_OWNER_URL")
