"""Text that is readable only with a key that is not in the database (R49; TRUST, notes at rest).

A stored value is ``version (1 byte) ‖ key id (16) ‖ nonce (12) ‖ AES-256-GCM ciphertext``. Table, column, row and
version are authenticated with it, so a ciphertext moved to another row or column is refused instead of read.

Version 2 is sealed with a data key: one a group, an author, a client, as the field's ``scope`` says. The room ``keys``
keeps the data keys and provides them here. Version 1 is sealed with a key of the keyring itself: so the data keys are.
"""

import base64
import json
import os
from functools import lru_cache
from typing import Any, NoReturn, Protocol
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django import forms
from django.conf import settings
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from common.key_scopes import PRACTICE, KeyScope, Scope

VERSION = 1
DATA_KEY_VERSION = 2
_KEY_ID_BYTES = 16
_NONCE_BYTES = 12
_HEADER_BYTES = 1 + _KEY_ID_BYTES + _NONCE_BYTES


class UnreadableText(Exception):  # noqa: N818 (a state of the text)
    """A stored ciphertext was tampered with, moved from its place, or its key is gone.

    ``label`` and ``row`` say of which field and row it is, where that is known.
    """

    label = ""
    row = ""


class Ciphertext(bytes):
    """A value as it is stored; it becomes text only when somebody reads the attribute."""


class Keyring:
    """The keys of this installation: the first one encrypts, every one decrypts.

    ``entries`` are ``"<uuid hex>:<base64 of 32 bytes>"``. Raises ``ImproperlyConfigured``, naming the entry's position
    and never its content, when one cannot be used.
    """

    def __init__(self, entries: list[str]) -> None:
        self._ciphers: dict[UUID, AESGCM] = {}
        for position, entry in enumerate(entries, start=1):
            identifier, _, encoded = entry.partition(":")
            try:
                # AESGCM takes shorter keys too; a key of ours has 256 bits.
                key = _exactly_32_bytes(base64.b64decode(encoded, validate=True))
                self._ciphers[UUID(hex=identifier)] = AESGCM(key)
            except ValueError:
                raise ImproperlyConfigured(
                    f'KITH_ENCRYPTION_KEYS: entry {position} is not "<uuid hex>:<base64 of 32 bytes>".'
                ) from None
        if not self._ciphers:
            raise ImproperlyConfigured("KITH_ENCRYPTION_KEYS is empty: notes cannot be stored without a key.")
        self.primary = next(iter(self._ciphers))

    def seal(self, text: str, place: bytes) -> Ciphertext:
        """Encrypt ``text`` so that it can be read only at ``place``."""
        return _sealed(text, place, VERSION, self.primary, self._ciphers[self.primary])

    def open(self, sealed: bytes, place: bytes) -> str:
        """Return the text sealed at ``place``; raise ``UnreadableText`` if it is not exactly that."""
        version, key_id = _header_of(sealed)
        cipher = self._ciphers.get(key_id)
        if version != VERSION or cipher is None:
            raise UnreadableText(f"No key {key_id} in KITH_ENCRYPTION_KEYS.")
        return _opened(sealed, place, cipher)

    def holds(self, key_id: UUID) -> bool:
        """Whether there is a key of this id."""
        return key_id in self._ciphers


class DataKeys(Protocol):
    """Who knows the data keys: ``keys.store``, which registers itself with ``provide_data_keys``."""

    def current(self, scope: Scope) -> tuple[UUID, AESGCM]:
        """Return the key that encrypts now in ``scope``, making it when there is none."""

    def cipher(self, key_id: UUID) -> AESGCM:
        """Return a key that encrypted once; raise ``UnreadableText`` when it is not there or was destroyed."""


class _NoDataKeys:
    def current(self, scope: Scope) -> NoReturn:
        raise ImproperlyConfigured("No room has provided the data keys: is “keys” in INSTALLED_APPS?")

    def cipher(self, key_id: UUID) -> NoReturn:
        raise ImproperlyConfigured("No room has provided the data keys: is “keys” in INSTALLED_APPS?")


_data_keys: list[DataKeys] = [_NoDataKeys()]


def provide_data_keys(source: DataKeys) -> None:
    """Have texts sealed and opened with the keys of ``source`` from now on."""
    _data_keys[0] = source


def seal(text: str, place: bytes, scope: Scope) -> Ciphertext:
    """Encrypt ``text`` with the data key of ``scope`` so that it can be read only at ``place``."""
    key_id, cipher = _data_keys[0].current(scope)
    return _sealed(text, place, DATA_KEY_VERSION, key_id, cipher)


def open_sealed(sealed: bytes, place: bytes) -> str:
    """Return the text that was sealed at ``place``; raise ``UnreadableText`` if it is not exactly that."""
    version, key_id = _header_of(sealed)
    if version != DATA_KEY_VERSION:
        return keyring().open(sealed, place)
    return _opened(sealed, place, _data_keys[0].cipher(key_id))


def _sealed(text: str, place: bytes, version: int, key_id: UUID, cipher: AESGCM) -> Ciphertext:
    nonce = os.urandom(_NONCE_BYTES)
    body = cipher.encrypt(nonce, text.encode(), _authenticated(place, version))
    return Ciphertext(bytes([version]) + key_id.bytes + nonce + body)


def _header_of(sealed: bytes) -> tuple[int, UUID]:
    if len(sealed) < _HEADER_BYTES:
        raise UnreadableText("The stored text is cut off.")
    return sealed[0], UUID(bytes=bytes(sealed[1 : 1 + _KEY_ID_BYTES]))


def _opened(sealed: bytes, place: bytes, cipher: AESGCM) -> str:
    nonce, body = sealed[1 + _KEY_ID_BYTES : _HEADER_BYTES], sealed[_HEADER_BYTES:]
    try:
        return cipher.decrypt(bytes(nonce), bytes(body), _authenticated(place, sealed[0])).decode()
    except InvalidTag:
        raise UnreadableText("The stored text was changed or moved from its place.") from None


def _exactly_32_bytes(key: bytes) -> bytes:
    if len(key) != 32:
        raise ValueError("wrong length")
    return key


def _authenticated(place: bytes, version: int) -> bytes:
    return place + b"\x00" + bytes([version])


@lru_cache(maxsize=1)
def keyring() -> Keyring:
    """Return this process's keyring, made from ``settings.ENCRYPTION_KEYS``."""
    return Keyring(settings.ENCRYPTION_KEYS)


class _EncryptedAttribute(DeferredAttribute):
    """Decrypts on the first reading of the attribute, so that lists of rows decrypt nothing."""

    field: "EncryptedTextField"

    def __get__(self, instance: models.Model | None, cls: type | None = None) -> Any:
        value = super().__get__(instance, cls)
        if isinstance(value, Ciphertext) and instance is not None:
            value = self.field.from_text(self.field.opened(value, instance))
            instance.__dict__[self.field.attname] = value
        return value

    def __set__(self, instance: models.Model, value: Any) -> None:
        # With __set__ Python asks this descriptor before the instance's own dictionary, which holds the ciphertext.
        instance.__dict__[self.field.attname] = value


class EncryptedTextField(models.BinaryField):  # type: ignore[type-arg]
    """Text encrypted at rest. Needs a primary key that exists before the insert (``common.base.Record``).

    It cannot be searched, ordered or written by ``QuerySet.update``: those would need the plaintext in SQL.
    """

    descriptor_class = _EncryptedAttribute
    plain_type: type = str  # what the attribute holds once it is read

    def to_text(self, value: Any) -> str:
        """Return ``value``, an instance of ``plain_type``, as the text that is encrypted."""
        return str(value)

    def from_text(self, text: str) -> Any:
        """Return what ``to_text`` was given."""
        return text

    def __init__(self, *args: Any, scope: KeyScope = PRACTICE, **kwargs: Any) -> None:
        self.scope = scope  # whose key encrypts; no affair of the database's, so not in migrations
        kwargs.setdefault("default", "")
        kwargs.setdefault("editable", True)
        super().__init__(*args, **kwargs)

    def opened(self, value: Ciphertext, instance: models.Model) -> str:
        """Return the text of ``value`` as it stands in ``instance``; ``UnreadableText`` says which row it was."""
        try:
            return open_sealed(value, self.place_in(instance))
        except UnreadableText as error:
            error.label, error.row = f"{instance._meta.label_lower}.{self.attname}", str(instance.pk)
            raise

    def place_in(self, instance: models.Model) -> bytes:
        """Return what a ciphertext of this field in ``instance`` is bound to: table, column and row."""
        return b"\x00".join(
            [instance._meta.db_table.encode(), self.column.encode() if self.column else b"", str(instance.pk).encode()]
        )

    def from_db_value(self, value: bytes | None, expression: Any, connection: Any) -> Ciphertext | None:
        return None if value is None else Ciphertext(value)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = model_instance.__dict__.get(self.attname)
        if isinstance(value, self.plain_type):
            return seal(self.to_text(value), self.place_in(model_instance), self.scope.of(model_instance))
        return value  # never read in this process: stored again as it is

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if isinstance(value, self.plain_type):
            raise FieldError(f"{self.name} is encrypted: write it through save() or bulk_create().")
        return super().get_db_prep_value(value, connection, prepared)

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is encrypted: it cannot be searched.")
        return super().get_lookup(lookup_name)

    def _check_str_default_value(self) -> list[Any]:
        return []  # unlike a BinaryField's, the value in Python is text

    def get_default(self) -> Any:
        return str(self.default)

    def to_python(self, value: Any) -> Any:
        return value

    def value_to_string(self, obj: models.Model) -> str:
        raise FieldError(f"{self.name} is encrypted: it is not serialized.")

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        options: dict[str, Any] = {
            "required": not self.blank,
            "label": self.verbose_name,
            "help_text": self.help_text,
            "widget": forms.Textarea,
        }
        return forms.CharField(**options | kwargs)


class EncryptedPartsField(EncryptedTextField):
    """Several texts by name, encrypted together: ``{"theme": "…", "plan": "…"}``; no name is empty, no text is missing.

    Which names there are is the writer's affair, so that another kind of note needs no other column. Assign a new
    dictionary to change one: writing into the old one changes a default or is not noticed.
    """

    plain_type = dict

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", dict)
        super().__init__(*args, **kwargs)

    def to_text(self, value: Any) -> str:
        return json.dumps(value, ensure_ascii=False)

    def from_text(self, text: str) -> Any:
        return json.loads(text)

    def get_default(self) -> Any:
        return {}

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        return None  # each part has a control of its own
