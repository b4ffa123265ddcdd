"""Importing in the browser: who may, and each page from upload to result (R54)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.urls import reverse
from pytest_django.fixtures import Settings

from members.models import Client
from practice.models import User
from records import services
from records.models import ClientImport, ImportState
from records.tasks import check_import, take_import
from tests.factories.members import ClientFactory
from tests.factories.practice import AdministratorFactory, CoordinatorFactory, SupervisorFactory, TherapistFactory
from tests.records.lists import csv_bytes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("three_sites")]

SignIn = Callable[[User], Browser]


@pytest.fixture
def coordinator(db: None) -> User:
    """The one who imports."""
    return CoordinatorFactory()


@pytest.fixture
def desk(signed_in: SignIn, coordinator: User) -> Browser:
    """The coordinator's browser."""
    return signed_in(coordinator)


def checked(content: bytes, by: User) -> ClientImport:
    """Upload and check a list."""
    batch = services.upload(content=content, file_name="list.csv", by=by)
    services.check(import_id=batch.pk)
    batch.refresh_from_db()
    return batch


def page_of(batch: ClientImport) -> str:
    """Return the address of an import."""
    return reverse("records:import", args=[batch.pk])


def test_from_upload_to_result(desk: Browser, django_capture_on_commit_callbacks: Any) -> None:
    """R54: upload → bar → dry run → take → result, each click doing its own step."""
    file = SimpleUploadedFile("list.csv", csv_bytes({}, {"Site": "Boston"}))
    with django_capture_on_commit_callbacks() as queued:
        response = desk.post(reverse("records:new_import"), {"file": file})
    batch = ClientImport.objects.get()
    assert response.url == page_of(batch)
    assert len(queued) == 1
    page = desk.get(page_of(batch)).content.decode()
    assert "Checking the file" in page
    assert 'hx-trigger="every 1s"' in page

    check_import(str(batch.pk))
    page = desk.get(page_of(batch)).content.decode()
    assert "dry run" in page
    assert "Take the 1 good row" in page
    assert "“Boston” is not known here" in page
    assert not Client.objects.exists()
    assert "A new client on the waiting list" in desk.get(page_of(batch), {"show": "new"}).content.decode()

    with django_capture_on_commit_callbacks() as queued:
        desk.post(reverse("records:import_take", args=[batch.pk]))
    assert len(queued) == 1
    bar = desk.get(page_of(batch), headers={"HX-Request": "true"}).content.decode()
    assert '<progress value="0" max="2"' in bar
    assert "<html" not in bar

    take_import(str(batch.pk))
    assert desk.get(page_of(batch), headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    page = desk.get(page_of(batch), {"show": "new"}).content.decode()
    assert "1 client taken" in page
    assert reverse("members:detail", args=[Client.objects.get().pk]) in page


def test_take_twice(desk: Browser, coordinator: User) -> None:
    """A double click takes once."""
    batch = checked(csv_bytes({}), coordinator)
    for _ in range(2):
        assert desk.post(reverse("records:import_take", args=[batch.pk])).status_code == 302
    take_import(str(batch.pk))
    assert desk.post(reverse("records:import_take", args=[batch.pk])).status_code == 302
    assert Client.objects.count() == 1


def test_take_before_the_check_says_why(desk: Browser, coordinator: User) -> None:
    batch = services.upload(content=csv_bytes({}), file_name="list.csv", by=coordinator)
    page = desk.post(reverse("records:import_take", args=[batch.pk]), follow=True)
    assert "must be checked before" in page.content.decode()


def test_resume_wakes_the_right_worker(
    desk: Browser, coordinator: User, django_capture_on_commit_callbacks: Any
) -> None:
    """A bar that stands still can be set going; a finished import cannot."""
    waiting = services.upload(content=csv_bytes({}), file_name="list.csv", by=coordinator)
    taking = checked(csv_bytes({}), coordinator)
    services.start_taking(import_id=taking.pk)
    for batch, task in ((waiting, check_import), (taking, take_import)):
        with django_capture_on_commit_callbacks() as queued:
            desk.post(reverse("records:import_resume", args=[batch.pk]))
        assert [callback.func for callback in queued] == [task.delay]
    take_import(str(taking.pk))
    with django_capture_on_commit_callbacks() as queued:
        desk.post(reverse("records:import_resume", args=[taking.pk]))
    assert queued == []


def test_discard(desk: Browser, coordinator: User) -> None:
    batch = checked(csv_bytes({}), coordinator)
    address = reverse("records:import_discard", args=[batch.pk])
    assert "was discarded" in desk.post(address, follow=True).content.decode()
    assert desk.post(address).status_code == 404
    taken = checked(csv_bytes({}), coordinator)
    services.start_taking(import_id=taken.pk)
    page = desk.post(reverse("records:import_discard", args=[taken.pk]), follow=True).content.decode()
    assert "stays in the list" in page
    assert ClientImport.objects.get().state == ImportState.TAKING


def test_unreadable_file(desk: Browser, coordinator: User) -> None:
    page = desk.get(page_of(checked(b"hello", coordinator))).content.decode()
    assert "This file cannot be read" in page
    assert "must name the columns" in page


def test_upload_form_refuses(desk: Browser, settings: Settings) -> None:
    """No file, an empty one, one too large: said at the field."""
    address = reverse("records:new_import")
    assert "Choose a file." in desk.post(address).content.decode()
    assert "The file is empty." in desk.post(address, {"file": SimpleUploadedFile("a.csv", b"")}).content.decode()
    settings.IMPORT_MAX_BYTES = 10
    page = desk.post(address, {"file": SimpleUploadedFile("a.csv", b"x" * 11)}).content.decode()
    assert "larger than" in page
    assert "<title>Error:" in page
    assert not ClientImport.objects.exists()


@pytest.mark.parametrize("factory", [TherapistFactory, SupervisorFactory, AdministratorFactory])
def test_only_coordinators(factory: Any, signed_in: SignIn, coordinator: User) -> None:
    """R43: for everybody else these pages do not exist."""
    batch = checked(csv_bytes({}), coordinator)
    browser = signed_in(factory())
    for name in ("imports", "new_import"):
        assert browser.get(reverse(f"records:{name}")).status_code == 404
    assert browser.post(reverse("records:new_import")).status_code == 404
    assert browser.get(page_of(batch)).status_code == 404
    for name in ("import_take", "import_resume", "import_discard"):
        assert browser.post(reverse(f"records:{name}", args=[batch.pk])).status_code == 404
    batch.refresh_from_db()
    assert batch.state == ImportState.CHECKED


def test_verbs(desk: Browser, coordinator: User) -> None:
    batch = checked(csv_bytes({}), coordinator)
    for name in ("import_take", "import_resume", "import_discard"):
        assert desk.get(reverse(f"records:{name}", args=[batch.pk])).status_code == 405
    assert desk.post(page_of(batch)).status_code == 405
    assert desk.post(reverse("records:imports")).status_code == 405


@pytest.mark.parametrize("rows", [1, 3])
def test_queries(rows: int, desk: Browser, coordinator: User, django_assert_num_queries: Any) -> None:
    """The same number of queries however many rows there are."""
    for _ in range(rows):
        batch = checked(csv_bytes(*[{"Site": "Boston"}] * rows), coordinator)
    with django_assert_num_queries(6):
        desk.get(reverse("records:imports"))
    with django_assert_num_queries(8):
        desk.get(page_of(batch))
    ClientFactory(email="row0@mail.example")
    known = checked(csv_bytes(*[{}] * rows), coordinator)
    with django_assert_num_queries(8):
        desk.get(page_of(known), {"show": "known"})
