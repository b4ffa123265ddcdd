"""Unwrapped data keys, kept in the process for a minute: pages of one group ask for its key once."""

import base64
import os
import time
from collections.abc import Iterable, Set
from typing import Any
from uuid import UUID

import psycopg
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
    "SELECT kind, owner, id, wrapped, wrapped_by FROM keys_datakey"
    " WHERE retired_at IS NULL AND kind = ANY(%s) AND (owner = ANY(%s) OR owner IS NULL)"
)
_NEW = (
    "INSERT INTO keys_datakey (id, created_at, kind, owner, wrapped, wrapped_by) VALUES (%s, %s, %s, %s, %s, %s)"
    " ON CONFLICT DO NOTHING"
)


class Store:
    """The data keys of the database, each looked up when it is first needed and again after ``LIFETIME``."""

    def __init__(self) -> None:
        self._current: dict[Scope, tuple[float, tuple[UUID, AESGCM]]] = {}
        self._ciphers: dict[UUID, tuple[float, AESGCM]] = {}

    def current(self, scope: Scope) -> tuple[UUID, AESGCM]:
        """Return the key that encrypts now in ``scope``, making it when there is none."""
        entry = self._current.get(scope)
        return entry[1] if entry and _is_fresh(entry) else self._look_up({scope})[scope]

    def prepare(self, scopes: Iterable[Scope]) -> None:
        """Look the keys of all ``scopes`` up at once, making those that are missing, for whoever writes many rows.

        Up to ``MOST`` scopes are at hand afterwards; ``current`` looks further ones up by itself.
        """
        self._look_up({scope for scope in scopes if not _is_fresh(self._current.get(scope))})

    def cipher(self, key_id: UUID) -> AESGCM:
        """Return a key that encrypted once; raise ``UnreadableText`` when it is not there or was destroyed."""
        entry = self._ciphers.get(key_id)
        if entry and _is_fresh(entry):
            return entry[1]
        cipher = _find(key_id)
        if len(self._ciphers) >= MOST:
            self._ciphers.clear()
        self._ciphers[key_id] = (time.monotonic(), cipher)
        return cipher

    def forget(self) -> None:
        """Look every key up anew."""
        self._current.clear()
        self._ciphers.clear()

    def _look_up(self, scopes: Set[Scope]) -> dict[Scope, tuple[UUID, AESGCM]]:
        found = {scope: (key.pk, unwrapped(key)) for scope, key in current_or_new(scopes).items()}
        if len(self._current) + len(found) > MOST:
            self.forget()
        looked_up_at = time.monotonic()
        for scope, (key_id, cipher) in found.items():
            self._current[scope] = (looked_up_at, (key_id, cipher))
            self._ciphers[key_id] = (looked_up_at, cipher)
        return found


def current_or_new(scopes: Set[Scope]) -> dict[Scope, DataKey]:
    """Return the key that encrypts in each of ``scopes``; one that has none gets one, unless somebody is faster.

    On a connection of its own: the work at hand may be rolled back after this process has begun to use a key, and
    texts of other transactions must not lose it.
    """
    if not scopes:
        return {}
    with own_connection() as own:
        found = _current_of(scopes, own)
        if missing := scopes - found.keys():
            with own.cursor() as cursor:
                cursor.executemany(_NEW, [_new_row(scope) for scope in missing])
            found |= _current_of(missing, own)
    return found


def _current_of(scopes: Set[Scope], own: psycopg.Connection[Any]) -> dict[Scope, DataKey]:
    kinds, owners = {scope.kind for scope in scopes}, [scope.owner for scope in scopes if scope.owner]
    rows = own.execute(_CURRENT, [list(kinds), owners]).fetchall()
    keys = {
        Scope(kind, owner): DataKey(id=pk, kind=kind, owner=owner, wrapped=wrapped, wrapped_by=by)
        for kind, owner, pk, wrapped, by in rows
    }
    return {scope: keys[scope] for scope in scopes & keys.keys()}


def _new_row(scope: Scope) -> list[Any]:
    key = DataKey(id=new_id(), kind=scope.kind, owner=scope.owner, created_at=now())
    wrap(key, os.urandom(32))
    return [key.pk, key.created_at, key.kind, key.owner, key.wrapped, key.wrapped_by]


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


def _is_fresh(entry: tuple[float, object] | None) -> bool:
    return entry is not None and time.monotonic() - entry[0] < LIFETIME


store = Store()
