"""Nothing starts without the keys of what is stored, and it is said which is missing (R49)."""

import base64
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from pytest_django import Settings

from common import encryption
from common.base import new_id
from common.key_files import lines_of
from common.key_scopes import Scope
from keys.checks import refuse_to_start_without_keys
from keys.store import store

pytestmark = pytest.mark.django_db


def entry(number: int, fill: int) -> str:
    return f"{UUID(int=number).hex}:{base64.b64encode(bytes([fill]) * 32).decode()}"


@pytest.fixture(autouse=True)
def _keyring_is_read_anew(settings: Settings) -> Iterator[None]:
    store.current(Scope("group", new_id()))
    encryption.keyring.cache_clear()
    yield
    encryption.keyring.cache_clear()


def test_with_every_key_it_starts(settings: Settings) -> None:
    settings.ENCRYPTION_KEYS = [entry(9, 9), *settings.ENCRYPTION_KEYS]
    refuse_to_start_without_keys()
    call_command("check", tags=["database"], databases=["default"])


def test_a_missing_key_is_named(settings: Settings) -> None:
    settings.ENCRYPTION_KEYS = [entry(9, 9)]
    with pytest.raises(ImproperlyConfigured, match=f"{UUID(int=1).hex} is missing: .* data keys are wrapped by it"):
        refuse_to_start_without_keys()
    with pytest.raises(SystemCheckError, match=UUID(int=1).hex):
        call_command("check", tags=["database"], databases=["default"])


def test_other_bytes_under_the_same_id_are_noticed(settings: Settings) -> None:
    settings.ENCRYPTION_KEYS = [entry(1, 9)]
    with pytest.raises(ImproperlyConfigured, match="not the one that wrapped") as refusal:
        refuse_to_start_without_keys()
    assert entry(1, 9).partition(":")[2] not in str(refusal.value)


def test_no_key_at_all_is_said(settings: Settings) -> None:
    settings.ENCRYPTION_KEYS = []
    with pytest.raises(ImproperlyConfigured, match="KITH_ENCRYPTION_KEYS is empty"):
        refuse_to_start_without_keys()
    with pytest.raises(SystemCheckError, match="KITH_ENCRYPTION_KEYS is empty"):
        call_command("check", tags=["database"], databases=["default"])


def test_keys_may_stand_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text(f"# the new one\n{entry(2, 2)}  # November\n\n{entry(1, 1)}\n")
    assert lines_of(str(file)) == [entry(2, 2), entry(1, 1)]
    assert lines_of("") == []
    with pytest.raises(OSError, match="No such file"):
        lines_of(str(tmp_path / "elsewhere"))
