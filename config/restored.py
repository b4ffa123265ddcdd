"""Whether a restored practice is whole: its tables and rules, its trail, its keys, its texts (TRUST, restore drill)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice, zip_longest
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from audit import chain, heads
from audit.querysets import Entries
from common.encryption import EncryptedTextField, UnreadableText
from keys.checks import missing_keys
from keys.rotation import encrypted_fields

TEXTS = 100  # how many are decrypted, spread over all tables that have some


@dataclass
class Report:
    """What was looked at, and a sentence for everything that is wrong."""

    counts: dict[str, int] = field(default_factory=dict)
    texts: int = 0
    entries: int = 0
    problems: list[str] = field(default_factory=list)


def examine() -> Report:
    """Look at the database of the settings; its role is the tables' owner."""
    report = Report()
    report.problems += _missing_migrations()
    if report.problems:
        return report  # the tables are not yet those that the code knows
    report.problems += _unprotected_tables()
    report.problems += missing_keys()
    # Entries appended after the dump began are not in it, nor are they missing from it.
    exported = heads.read(until=Entries()[0].at if len(Entries()) else None)
    report.problems += exported.problems
    report.problems += chain.problems(connection, exported.heads)
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(sum(number), 0) FROM audit.heads()")
        report.entries = int(cursor.fetchone()[0])
    report.counts = {
        model._meta.label: model._base_manager.count()
        for model in apps.get_models()
        if model._meta.managed and not model._meta.proxy
    }
    for row, each in _some_texts():
        try:
            getattr(row, each.attname)
        except UnreadableText as error:
            report.problems.append(f"{error.label} of {error.row} cannot be read: {error}")
        report.texts += 1
    return report


def _missing_migrations() -> list[str]:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{len(missing)} migrations are missing: run manage.py migrate."] if missing else []


def _unprotected_tables() -> list[str]:
    """Tables with policies that are switched off, and locks of rows that are."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT c.relname FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid"
            " WHERE NOT (c.relrowsecurity AND c.relforcerowsecurity)"
        )
        problems = [f"Row-level security of {name} is off." for (name,) in cursor.fetchall()]
        cursor.execute(
            "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE NOT t.tgisinternal AND t.tgenabled = 'D'"
        )
        problems += [f"The trigger {trigger} of {table} is off." for table, trigger in cursor.fetchall()]
    return problems


def _some_texts() -> Iterator[tuple[Any, EncryptedTextField]]:
    """Yield a hundred rows to read: of every field some, of those with few all."""
    found = [
        [(row, each) for row in each.model._base_manager.only("pk", each.attname).order_by("?")[:TEXTS]]
        for each in encrypted_fields()
        # What its author alone may see, not even the program sees.
        if each.scope.kind != "author"
    ]
    return islice((pair for turn in zip_longest(*found) for pair in turn if pair), TEXTS)
