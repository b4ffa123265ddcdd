"""Files that only a key of the keyring opens (R49)."""

import base64
import io
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from common import encryption, sealed_files
from common.sealed_files import DamagedFile, open_stream, seal_stream

TEXT = b"canary " * 1_000


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed_files, "PIECE", 1_000)


def sealed(text: bytes = TEXT, purpose: bytes = b"test") -> bytes:
    target = io.BytesIO()
    assert seal_stream(iter([text]), target, purpose=purpose) == len(text)
    return target.getvalue()


def opened(file: bytes, purpose: bytes = b"test") -> bytes:
    return b"".join(open_stream(io.BytesIO(file), purpose=purpose))


@given(parts=st.lists(st.binary(max_size=3_000), max_size=5))
def test_what_goes_in_comes_out_however_it_is_parted(parts: list[bytes]) -> None:
    target = io.BytesIO()
    seal_stream(parts, target, purpose=b"test")
    assert opened(target.getvalue()) == b"".join(parts)


def test_nothing_of_it_can_be_read() -> None:
    assert b"canary" not in sealed()


def test_every_change_is_noticed() -> None:
    file = sealed()
    for position in range(0, len(file), 97):
        forged = bytearray(file)
        forged[position] ^= 1
        with pytest.raises(DamagedFile):
            opened(bytes(forged))


def test_every_cut_is_noticed() -> None:
    file = sealed()
    piece = 4 + 1_000 + 16
    ends = [*range(0, len(file), 311), *(len(file) - piece * number for number in range(1, 4))]
    for end in ends:
        with pytest.raises(DamagedFile):
            opened(file[:end])


def test_pieces_cannot_change_places() -> None:
    file = sealed()
    header = len(file) - 7 * (4 + 1_000 + 16)
    size = 4 + 1_000 + 16
    one, other = file[header : header + size], file[header + size : header + 2 * size]
    with pytest.raises(DamagedFile):
        opened(file[:header] + other + one + file[header + 2 * size :])


def test_a_file_for_one_purpose_does_not_open_for_another() -> None:
    with pytest.raises(DamagedFile):
        opened(sealed(purpose=b"one"), purpose=b"another")


def test_the_missing_key_is_named(settings: Settings) -> None:
    file = sealed()
    settings.ENCRYPTION_KEYS = [f"{UUID(int=9).hex}:{base64.b64encode(bytes(32)).decode()}"]
    encryption.keyring.cache_clear()
    try:
        with pytest.raises(DamagedFile, match=f"needs the key {UUID(int=1).hex}"):
            opened(file)
    finally:
        encryption.keyring.cache_clear()


def test_another_file_is_refused() -> None:
    with pytest.raises(DamagedFile, match="not a file that Kith"):
        opened(b"PGDMP something else")
