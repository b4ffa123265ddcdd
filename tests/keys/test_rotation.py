"""Keys are replaced while people work, and no text is lost (R49; TRUST, notes at rest)."""

import base64
import threading
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from pytest_django import Settings

from audit.querysets import Entries
from common import encryption
from common.acting import SYSTEM, acting_as, go_on_as
from common.clock import now
from common.key_scopes import Scope
from keys import rotation
from keys.models import DataKey
from keys.store import Store, store
from members.models import Intake
from sessions_log.models import Addendum, BoundaryEvent, GroupNote, MemberNote, Session
from tests import database
from tests.factories.groups_app import MembershipFactory
from tests.factories.members import ClientFactory
from tests.factories.practice import TherapistFactory
from tests.factories.sessions_log import SessionFactory

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


@pytest.fixture
def as_owner() -> Iterator[None]:
    """As ``manage.py rotate_keys`` runs where the owner's address is known."""
    with database.signed_in_as("DATABASE_OWNER_URL"):
        yield


@pytest.fixture
def signed() -> Session:
    """A session of which everything is signed: group note, a member's note, an addendum, a boundary event."""
    session = SessionFactory()
    membership = MembershipFactory(group=session.group)
    author = session.leaders.get().user
    about = {"session": session, "author": author, "updated_at": now()}
    BoundaryEvent.objects.create(
        session=session,
        membership=membership,
        kind="contact",
        words="canary event",
        recorded_by=author,
        recorded_at=now(),
    )
    signature = {"signed_at": now(), "signed_by": author}
    GroupNote.objects.create(parts={"theme": "canary group"}, **about, **signature)
    MemberNote.objects.create(parts={"note": "canary member"}, membership=membership, **about, **signature)
    Addendum.objects.create(session=session, text="canary addendum", author=author, written_at=now())
    return session


def signed_words(session: Session) -> list[str]:
    store.forget()
    return [
        GroupNote.objects.get().text,
        MemberNote.objects.get().text,
        Addendum.objects.get().text,
        BoundaryEvent.objects.get().words,
    ]


SIGNED_WORDS = ["canary group", "canary member", "canary addendum", "canary event"]


def test_signed_texts_get_new_keys_and_nothing_else_of_them_changes(
    signed: Session, as_owner: None, capsys: pytest.CaptureFixture[str]
) -> None:
    ciphertext = {"sessions_log_groupnote": "parts", "sessions_log_membernote": "parts"}
    ciphertext |= {"sessions_log_addendum": "text", "sessions_log_boundaryevent": "words"}

    def stored() -> list[tuple[dict[str, Any], str]]:
        found = []
        for table, column in ciphertext.items():
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT to_jsonb(t) - '{column}', t.{column}::text FROM {table} t")  # noqa: S608 (names of our own)
                found += cursor.fetchall()
        return found

    with acting_as(SYSTEM):
        before = stored()
        call_command("rotate_keys", data_keys=True, grace=0)
        after = stored()
    assert "4 texts were encrypted anew" in capsys.readouterr().out
    assert [row for row, _text in after] == [row for row, _text in before]
    assert {text for _row, text in after}.isdisjoint(text for _row, text in before)
    assert signed_words(signed) == SIGNED_WORDS


def test_who_serves_requests_finds_signed_texts_locked(signed: Session, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("rotate_keys", data_keys=True, grace=0)
    out = capsys.readouterr().out
    assert "0 texts were encrypted anew" in out
    assert "4 texts: in a signed row" in out
    assert signed_words(signed) == SIGNED_WORDS


REFUSED = {
    "another length": ({"cut": 1}, "not the same text"),
    "the retired key again": ({"again": True}, "not the same text"),
    "a ciphertext that is never locked": ({"table": "members_intake", "column": "brings"}, "permission denied"),
}


@pytest.mark.parametrize(("how", "message"), REFUSED.values(), ids=REFUSED)
def test_the_way_takes_nothing_but_the_same_text(
    signed: Session, as_owner: None, how: dict[str, Any], message: str
) -> None:
    rotation.renew()
    note = GroupNote.objects.get()
    field: Any = GroupNote._meta.get_field("parts")
    stored, place = bytes(note.__dict__["parts"]), field.place_in(note)
    fresh = bytes(encryption.seal(encryption.open_sealed(stored, place), place, field.scope.of(note)))
    value = stored if "again" in how else fresh[: len(fresh) - how.get("cut", 0)]
    where = [how.get("table", "sessions_log_groupnote"), how.get("column", "parts")]
    with pytest.raises(DatabaseError, match=message), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT kith_reseal(%s, %s, %s, %s, %s)", [*where, note.pk, stored, value])
    assert signed_words(signed) == SIGNED_WORDS
