"""Upload, check, take: nothing half, nothing twice, the bar always true (R54)."""

import threading
from datetime import date

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from common.acting import SYSTEM, acting_as
from members.models import Channel, Client, KeepApart, WaitingListEntry
from practice.models import Site, User
from records import services
from records.models import ClientImport, ImportState, RowVerdict
from records.parsing import FileRefused
from tests.factories.members import ClientFactory
from tests.factories.practice import CoordinatorFactory
from tests.records.lists import csv_bytes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("three_sites")]


@pytest.fixture
def coordinator(db: None) -> User:
    """The one who imports."""
    return CoordinatorFactory()


def uploaded(content: bytes, by: User) -> ClientImport:
    """Upload a file."""
    return services.upload(content=content, file_name="list.csv", by=by)


def run(batch: ClientImport) -> ClientImport:
    """Check and take."""
    services.check(import_id=batch.pk)
    services.start_taking(import_id=batch.pk)
    services.take(import_id=batch.pk)
    batch.refresh_from_db()
    return batch


def verdicts(batch: ClientImport) -> list[str]:
    """Return the verdict of every row in order."""
    return list(batch.rows.values_list("verdict", flat=True))


def test_check_changes_nothing_but_verdicts(coordinator: User) -> None:
    """R54: a dry run."""
    ClientFactory(email="known@mail.example")
    batch = uploaded(csv_bytes({}, {"Email": "known@mail.example"}, {"Site": "Boston"}), coordinator)
    services.check(import_id=batch.pk)
    batch.refresh_from_db()
    assert batch.state == ImportState.CHECKED
    assert (batch.rows_done, batch.rows_total) == (3, 3)
    assert verdicts(batch) == [RowVerdict.NEW, RowVerdict.KNOWN, RowVerdict.BAD]
    bad = batch.rows.get(verdict=RowVerdict.BAD)
    assert (bad.line, bad.label) == (4, "Imani Adair")
    assert bad.problems[0]["column"] == "Site"
    assert Client.objects.count() == 1
    assert not WaitingListEntry.objects.exists()


def test_take_makes_whole_clients(coordinator: User) -> None:
    """R54: the client with consents, hours, areas, the wait from the referral date, and pairs, whoever names whom."""
    rows = [
        {"Email": "a@mail.example", "Keep apart from": "b@mail.example; here@mail.example"},
        {"Email": "b@mail.example", "Contact by": "email"},
        {"Site": "Boston"},
    ]
    here = ClientFactory(email="here@mail.example")
    batch = run(uploaded(csv_bytes(*rows), coordinator))
    assert batch.state == ImportState.TAKEN
    assert bytes(batch.content) == b""
    assert batch.finished_at is not None
    assert batch.rows_done == batch.rows_total == 3
    one, other = Client.objects.get(email="a@mail.example"), Client.objects.get(email="b@mail.example")
    assert [(area.area.code, area.is_primary) for area in one.client_problem_areas.all()] == [
        ("role-disputes", True),
        ("grief", False),
    ]
    assert [str(span) for span in one.availabilities.all()] == ["Monday 16:00-19:00", "Thursday 18:00-21:00"]
    assert set(one.consents.in_force().values_list("channel", flat=True)) == {Channel.EMAIL, Channel.TEXT}
    assert one.consents.get(channel=Channel.TEXT).recorded_by == coordinator
    assert one.waiting_entries.get().since == date(2026, 9, 1)
    assert KeepApart.objects.counterparts_of({one.pk}) == {one.pk: {other.pk, here.pk}}
    assert not Client.objects.filter(site__name="Boston").exists()


def test_twice_makes_no_duplicate(coordinator: User) -> None:
    """R54: taking again, and importing the same file again, finds everybody here already."""
    content = csv_bytes({"Email": "a@mail.example", "Keep apart from": "b@mail.example"}, {"Email": "b@mail.example"})
    batch = run(uploaded(content, coordinator))
    services.start_taking(import_id=batch.pk)
    services.take(import_id=batch.pk)
    services.check(import_id=batch.pk)
    again = run(uploaded(content, coordinator))
    assert verdicts(batch) == [RowVerdict.NEW, RowVerdict.NEW]
    assert verdicts(again) == [RowVerdict.KNOWN, RowVerdict.KNOWN]
    assert Client.objects.count() == WaitingListEntry.objects.count() == 2
    assert KeepApart.objects.count() == 1


def test_corrected_file_completes_the_pairs(coordinator: User) -> None:
    """R22: who was refused because of a counterpart's bad line comes with the corrected file, pair and all."""
    rows = [{"Email": "a@mail.example", "Keep apart from": "b@mail.example"}, {"Email": "b@mail.example"}]
    batch = uploaded(csv_bytes(rows[0], rows[1] | {"Site": "Boston"}, {}), coordinator)
    assert verdicts(run(batch)) == [RowVerdict.BAD, RowVerdict.BAD, RowVerdict.NEW]
    run(uploaded(csv_bytes(*rows, {}), coordinator))
    assert Client.objects.count() == 3
    assert KeepApart.objects.count() == 1


def test_goes_on_after_an_interruption(coordinator: User) -> None:
    """R54: a worker that dies between two rows loses and doubles nothing, in either phase."""

    class DiedError(Exception):
        pass

    def die_after_two(done: int, total: int) -> None:
        if done >= 2:
            raise DiedError

    batch = uploaded(csv_bytes(*[{}] * 5), coordinator)
    services.check(import_id=batch.pk)
    services.start_taking(import_id=batch.pk)
    with pytest.raises(DiedError):
        services.take(import_id=batch.pk, progress=die_after_two)
    batch.refresh_from_db()
    assert (batch.state, batch.rows_done, Client.objects.count()) == (ImportState.TAKING, 2, 2)
    services.take(import_id=batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.rows_done, Client.objects.count()) == (ImportState.TAKEN, 5, 5)
    assert verdicts(batch) == [RowVerdict.NEW] * 5


def test_checking_goes_on_after_an_interruption(coordinator: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "CHECKED_AT_ONCE", 2)
    seen: list[tuple[int, int]] = []
    batch = uploaded(csv_bytes(*[{}] * 5), coordinator)

    def die_once(done: int, total: int) -> None:
        seen.append((done, total))
        if len(seen) == 1:
            raise RuntimeError

    with pytest.raises(RuntimeError):
        services.check(import_id=batch.pk, progress=die_once)
    services.check(import_id=batch.pk, progress=die_once)
    assert seen == [(2, 5), (4, 5), (5, 5)]
    assert batch.rows.count() == 5


def test_row_that_became_bad_since_the_dry_run(coordinator: User) -> None:
    """R54: a site renamed meanwhile spoils its rows, not the others."""
    batch = uploaded(csv_bytes({}, {"Site": "Austin"}), coordinator)
    services.check(import_id=batch.pk)
    services.start_taking(import_id=batch.pk)
    Site.objects.filter(name="Austin").update(name="Round Rock")
    services.take(import_id=batch.pk)
    assert verdicts(batch) == [RowVerdict.NEW, RowVerdict.BAD]


def test_unreadable_file_is_refused_and_forgotten(coordinator: User) -> None:
    batch = uploaded(b"hello\nworld", coordinator)
    services.check(import_id=batch.pk)
    batch.refresh_from_db()
    assert batch.state == ImportState.REFUSED
    assert "must name the columns" in batch.refusal
    assert bytes(batch.content) == b""
    with pytest.raises(services.NotReady):
        services.start_taking(import_id=batch.pk)


def test_refusals(coordinator: User, settings: Settings) -> None:
    batch = uploaded(csv_bytes({"Site": "Boston"}), coordinator)
    with pytest.raises(services.NotReady, match="must be checked"):
        services.start_taking(import_id=batch.pk)
    services.check(import_id=batch.pk)
    with pytest.raises(services.NotReady, match="No row of this file"):
        services.start_taking(import_id=batch.pk)
    settings.IMPORT_MAX_BYTES = 10
    with pytest.raises(FileRefused, match="larger than"):
        uploaded(b"x" * 11, coordinator)


def test_discard(coordinator: User) -> None:
    """What nobody wants is forgotten; what clients came from stays."""
    batch = uploaded(csv_bytes({}), coordinator)
    services.check(import_id=batch.pk)
    services.discard(import_id=batch.pk)
    assert not ClientImport.objects.exists()
    taken = run(uploaded(csv_bytes({}), coordinator))
    with pytest.raises(services.NotReady):
        services.discard(import_id=taken.pk)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once(coordinator: User) -> None:
    """R54: two workers on one import, and a third on the same file uploaded twice, make each client once."""
    rows = [{"Email": f"p{number}@mail.example"} for number in range(12)]
    rows[0]["Keep apart from"] = "p11@mail.example"
    first, second = uploaded(csv_bytes(*rows), coordinator), uploaded(csv_bytes(*reversed(rows)), coordinator)
    for batch in (first, second):
        services.check(import_id=batch.pk)
        services.start_taking(import_id=batch.pk)
    failures: list[BaseException] = []
    gate = threading.Barrier(3)

    def work(batch: ClientImport) -> None:
        try:
            gate.wait()
            services.take(import_id=batch.pk)
        except BaseException as error:  # noqa: BLE001 - reported below
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=acting_as(SYSTEM)(work), args=[batch]) for batch in (first, first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert Client.objects.count() == WaitingListEntry.objects.count() == 12
    assert KeepApart.objects.count() == 1
    for batch in (first, second):
        batch.refresh_from_db()
        assert (batch.state, batch.rows_done) == (ImportState.TAKEN, 12)
    assert (verdicts(first) + verdicts(second)).count(RowVerdict.NEW) == 12
