"""Files that only a key of the keyring opens, of any size, a piece at a time (R49).

``magic ‖ length of the wrapped key (2 bytes) ‖ wrapped key ‖ pieces``; a piece is ``length (4 bytes) ‖ AES-256-GCM
ciphertext``. Each file has a key of its own. The nonce of a piece is its number and whether it is the last, so that a
piece that was changed, moved, left out, or cut off at the end is refused.
"""

import base64
import os
from collections.abc import Iterable, Iterator
from typing import IO
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from common.encryption import UnreadableText, keyring

MAGIC = b"KITHFILE1\n"
PIECE = 1 << 20
_LENGTH_BYTES = 4


class DamagedFile(Exception):  # noqa: N818 (a state of the file)
    """The file is not one of ours, was changed or cut off, or its key is missing; the text says which."""


def seal_stream(source: Iterable[bytes], target: IO[bytes], *, purpose: bytes) -> int:
    """Encrypt ``source`` into ``target``; return how many bytes of plain text that were.

    ``purpose`` is authenticated: a file made for one purpose does not open for another.
    """
    key = os.urandom(32)
    wrapped = bytes(keyring().seal(base64.b64encode(key).decode(), purpose))
    header = MAGIC + len(wrapped).to_bytes(2, "big") + wrapped
    target.write(header)
    cipher, total = AESGCM(key), 0
    pieces = _pieces(source)
    number, piece = 0, next(pieces, b"")
    while True:
        following = next(pieces, None)
        body = cipher.encrypt(_nonce(number, is_last=following is None), piece, header)
        target.write(len(body).to_bytes(_LENGTH_BYTES, "big") + body)
        total += len(piece)
        if following is None:
            return total
        number, piece = number + 1, following


def open_stream(source: IO[bytes], *, purpose: bytes) -> Iterator[bytes]:
    """Yield the plain text of a file, piece by piece; raise ``DamagedFile`` before giving out what is not right.

    A file whose end is cut off is noticed at its end: use nothing of it before the last piece has come.
    """
    cipher, header = _opened_header(source, purpose)
    number, body = 0, _next_body(source)
    while body is not None:
        following = _next_body(source)
        try:
            yield cipher.decrypt(_nonce(number, is_last=following is None), body, header)
        except InvalidTag:
            raise DamagedFile("The file was changed or cut off.") from None
        number, body = number + 1, following
    if number == 0:
        raise DamagedFile("The file was cut off.")


def _opened_header(source: IO[bytes], purpose: bytes) -> tuple[AESGCM, bytes]:
    magic, size = source.read(len(MAGIC)), source.read(2)
    if magic != MAGIC or len(size) != 2:
        raise DamagedFile("This is not a file that Kith has encrypted.")
    wrapped = source.read(int.from_bytes(size, "big"))
    try:
        key = base64.b64decode(keyring().open(wrapped, purpose))
    except UnreadableText as error:
        named = f" It needs the key {UUID(bytes=wrapped[1:17]).hex}." if len(wrapped) > 17 else ""
        raise DamagedFile(f"The file cannot be opened: {error}{named}") from None
    return AESGCM(key), magic + size + wrapped


def _next_body(source: IO[bytes]) -> bytes | None:
    size = source.read(_LENGTH_BYTES)
    if not size:
        return None
    body = source.read(int.from_bytes(size, "big"))
    if len(size) != _LENGTH_BYTES or len(body) != int.from_bytes(size, "big"):
        raise DamagedFile("The file was cut off.")
    return body


def _pieces(source: Iterable[bytes]) -> Iterator[bytes]:
    """Even pieces, however the source comes."""
    waiting = bytearray()
    for part in source:
        waiting += part
        while len(waiting) >= PIECE:
            yield bytes(waiting[:PIECE])
            del waiting[:PIECE]
    if waiting:
        yield bytes(waiting)


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])
