"""Nothing in the trail is changed, taken out, moved or cut off unnoticed (R42; TRUST, audit)."""

import base64
import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from pytest_django import Settings

from audit import chain, heads
from audit.services import record_apart
from audit.tasks import export_heads
from tests.database import connected

pytestmark = pytest.mark.django_db

# The full thousand takes a quarter of a minute: AUDIT_TAMPERINGS=1000.
ROUNDS = int(os.environ.get("AUDIT_TAMPERINGS", "200"))
TEXTS = ["action", "actor_roles", "target_label", "target_id", "reason", "address", "request_id"]


@pytest.fixture
def owner() -> Iterator[psycopg.Connection[Any]]:
    """The owner, who may do anything, with two chains of thirty entries; all of it is rolled back."""
    with connected("DATABASE_OWNER_URL") as connection:
        connection.execute("ALTER TABLE audit.entry DISABLE TRIGGER USER")
        for number in range(30):
            connection.execute(
                "SELECT audit.append(%s, gen_random_uuid(), 'therapist', 'members.client', %s,"
                " ARRAY[gen_random_uuid()], 'reason', '203.0.113.9', 'r-1')",
                [f"client.read{number}", str(number)],
            )
        yield connection
        connection.rollback()


@pytest.fixture
def exported(owner: psycopg.Connection[Any]) -> chain.Heads:
    return {(row[0], row[1]): bytes(row[2]) for row in owner.execute("SELECT * FROM audit.heads()")}


def ours(owner: psycopg.Connection[Any]) -> tuple[int, list[int]]:
    """The chain that the fixture wrote to, and the last thirty numbers of it."""
    (number,) = owner.execute("SELECT chain FROM audit.entry WHERE action = 'client.read29'").fetchone() or (0,)
    rows = owner.execute("SELECT number FROM audit.entry WHERE chain = %s ORDER BY number DESC LIMIT 30", [number])
    return number, sorted(row[0] for row in rows)


def edit(owner: psycopg.Connection[Any], dice: random.Random, number: int, numbers: list[int]) -> None:
    column = dice.choice([*TEXTS, "at", "client_id", "actor_id", "id", "hash", "previous"])
    change = {
        "at": "at - interval '1 microsecond'",
        "client_id": "gen_random_uuid()",
        "actor_id": "NULL",
        "id": "gen_random_uuid()",
        "hash": "sha256(hash)",
        "previous": "sha256(previous)",
    }.get(column, f"{column} || 'x'")
    owner.execute(
        f"UPDATE audit.entry SET {column} = {change} WHERE chain = %s AND number = %s",  # noqa: S608
        [number, dice.choice(numbers)],
    )


def delete(owner: psycopg.Connection[Any], dice: random.Random, number: int, numbers: list[int]) -> None:
    gone = dice.sample(numbers[:-1], dice.randint(1, 5))
    owner.execute("DELETE FROM audit.entry WHERE chain = %s AND number = ANY(%s)", [number, gone])


def delete_and_close_the_gap(
    owner: psycopg.Connection[Any], dice: random.Random, number: int, numbers: list[int]
) -> None:
    gone = dice.choice(numbers[:-1])
    owner.execute("DELETE FROM audit.entry WHERE chain = %s AND number = %s", [number, gone])
    for later in range(gone + 1, numbers[-1] + 1):
        owner.execute("UPDATE audit.entry SET number = number - 1 WHERE chain = %s AND number = %s", [number, later])


def reorder(owner: psycopg.Connection[Any], dice: random.Random, number: int, numbers: list[int]) -> None:
    one, other = dice.sample(numbers, 2)
    for old, new in ((one, 10**9), (other, one), (10**9, other)):
        owner.execute("UPDATE audit.entry SET number = %s WHERE chain = %s AND number = %s", [new, number, old])


def cut(owner: psycopg.Connection[Any], dice: random.Random, number: int, numbers: list[int]) -> None:
    owner.execute("DELETE FROM audit.entry WHERE chain = %s AND number >= %s", [number, dice.choice(numbers)])


def rewrite(owner: psycopg.Connection[Any], dice: random.Random, number: int, numbers: list[int]) -> None:
    """Change an entry and make every later hash anew: without the exported heads nobody would notice."""
    changed = dice.choice(numbers)
    owner.execute("UPDATE audit.entry SET reason = 'x' WHERE chain = %s AND number = %s", [number, changed])
    for each in range(changed, numbers[-1] + 1):
        owner.execute(
            "UPDATE audit.entry e SET previous = coalesce((SELECT hash FROM audit.entry p WHERE p.chain = e.chain"
            " AND p.number = e.number - 1), e.previous) WHERE chain = %s AND number = %s",
            [number, each],
        )
        owner.execute(
            "UPDATE audit.entry e SET hash = audit.digest(e) WHERE chain = %s AND number = %s", [number, each]
        )


TAMPERINGS: list[Callable[..., None]] = [edit, delete, delete_and_close_the_gap, reorder, cut, rewrite]


def test_the_untouched_trail_is_whole(owner: psycopg.Connection[Any], exported: chain.Heads) -> None:
    assert list(chain.problems(owner, exported)) == []
    assert list(chain.problems(owner, {})) == []


def test_every_random_tampering_is_found(owner: psycopg.Connection[Any], exported: chain.Heads) -> None:
    dice = random.Random(42)  # noqa: S311
    number, numbers = ours(owner)
    for round_number in range(ROUNDS):
        tamper = TAMPERINGS[round_number % len(TAMPERINGS)]
        with owner.transaction(force_rollback=True):
            tamper(owner, dice, number, numbers)
            assert next(chain.problems(owner, exported), ""), f"{tamper.__name__} in round {round_number}"
    assert list(chain.problems(owner, exported)) == []


def test_without_heads_a_cut_is_not_noticed_which_is_why_they_are_exported(
    owner: psycopg.Connection[Any], exported: chain.Heads
) -> None:
    number, numbers = ours(owner)
    cut(owner, random.Random(1), number, numbers)  # noqa: S311
    assert list(chain.problems(owner, {})) == []
    assert "was cut" in list(chain.problems(owner, exported))[-1]


class TestHeads:
    @pytest.fixture
    def directory(self, tmp_path: Path, settings: Settings) -> Path:
        settings.AUDIT_HEADS_DIR = tmp_path / "heads"
        for _ in range(3):
            record_apart(action="audit.tested", by=None)
            export_heads()
        return tmp_path / "heads"

    def test_exported_heads_are_read_back_and_the_trail_agrees(
        self, directory: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert heads.read().lines == 3
        call_command("verify_audit")
        assert "3 exports of heads" in capsys.readouterr().out

    def test_nothing_new_adds_no_line(self, directory: Path) -> None:
        export_heads()
        assert heads.read().lines == 3

    @pytest.mark.parametrize(
        ("damage", "said"),
        [
            (lambda lines: [lines[0].replace('"heads":[[', '"heads":[[7,7,"00"],['), *lines[1:]], "bear a signature"),
            (lambda lines: ["nonsense", *lines[1:]], "bear a signature"),
            (lambda lines: [lines[0], lines[2]], "lines are missing"),
            (lambda lines: [lines[1], lines[0], lines[2]], "lines are missing"),
        ],
    )
    def test_a_changed_file_is_noticed(self, directory: Path, damage: Any, said: str) -> None:
        (file,) = directory.glob("*.jsonl")
        file.write_text("\n".join(damage(file.read_text().splitlines())) + "\n")
        assert said in heads.read().problems[0]
        with pytest.raises(CommandError, match="tampered"):
            call_command("verify_audit")

    def test_lines_signed_with_a_replaced_key_stay_good_while_it_is_listed(
        self, directory: Path, settings: Settings
    ) -> None:
        old = settings.AUDIT_KEYS
        new = "00000000000000000000000000000009:" + base64.b64encode(bytes(32)).decode()
        settings.AUDIT_KEYS = [new, *old]
        record_apart(action="audit.tested", by=None)
        export_heads()
        assert heads.read().problems == []
        settings.AUDIT_KEYS = [new]
        assert len(heads.read().problems) == 3

    @pytest.mark.parametrize("entries", [[], ["nonsense"], ["00000000000000000000000000000009:AAAA"]])
    def test_a_key_that_cannot_be_used_is_refused(self, settings: Settings, entries: list[str]) -> None:
        settings.AUDIT_KEYS = entries
        with pytest.raises(ImproperlyConfigured, match="KITH_AUDIT_KEYS"):
            export_heads()

    def test_before_the_first_export_it_is_said(
        self, settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        settings.AUDIT_HEADS_DIR = tmp_path
        call_command("verify_audit", heads=tmp_path)
        assert "No heads were exported yet" in capsys.readouterr().out
