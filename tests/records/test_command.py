"""``manage.py import_clients`` (R54)."""

from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command

from members.models import Client
from records.models import ClientImport
from tests.factories.practice import CoordinatorFactory
from tests.records.lists import GOOD_FILE, MESSY_FILE

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("three_sites"),
]
AFTER_THE_LAST_REFERRAL = "2026-11-22T17:00Z"


@time_machine.travel(AFTER_THE_LAST_REFERRAL)
def test_takes_the_practices_list_once() -> None:
    """R54: 120 clients; the second run finds them all here."""
    CoordinatorFactory()
    out = StringIO()
    call_command("import_clients", str(GOOD_FILE), stdout=out)
    assert "Taking 120 of 120" in out.getvalue()
    assert "New clients made: 120. Already here: 0." in out.getvalue()
    call_command("import_clients", str(GOOD_FILE), stdout=out)
    assert "New clients made: 0. Already here: 120." in out.getvalue()
    assert Client.objects.count() == 120


@time_machine.travel(AFTER_THE_LAST_REFERRAL)
def test_names_bad_rows_and_fails() -> None:
    """R54: every bad row with line, column and reason; the good ones are taken; the exit code says so."""
    CoordinatorFactory()
    out = StringIO()
    with pytest.raises(CommandError, match="19 of 24 rows"):
        call_command("import_clients", str(MESSY_FILE), stdout=out)
    assert "Line 20, Date of birth: “3/4/88” can mean more than one day." in out.getvalue()
    assert Client.objects.count() == 5


@time_machine.travel(AFTER_THE_LAST_REFERRAL)
def test_dry_run_leaves_nothing() -> None:
    """R54: it says what would happen, and even the upload is forgotten."""
    CoordinatorFactory()
    out = StringIO()
    with pytest.raises(CommandError, match="19 of 24 rows"):
        call_command("import_clients", str(MESSY_FILE), "--dry-run", stdout=out)
    assert "New clients would be made: 5." in out.getvalue()
    assert not Client.objects.exists()
    assert not ClientImport.objects.exists()


def test_sentences(tmp_path: Path) -> None:
    """No stack trace for what a person can put right."""
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        call_command("import_clients", str(tmp_path / "none.csv"))
    file = tmp_path / "list.csv"
    file.write_text("hello")
    with pytest.raises(CommandError, match="no such coordinator"):
        call_command("import_clients", str(file))
    user = CoordinatorFactory()
    with pytest.raises(CommandError, match="must name the columns"):
        call_command("import_clients", str(file), "--by", user.email, stdout=StringIO())
