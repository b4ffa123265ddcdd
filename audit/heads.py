"""The heads of the chains, signed and written to a file every five minutes: what is cut off later is missed (TRUST).

A file a month, a line an export: when, which entry ended each chain, the hash of the line before, an Ed25519 signature.
The directory belongs on another machine, or is copied to one: who can change both database and files can cut both.
"""

import base64
import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from audit.chain import Heads
from common.clock import now

PATTERN = "heads-*.jsonl"
NOTHING_BEFORE = "0" * 64


@dataclass(frozen=True)
class Found:
    """What the files say: the heads of every good line, and a sentence for each line that is not."""

    heads: Heads
    problems: list[str]
    lines: int


def signing_keys() -> dict[UUID, Ed25519PrivateKey]:
    """Return the keys of ``KITH_AUDIT_KEYS`` by their ids; the first signs, all verify.

    Raises ``ImproperlyConfigured``, naming the entry's position and never its content, when one cannot be used.
    """
    keys = {}
    for position, entry in enumerate(settings.AUDIT_KEYS, start=1):
        identifier, _, encoded = entry.partition(":")
        try:
            keys[UUID(hex=identifier)] = Ed25519PrivateKey.from_private_bytes(base64.b64decode(encoded, validate=True))
        except ValueError:
            raise ImproperlyConfigured(
                f'KITH_AUDIT_KEYS: entry {position} is not "<uuid hex>:<base64 of 32 bytes>".'
            ) from None
    if not keys:
        raise ImproperlyConfigured("KITH_AUDIT_KEYS is empty: the heads of the audit trail cannot be signed.")
    return keys


def export(directory: Path | None = None) -> Path:
    """Sign the heads of all chains and add them as one line to this month's file; return the file.

    Nothing is added when nothing was appended to the trail since the last line.
    """
    directory = directory or settings.AUDIT_HEADS_DIR
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    moment = now()
    path = directory / f"heads-{moment:%Y-%m}.jsonl"
    with (directory / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        last, heads = _last_line(directory), _present_heads()
        if last and json.loads(last).get("heads") == heads:
            return path
        content = {"at": moment.isoformat(), "heads": heads, "previous": _hash_of(last)}
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "w") as file:
            file.write(_signed(content) + "\n")
            file.flush()
            os.fsync(file.fileno())
    return path


def read(directory: Path | None = None, *, until: datetime | None = None) -> Found:
    """Return what was exported to ``directory``, as far as its signatures and its order hold.

    ``until`` leaves out the heads of later exports: a restored backup cannot have them.
    """
    keys = signing_keys()
    heads: Heads = {}
    problems = []
    previous, count = NOTHING_BEFORE, 0
    for where, line in _lines(directory or settings.AUDIT_HEADS_DIR):
        count += 1
        content = _verified(line, keys)
        if content is None:
            problems.append(f"{where} does not bear a signature of KITH_AUDIT_KEYS.")
        elif content["previous"] != previous:
            problems.append(f"{where} does not continue the line before it: lines are missing.")
        if content is not None and (until is None or datetime.fromisoformat(content["at"]) <= until):
            heads.update({(chain, number): bytes.fromhex(value) for chain, number, value in content["heads"]})
        previous = _hash_of(line)
    return Found(heads, problems, count)


def _present_heads() -> list[list[Any]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT chain, number, hash FROM audit.heads()")
        return [[chain, number, bytes(value).hex()] for chain, number, value in cursor.fetchall()]


def _signed(content: dict[str, Any]) -> str:
    identifier, key = next(iter(signing_keys().items()))
    content = {**content, "key": identifier.hex}
    return _canonical({**content, "signature": key.sign(_canonical(content).encode()).hex()})


def _verified(line: str, keys: dict[UUID, Ed25519PrivateKey]) -> dict[str, Any] | None:
    try:
        content = json.loads(line)
        signature = bytes.fromhex(content.pop("signature"))
        keys[UUID(hex=content["key"])].public_key().verify(signature, _canonical(content).encode())
    except (ValueError, KeyError, TypeError, AttributeError, InvalidSignature):
        return None
    return dict(content)


def _canonical(content: dict[str, Any]) -> str:
    return json.dumps(content, sort_keys=True, separators=(",", ":"))


def _lines(directory: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(directory.glob(PATTERN)):
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), start=1):
            yield f"Line {number} of {path.name}", line


def _last_line(directory: Path) -> str:
    files = sorted(directory.glob(PATTERN))
    lines = files[-1].read_text().splitlines() if files else []
    return lines[-1] if lines else ""


def _hash_of(line: str) -> str:
    return hashlib.sha256(line.encode()).hexdigest() if line else NOTHING_BEFORE
