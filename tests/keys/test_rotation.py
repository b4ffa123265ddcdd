"""Keys are replaced while people work, and no text is lost (R49; TRUST, notes at rest)."""

import base64
import threading
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from pytest_django import Settings

from audit.querysets import Entries
from common import encryption
from common.acting import SYSTEM, go_on_as
from common.clock import now
from common.key_scopes import Scope
from keys import rotation
from keys.models import DataKey
from keys.store import Store, store
from members.models import Intake
from tests.factories.members import ClientFactory
from tests.factories.practice import TherapistFactory

pytestmark = pytest.mark.django_db(transaction=True)

# The full figure of TRUST is in benchmarks/rotation.py: 10,000 texts under live writes.
TEXTS = 200
NEW_KEY = f"{UUID(int=9).hex}:{base64.b64encode(bytes(range(32))).decode()}"


@pytest.fixture
def intakes() -> list[Intake]:
    by = TherapistFactory()
    clients = [ClientFactory() for _ in range(4)]
    return [
        Intake.objects.create(client=client, brings=f"canary {number}", recorded_by=by, recorded_at=now())
        for number, client in enumerate(clients)
    ]


@pytest.fixture
def new_key_first(settings: Settings) -> Iterator[None]:
    settings.ENCRYPTION_KEYS = [NEW_KEY, *settings.ENCRYPTION_KEYS]
    encryption.keyring.cache_clear()
    yield
    encryption.keyring.cache_clear()


def stored_keys() -> set[UUID]:
    """Which data keys the intakes name."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT brings FROM members_intake")
        return {UUID(bytes=bytes(row[0])[1:17]) for row in cursor.fetchall()}


def texts() -> list[str]:
    store.forget()
    return sorted(row.brings for row in Intake.objects.all())


def quiet(*_: Any) -> None:
    """No progress."""


def test_after_a_new_key_encryption_key_the_old_one_is_needed_no_more(
    intakes: list[Intake], new_key_first: None, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    every = DataKey.objects.usable().count()
    call_command("rotate_keys")
    assert f"data keys wrapped anew: {every} of {every}" in capsys.readouterr().out
    settings.ENCRYPTION_KEYS = [NEW_KEY]
    encryption.keyring.cache_clear()
    assert texts() == [f"canary {number}" for number in range(4)]
    call_command("rotate_keys")
    assert "0 data keys are wrapped by another key now" in capsys.readouterr().out
    assert Entries(actions=("key.rewrapped",))[0].reason == "0 data keys"


def test_new_data_keys_encrypt_every_text_anew(intakes: list[Intake], capsys: pytest.CaptureFixture[str]) -> None:
    before = stored_keys()
    call_command("rotate_keys", data_keys=True, grace=0)
    assert "12 texts were encrypted anew" in capsys.readouterr().out
    assert before.isdisjoint(stored_keys())
    assert texts() == [f"canary {number}" for number in range(4)]
    assert DataKey.objects.filter(kind="client").current().count() == 4


def test_a_run_that_was_broken_off_is_finished_without_further_keys(
    intakes: list[Intake], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rotation.renew()
    calls = iter(range(100))
    original = rotation._reseal_one

    def break_off(*arguments: Any) -> Any:
        if next(calls) == 2:
            raise KeyboardInterrupt
        return original(*arguments)

    monkeypatch.setattr(rotation, "_reseal_one", break_off)
    with pytest.raises(KeyboardInterrupt):
        rotation.reseal(quiet)
    monkeypatch.setattr(rotation, "_reseal_one", original)
    assert texts() == [f"canary {number}" for number in range(4)]
    keys = DataKey.objects.count()
    call_command("rotate_keys", data_keys=True, resume=True, grace=0)
    assert "10 texts were encrypted anew" in capsys.readouterr().out
    assert DataKey.objects.count() == keys


def test_what_somebody_saves_meanwhile_is_not_overwritten(
    intakes: list[Intake], monkeypatch: pytest.MonkeyPatch
) -> None:
    rotation.renew()
    original = rotation._reseal_one

    def save_first(field: Any, row: Any, stored: bytes) -> Any:
        if field.attname == "brings":
            fresh = Intake.objects.get(pk=row.pk)
            fresh.brings = "written meanwhile"
            fresh.save(update_fields=["brings"])
        return original(field, row, stored)

    monkeypatch.setattr(rotation, "_reseal_one", save_first)
    rotation.reseal(quiet)
    assert texts() == ["written meanwhile"] * 4


def test_what_another_process_seals_with_a_key_it_had_in_hand_stays_readable_and_is_found(
    intakes: list[Intake],
) -> None:
    intake = intakes[0]
    scope = Scope("client", intake.client_id)
    elsewhere = Store()
    elsewhere.current(scope)
    rotation.renew()
    rotation.reseal(quiet)
    encryption.provide_data_keys(elsewhere)
    try:
        intake.brings = "sealed with the old key"
        intake.save()
    finally:
        encryption.provide_data_keys(store)
    assert "sealed with the old key" in texts()
    assert rotation.reseal(quiet)[rotation.Fate.RESEALED] == 3
    assert "sealed with the old key" in texts()


def test_no_text_is_lost_while_writers_write(intakes: list[Intake]) -> None:
    """Two writers save all the time while keys are replaced twice; the last acknowledged words are there."""
    stop, said = threading.Event(), dict.fromkeys(range(2), "")

    def write(writer: int) -> None:
        go_on_as(SYSTEM)
        number = 0
        while not stop.is_set() or number < TEXTS // 4:
            number += 1
            with transaction.atomic():
                row = Intake.objects.select_for_update().get(pk=intakes[writer].pk)
                row.brings = f"writer {writer} says {number}"
                row.save()
            said[writer] = row.brings
        connection.close()

    threads = [threading.Thread(target=write, args=[writer]) for writer in said]
    for thread in threads:
        thread.start()
    try:
        for _ in range(2):
            rotation.renew()
            rotation.reseal(quiet)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    rotation.reseal(quiet)
    assert texts() == sorted([*said.values(), "canary 2", "canary 3"])


def test_a_text_that_cannot_be_read_is_named_and_stops_nothing(
    intakes: list[Intake], capsys: pytest.CaptureFixture[str]
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE members_intake SET brings = set_byte(brings, 40, 0) WHERE id = %s", [intakes[0].pk])
    call_command("rotate_keys", data_keys=True, grace=0)
    out = capsys.readouterr().out
    assert "11 texts were encrypted anew" in out
    assert "1 texts: cannot be read." in out
    entry = Entries(actions=("text.unreadable",), target=str(intakes[0].pk))[0]
    assert entry.target_label == "members.Intake.brings"
