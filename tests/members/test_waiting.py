"""The waiting list, its export, and the end of a wait (R17)."""

import csv
import io
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse

from common.spreadsheets import csv_file, neutralized
from groups_app.models import MembershipState
from members import services
from members.models import WaitingListEntry, WaitingOutcome
from practice.models import User
from tests.factories.groups_app import MembershipFactory
from tests.factories.members import AvailabilityFactory, ClientFactory, WaitingFactory
from tests.factories.practice import CoordinatorFactory, SiteFactory, SupervisorFactory

pytestmark = pytest.mark.django_db
PAGE = "/clients/waiting/"


@pytest.fixture(autouse=True)
def _november() -> Iterator[None]:
    """A fixed day: Sunday, November 22, 2026, noon in Brooklyn."""
    with time_machine.travel(datetime(2026, 11, 22, 17, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def desk(signed_in: Callable[[User], Browser]) -> Browser:
    """A coordinator's browser."""
    return signed_in(CoordinatorFactory())


def shown(page: str, *names: str) -> list[str]:
    """Return those of ``names`` that are on the page, in the order of the page."""
    return sorted((name for name in names if name in page), key=page.index)


def test_longest_wait_first_and_other_orders(desk: Browser) -> None:
    for name, since, site in (
        ("Zed", date(2026, 9, 1), "Austin"),
        ("Abel", date(2026, 10, 1), "Brooklyn"),
        ("Mara", date(2026, 8, 1), "Brooklyn"),
    ):
        WaitingFactory(client__last_name=name, client__site=SiteFactory(name=site), since=since)
    names = ("Zed", "Abel", "Mara")
    page = desk.get(PAGE).content.decode()
    assert shown(page, *names) == ["Mara", "Zed", "Abel"]
    assert "113 days" in page
    for order, expected in (
        ("-since", ["Abel", "Zed", "Mara"]),
        ("client__sort_key", ["Abel", "Mara", "Zed"]),
        ("client__site__name", ["Zed", "Mara", "Abel"]),
    ):
        assert shown(desk.get(PAGE, {"sort": order}).content.decode(), *names) == expected
    austin = SiteFactory(name="Austin")
    assert shown(desk.get(PAGE, {"site": austin.pk}).content.decode(), *names) == ["Zed"]
    assert shown(desk.get(PAGE, {"q": "mara"}).content.decode(), *names) == ["Mara"]


def test_days_times_and_proposals(desk: Browser) -> None:
    """What the coordinator needs to place somebody; a proposal under way is marked."""
    entry = WaitingFactory(client__last_name="Abel")
    AvailabilityFactory(client=entry.client)
    WaitingFactory(client__last_name="Zed")
    page = desk.get(PAGE).content.decode()
    assert "5:00–9:00 PM" in page
    assert "No times yet" in page
    assert "Proposed" not in page
    MembershipFactory(client=entry.client, state=MembershipState.PROPOSED, pregroup_met_on=None, starts_on=None)
    assert "Proposed" in desk.get(PAGE).content.decode()
    tuesday = desk.get(PAGE, {"day": 1}).content.decode()
    assert shown(tuesday, "Abel", "Zed") == ["Abel"]
    assert "Nobody fits" in desk.get(PAGE, {"day": 6}).content.decode()


def test_empty_list_says_what_to_do(desk: Browser, signed_in: Callable[[User], Browser]) -> None:
    assert "Import your spreadsheet" in desk.get(PAGE).content.decode()
    assert "New clients appear here." in signed_in(SupervisorFactory()).get(PAGE).content.decode()


def test_close_twice_and_undo(desk: Browser) -> None:
    """A wait ends at once and can be undone; sending either twice changes nothing more."""
    entry = WaitingFactory(since=date(2026, 9, 1))
    for _ in range(2):
        page = desk.post(reverse("members:waiting_close", args=[entry.pk]), follow=True).content.decode()
        assert "is no longer waiting." in page
        assert reverse("members:waiting_resume", args=[entry.pk]) in page
    assert not WaitingListEntry.objects.open().exists()
    for _ in range(2):
        page = desk.post(reverse("members:waiting_resume", args=[entry.pk]), follow=True).content.decode()
        assert "is waiting again." in page
    assert WaitingListEntry.objects.open().get().since == date(2026, 9, 1)


def test_undo_after_a_newer_wait_says_why_not(desk: Browser) -> None:
    entry = WaitingFactory()
    desk.post(reverse("members:waiting_close", args=[entry.pk]))
    services.open_waiting(client=entry.client, since=date(2026, 11, 22))
    page = desk.post(reverse("members:waiting_resume", args=[entry.pk]), follow=True).content.decode()
    assert "is on the waiting list already." in page


def test_whoever_got_a_place_meanwhile_is_left_alone(desk: Browser) -> None:
    """A click on a page that was open for long neither changes why the wait ended nor can undo it."""
    entry = WaitingFactory()
    services.close_waiting(client=entry.client, outcome=WaitingOutcome.PLACED, on=date(2026, 11, 20))
    for name in ("waiting_close", "waiting_resume"):
        page = desk.post(reverse(f"members:{name}", args=[entry.pk]), follow=True).content.decode()
        assert "got a place in a group meanwhile" in page
    entry.refresh_from_db()
    assert (entry.outcome, entry.closed_on) == (WaitingOutcome.PLACED, date(2026, 11, 20))


def test_export_neutralizes_formulas(desk: Browser) -> None:
    """R54: no cell of the file can run; R22: whom somebody is kept apart from is not in it."""
    entry = WaitingFactory(client__first_name="=HYPERLINK(1)", client__last_name="@Abel", client__notes="-x\n+y")
    other = ClientFactory(email="other@mail.example")
    services.keep_apart(one=entry.client, other=other, by=None)
    response = desk.get(reverse("members:waiting_export"))
    assert response.headers["Content-Disposition"] == 'attachment; filename="waiting-list-2026-11-22.csv"'
    assert response.content.startswith(b"\xef\xbb\xbf")
    header, row = csv.reader(io.StringIO(response.content.decode("utf-8-sig"), newline=""))
    cells = dict(zip(header, row, strict=True))
    assert (cells["First name"], cells["Last name"], cells["Notes"]) == ("'=HYPERLINK(1)", "'@Abel", "'-x\n+y")
    assert cells["Mobile"] == "'+17185550100"
    assert cells["Days waiting"] == "82"
    assert b"other@mail.example" not in response.content


def test_export_is_narrowed_as_the_page(desk: Browser) -> None:
    WaitingFactory(client__last_name="Abel")
    WaitingFactory(client__last_name="Zed")
    assert desk.get(reverse("members:waiting_export"), {"q": "zed"}).content.count(b"\r\n") == 2


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@x", "\tx", "\rx", "\nx"])
def test_neutralized(cell: str) -> None:
    """R54."""
    assert neutralized(cell) == f"'{cell}"
    assert neutralized("x" + cell) == "x" + cell
    assert csv_file([[cell]]).decode("utf-8-sig").lstrip('"').startswith("'")
