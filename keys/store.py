"""Unwrapped data keys, kept in the process for a minute: pages of one group ask for its key once."""

import base64
import os
import time
from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from common.base import new_id
from common.clock import now
from common.db import own_connection
from common.encryption import UnreadableText, keyring
from common.key_scopes import Scope
from keys.models import DataKey

LIFETIME = 60.0  # seconds: so long a process may go on with a key that was retired or destroyed elsewhere
MOST = 4_096  # keys kept at once

_CURRENT = (
    "SELECT id, wrapped, wrapped_by FROM keys_datakey"
    " WHERE kind = %s AND owner IS NOT DISTINCT FROM %s AND retired_at IS NULL"
)
_NEW = (
    "INSERT INTO keys_datakey (id, created_at, kind, owner, wrapped, wrapped_by) VALUES (%s, %s, %s, %s, %s, %s)"
    " ON CONFLICT DO NOTHING RETURNING id, wrapped, wrapped_by"
)

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class Store:
    """The data keys of the database, each looked up when it is first needed and again after ``LIFETIME``."""

    def __init__(self) -> None:
        self._current: dict[Scope, tuple[float, tuple[UUID, AESGCM]]] = {}
        self._ciphers: dict[UUID, tuple[float, AESGCM]] = {}

    def current(self, scope: Scope) -> tuple[UUID, AESGCM]:
        """Return the key that encrypts now in ``scope``, making it when there is none."""
        return _remembered(self._current, scope, self._find_current)

    def cipher(self, key_id: UUID) -> AESGCM:
        """Return a key that encrypted once; raise ``UnreadableText`` when it is not there or was destroyed."""
        return _remembered(self._ciphers, key_id, _find)

    def forget(self) -> None:
        """Look every key up anew."""
        self._current.clear()
        self._ciphers.clear()

    def _find_current(self, scope: Scope) -> tuple[UUID, AESGCM]:
        key = current_or_new(scope)
        cipher = unwrapped(key)
        self._ciphers[key.pk] = (time.monotonic(), cipher)
        return key.pk, cipher


def current_or_new(scope: Scope) -> DataKey:
    """Return the key that encrypts in ``scope``; give it one unless it has one or somebody is faster.

    On a connection of its own: the work at hand may be rolled back after this process has begun to use the key, and
    texts of other transactions must not lose it.
    """
    key = DataKey(id=new_id(), kind=scope.kind, owner=scope.owner, created_at=now())
    with own_connection() as own:
        found = own.execute(_CURRENT, [scope.kind, scope.owner]).fetchone()
        if found is None:
            wrap(key, os.urandom(32))
            values = [key.pk, key.created_at, key.kind, key.owner, key.wrapped, key.wrapped_by]
            found = own.execute(_NEW, values).fetchone() or own.execute(_CURRENT, [scope.kind, scope.owner]).fetchone()
    assert found is not None  # noqa: S101 (the unique index says that somebody else's row is there)
    key.pk, key.wrapped, key.wrapped_by = found
    return key


def wrap(key: DataKey, plain: bytes) -> None:
    """Put ``plain`` into ``key``, readable only with the first key of the keyring; save nothing."""
    key.wrapped = bytes(keyring().seal(base64.b64encode(plain).decode(), key.place))
    key.wrapped_by = keyring().primary


def plain_of(key: DataKey) -> bytes:
    """Return the key itself; raise ``UnreadableText`` when it was destroyed or its wrapping key is missing."""
    if key.wrapped is None:
        raise UnreadableText(f"The data key {key.pk} was destroyed.")
    return base64.b64decode(keyring().open(bytes(key.wrapped), key.place))


def unwrapped(key: DataKey) -> AESGCM:
    """Return the key ready for use."""
    return AESGCM(plain_of(key))


def _find(key_id: UUID) -> AESGCM:
    key = DataKey.objects.filter(pk=key_id).first()
    if key is None:
        raise UnreadableText(f"There is no data key {key_id}.")
    return unwrapped(key)


def _remembered(kept: dict[_Key, tuple[float, _Value]], key: _Key, find: Callable[[_Key], _Value]) -> _Value:
    entry = kept.get(key)
    if entry is not None and time.monotonic() - entry[0] < LIFETIME:
        return entry[1]
    value = find(key)
    if len(kept) >= MOST:
        kept.clear()
    kept[key] = (time.monotonic(), value)
    return value


store = Store()
