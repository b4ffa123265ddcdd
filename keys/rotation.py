"""Replacing keys while people work: no step takes a text away, and each can be repeated or broken off (TRUST, R49).

What remains to be done stands in the database itself: which key wraps a data key, which data key a value names. So an
interrupted run is continued by the next, and two runs at once do each other no harm.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from enum import Enum
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

from audit.services import record
from common.acting import SYSTEM, acting_as
from common.clock import now
from common.encryption import EncryptedTextField, UnreadableText, keyring, open_sealed, seal
from common.key_scopes import PRACTICE_KIND
from keys.models import DataKey
from keys.store import plain_of, store, wrap

BATCH = 200


class Fate(Enum):
    """What became of one text."""

    RESEALED = "encrypted anew"
    CHANGED = "saved by somebody meanwhile"
    LOCKED = "in a signed row, which only the owner of the tables may encrypt anew: keeps its key"
    UNREADABLE = "cannot be read"


Progress = Callable[[str, int, int], None]  # what, how many are done, how many there are


def rewrap(progress: Progress) -> int:
    """Wrap every data key with the first key of the keyring; return how many were wrapped by another."""
    waiting = DataKey.objects.wrapped_by_others_than(keyring().primary)
    total, done = waiting.count(), 0
    while batch := list(waiting.order_by("pk")[:BATCH]):
        for key in batch:
            former = key.wrapped_by
            wrap(key, plain_of(key))
            # Unless somebody destroyed or wrapped it meanwhile.
            done += DataKey.objects.filter(pk=key.pk, wrapped_by=former, destroyed_at__isnull=True).update(
                wrapped=key.wrapped, wrapped_by=key.wrapped_by
            )
        progress("data keys wrapped anew", done, total)
    return done


def renew() -> int:
    """Give every scope whose key is in use a new data key; the old ones only decrypt from now on. Return how many.

    Other processes may go on with the old ones for ``store.LIFETIME`` seconds.
    """
    renewed = 0
    for key in DataKey.objects.current().exclude(kind=PRACTICE_KIND).iterator():
        with transaction.atomic():
            # Compare and set: who renews the same scope at the same time finds nothing to retire.
            if not DataKey.objects.filter(pk=key.pk, retired_at__isnull=True).update(retired_at=now()):
                continue
            fresh = DataKey(kind=key.kind, owner=key.owner)
            wrap(fresh, os.urandom(32))
            fresh.save(force_insert=True)
        renewed += 1
    store.forget()
    return renewed


def reseal(progress: Progress) -> Counter[Fate]:
    """Encrypt every text whose data key is retired with the current one; return what became of them.

    Compare and set: a text that somebody saves meanwhile is not overwritten, and is asked for again in the next round.
    """
    fates: Counter[Fate] = Counter()
    for field in encrypted_fields():
        for who, retired in _retired_by_reader(field):
            with acting_as(who):
                total = _waiting(field, retired)
                for done, (row, value) in enumerate(_rows(field, retired), start=1):
                    fates[_reseal_one(field, row, value)] += 1
                    if done % BATCH == 0 or done == total:
                        progress(str(field), done, total)
    return fates


def encrypted_fields() -> list[EncryptedTextField]:
    """Return every encrypted field of every table."""
    return [
        field
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, EncryptedTextField)
    ]


def _retired_by_reader(field: EncryptedTextField) -> Iterator[tuple[Any, list[UUID]]]:
    """Yield the retired keys that may have encrypted ``field``, and for whom to act to see those rows.

    Row-level security shows an author's texts to the author alone, not even to the program.
    """
    keys = DataKey.objects.usable().filter(retired_at__isnull=False, kind=field.scope.kind)
    if field.scope.kind != "author":
        yield SYSTEM, list(keys.values_list("pk", flat=True))
        return
    for owner in keys.order_by("owner").values_list("owner", flat=True).distinct():
        yield owner, list(keys.filter(owner=owner).values_list("pk", flat=True))


def _sealed_with(field: EncryptedTextField, keys: list[UUID]) -> models.QuerySet[Any]:
    column = connection.ops.quote_name(str(field.column))
    table = connection.ops.quote_name(field.model._meta.db_table)
    # The id of the key is the value's second to seventeenth byte. No text of a person is part of the statement.
    condition = f"substr({table}.{column}, 2, 16) = ANY(%s)"
    rows = field.model._base_manager.extra(where=[condition], params=[[key.bytes for key in keys]])  # noqa: S610
    return rows.order_by("pk")


def _waiting(field: EncryptedTextField, keys: list[UUID]) -> int:
    return _sealed_with(field, keys).count() if keys else 0


def _rows(field: EncryptedTextField, keys: list[UUID]) -> Iterator[tuple[models.Model, bytes]]:
    """Yield the rows whose text one of ``keys`` encrypts, a batch at a time, and the text as it is stored."""
    rows = _sealed_with(field, keys)
    related = field.scope.lookup.rpartition("__")[0]
    if related:
        rows = rows.select_related(related)
    last: Any = None
    while batch := list((rows if last is None else rows.filter(pk__gt=last))[:BATCH]) if keys else []:
        for row in batch:
            yield row, bytes(row.__dict__[field.attname])
        last = batch[-1].pk


def _reseal_one(field: EncryptedTextField, row: models.Model, stored: bytes) -> Fate:
    place = field.place_in(row)
    try:
        fresh = bytes(seal(open_sealed(stored, place), place, field.scope.of(row)))
    except UnreadableText as error:
        record(action="text.unreadable", by=None, target=(str(field), str(row.pk)), reason=str(error))
        return Fate.UNREADABLE
    replaced = _replace(field, row, stored, fresh)
    if replaced is None:
        return Fate.LOCKED
    return Fate.RESEALED if replaced else Fate.CHANGED


def _replace(field: EncryptedTextField, row: models.Model, stored: bytes, fresh: bytes) -> bool | None:
    """Put ``fresh`` in the place of ``stored`` unless it is not there any more; ``None`` when the row stays locked.

    What is signed refuses every change but that of ``kith_reseal``, which the owner of the tables may ask for.
    """
    table, column = str(row._meta.db_table), str(field.column)
    quoted_table, quoted = (connection.ops.quote_name(name) for name in (table, column))
    update = f"UPDATE {quoted_table} SET {quoted} = %s WHERE id = %s AND {quoted} = %s"  # noqa: S608 (names of our own)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(update, [fresh, row.pk, stored])
            return bool(cursor.rowcount)
    except DatabaseError:
        pass
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT kith_reseal(%s, %s, %s, %s, %s)", [table, column, row.pk, stored, fresh])
            return bool(cursor.fetchone()[0])
    except DatabaseError:
        return None
