"""Text that is readable only with a key that is not in the database (R49; TRUST, notes at rest)."""

import base64
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from common.base import new_id
from common.clock import now
from common.encryption import Ciphertext, Keyring, UnreadableText
from members.models import Intake
from tests.factories.members import ClientFactory
from tests.factories.practice import TherapistFactory

CANARY = "canary-31 what brings the client here"
PLACE = b"table\x00column\x00row"


def entry(number: int) -> str:
    """Return a key as it stands in the environment."""
    return f"{UUID(int=number).hex}:{base64.b64encode(bytes([number]) * 32).decode()}"


@pytest.fixture
def ring() -> Keyring:
    return Keyring([entry(1)])


@pytest.fixture
def intake(db: None) -> Intake:
    return Intake.objects.create(
        client=ClientFactory(), brings=CANARY, hopes="", recorded_by=TherapistFactory(), recorded_at=now()
    )


class TestKeyring:
    @given(text=st.text(st.characters(codec="utf-8")))
    def test_any_text_comes_back(self, text: str) -> None:
        ring = Keyring([entry(1)])
        assert ring.open(ring.seal(text, PLACE), PLACE) == text

    def test_the_same_text_never_looks_the_same(self, ring: Keyring) -> None:
        sealed = ring.seal(CANARY, PLACE)
        assert sealed != ring.seal(CANARY, PLACE)
        assert b"canary" not in sealed

    def test_is_bound_to_its_place(self, ring: Keyring) -> None:
        with pytest.raises(UnreadableText):
            ring.open(ring.seal(CANARY, PLACE), b"table\x00column\x00other row")

    def test_every_changed_byte_is_noticed(self, ring: Keyring) -> None:
        sealed = ring.seal("short", PLACE)
        for position in range(len(sealed)):
            forged = bytearray(sealed)
            forged[position] ^= 1
            with pytest.raises(UnreadableText):
                ring.open(bytes(forged), PLACE)

    def test_every_cut_is_noticed(self, ring: Keyring) -> None:
        sealed = ring.seal("short", PLACE)
        for length in range(len(sealed)):
            with pytest.raises(UnreadableText):
                ring.open(sealed[:length], PLACE)

    def test_old_keys_read_and_the_first_one_writes(self) -> None:
        old = Keyring([entry(1)]).seal(CANARY, PLACE)
        ring = Keyring([entry(2), entry(1)])
        assert ring.open(old, PLACE) == CANARY
        new = ring.seal(CANARY, PLACE)
        assert Keyring([entry(2)]).open(new, PLACE) == CANARY

    def test_a_lost_key_is_named_and_never_shown(self) -> None:
        with pytest.raises(UnreadableText, match=str(UUID(int=1))) as refusal:
            Keyring([entry(2)]).open(Keyring([entry(1)]).seal(CANARY, PLACE), PLACE)
        assert entry(2).partition(":")[2] not in str(refusal.value)

    @pytest.mark.parametrize(
        "entries",
        [
            [],
            ["nonsense"],
            [entry(1), "00000000000000000000000000000002"],
            [entry(1), f"{UUID(int=2).hex}:{base64.b64encode(b'k' * 16).decode()}"],
            [entry(1), f"not-a-uuid:{base64.b64encode(b'k' * 32).decode()}"],
            [entry(1), f"{UUID(int=2).hex}:not base64!"],
        ],
    )
    def test_a_key_that_cannot_be_used_stops_the_start(self, entries: list[str]) -> None:
        with pytest.raises(ImproperlyConfigured, match="KITH_ENCRYPTION_KEYS") as refusal:
            Keyring(entries)
        for one in entries:
            assert one not in str(refusal.value)


class TestField:
    def test_what_is_stored_is_unreadable(self, intake: Intake) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT brings, hopes FROM members_intake")
            brings, hopes = cursor.fetchone()
        assert b"canary" not in bytes(brings)
        assert len(bytes(hopes)) > 0  # also that nothing was written is nobody's business
        assert Intake.objects.get().brings == CANARY
        assert Intake.objects.get().hopes == ""

    def test_a_list_of_rows_decrypts_nothing(self, intake: Intake) -> None:
        (row,) = Intake.objects.all()
        assert isinstance(row.__dict__["brings"], Ciphertext)
        assert row.brings == CANARY

    def test_saving_what_was_not_read_keeps_it(self, intake: Intake) -> None:
        row = Intake.objects.get()
        row.hopes = "Be heard"
        row.save()
        again = Intake.objects.get()
        assert (again.brings, again.hopes) == (CANARY, "Be heard")

    def test_deferred_and_refreshed(self, intake: Intake) -> None:
        row = Intake.objects.defer("brings").get()
        assert row.brings == CANARY
        row.brings = "Never saved"
        row.refresh_from_db()
        assert row.brings == CANARY

    def test_written_in_bulk(self, db: None) -> None:
        author = TherapistFactory()
        rows = [
            Intake(id=new_id(), client=ClientFactory(), brings=f"{CANARY} {n}", recorded_by=author, recorded_at=now())
            for n in range(2)
        ]
        Intake.objects.bulk_create(rows)
        assert {row.brings for row in Intake.objects.all()} == {f"{CANARY} 0", f"{CANARY} 1"}

    @pytest.mark.parametrize(
        "attempt",
        [
            lambda: Intake.objects.update(brings="plain"),
            lambda: Intake.objects.filter(brings="plain").exists(),
            lambda: Intake.objects.filter(brings__contains="plain").exists(),
            lambda: list(Intake.objects.exclude(brings__startswith="p")),
        ],
    )
    def test_plain_text_never_enters_a_statement(self, intake: Intake, attempt: Any) -> None:
        with pytest.raises(FieldError):
            attempt()

    def test_is_not_serialized(self, intake: Intake) -> None:
        with pytest.raises(FieldError):
            Intake._meta.get_field("brings").value_to_string(intake)
