"""Pages of clients: who may, what is shown, what a form keeps."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import F
from django.test import Client as Browser
from django.urls import reverse

from groups_app.models import MembershipState
from members import services
from members.models import Channel, Client, Intake, KeepApart, ProblemArea
from practice.models import Site, User
from tests.factories.groups_app import GroupFactory, MembershipFactory
from tests.factories.members import AvailabilityFactory, ClientFactory, ConsentFactory, WaitingFactory
from tests.factories.practice import (
    AdministratorFactory,
    CoordinatorFactory,
    MemberUserFactory,
    SiteFactory,
    SupervisorFactory,
    TherapistFactory,
)

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Browser]
FORMS = ("edit", "consents", "intake", "keep_apart_add")


def address(name: str, client: Client) -> str:
    """Return the address of a client's page."""
    return reverse(f"members:{name}", args=[client.pk])


def typed(site: Site, **changes: Any) -> dict[str, Any]:
    """Return what somebody types into the form of a new client."""
    return {
        "first_name": "Imani",
        "last_name": "Adair",
        "birth_date_month": "3",
        "birth_date_day": "4",
        "birth_date_year": "1988",
        "email": "Imani@mail.example",
        "mobile": "718 555 0100",
        "site": site.pk,
        "referral_date": "9/1/2026",
        "channels": ["email", "text"],
        "times-TOTAL_FORMS": "2",
        "times-INITIAL_FORMS": "0",
        "times-0-weekday": "0",
        "times-0-starts": "16:00",
        "times-0-ends": "7 PM",
        **changes,
    }


@pytest.fixture
def desk(signed_in: SignIn) -> Browser:
    """A coordinator's browser."""
    return signed_in(CoordinatorFactory())


# --- Who may --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("factory", [AdministratorFactory, MemberUserFactory, TherapistFactory])
def test_outsiders_find_nothing(factory: Any, signed_in: SignIn) -> None:
    """R43: administrators, members and other groups' therapists get 404 for every page of a client."""
    entry = WaitingFactory()
    browser = signed_in(factory())
    for name in ("detail", *FORMS):
        assert browser.get(address(name, entry.client)).status_code == 404
    for name in FORMS:
        assert browser.post(address(name, entry.client)).status_code == 404
    for name in ("new", "waiting", "waiting_export"):
        assert browser.get(reverse(f"members:{name}")).status_code == 404
    for name in ("waiting_close", "waiting_resume"):
        assert browser.post(reverse(f"members:{name}", args=[entry.pk])).status_code == 404
    entry.refresh_from_db()
    assert entry.closed_on is None


def test_coordinator_finds_no_intake(desk: Browser) -> None:
    """R7, R43: the page does not exist for the desk, and nothing on the record names it."""
    client = MembershipFactory().client
    Intake.objects.create(client=client, brings="silent", recorded_by=TherapistFactory(), recorded_at=client.created_at)
    assert desk.get(address("intake", client)).status_code == 404
    assert desk.post(address("intake", client), {"brings": "x"}).status_code == 404
    page = desk.get(address("detail", client)).content.decode()
    assert "ntake" not in page
    assert "silent" not in page


def test_verbs(desk: Browser) -> None:
    entry = WaitingFactory()
    assert desk.post(reverse("members:list")).status_code == 405
    assert desk.post(address("detail", entry.client)).status_code == 405
    assert desk.post(reverse("members:waiting")).status_code == 405
    for name in ("waiting_close", "waiting_resume"):
        assert desk.get(reverse(f"members:{name}", args=[entry.pk])).status_code == 405


# --- List and record ------------------------------------------------------------------------------------------------
def test_list_narrows(desk: Browser) -> None:
    ClientFactory(first_name="Luca", last_name="Novák")
    WaitingFactory(client__last_name="Tanaka", client__site=SiteFactory(name="Austin"))
    everybody = desk.get(reverse("members:list")).content.decode()
    assert "Novák" in everybody
    assert "Tanaka" in everybody
    for query in ({"q": "novak"}, {"site": SiteFactory().pk}, {"status": "none"}):
        page = desk.get(reverse("members:list"), query).content.decode()
        assert "Novák" in page
        assert "Tanaka" not in page
    assert "Nobody fits" in desk.get(reverse("members:list"), {"q": "zzz"}).content.decode()


def test_therapist_lists_own_people_only(signed_in: SignIn) -> None:
    """R43."""
    therapist = TherapistFactory()
    mine, other = MembershipFactory(group=GroupFactory(leaders=[therapist])).client, ClientFactory()
    browser = signed_in(therapist)
    page = browser.get(reverse("members:list")).content.decode()
    assert mine.name in page
    assert other.name not in page
    assert "New client" not in page
    record = browser.get(address("detail", mine)).content.decode()
    assert "Open intake" in record
    assert "Edit record" not in record


def test_record_tells_clinicians_whom_and_the_desk_how_many(signed_in: SignIn) -> None:
    """R22: names of kept-apart people only for clinicians who may open their record."""
    therapist = TherapistFactory()
    group = GroupFactory(leaders=[therapist])
    client, theirs = MembershipFactory(group=group).client, MembershipFactory(group=group).client
    stranger = ClientFactory()
    for other in (theirs, stranger):
        services.keep_apart(one=client, other=other, by=therapist)
    page = signed_in(therapist).get(address("detail", client)).content.decode()
    assert theirs.name in page
    assert stranger.name not in page
    assert "and 1 more person" in page
    page = signed_in(CoordinatorFactory()).get(address("detail", client)).content.decode()
    assert "From 2 people" in page
    assert theirs.name not in page
    page = signed_in(SupervisorFactory()).get(address("detail", client)).content.decode()
    assert theirs.name in page
    assert stranger.name in page


@pytest.mark.parametrize("rows", [1, 3])
def test_queries(rows: int, desk: Browser, django_assert_num_queries: Any) -> None:
    """At most fourteen queries, however many rows."""
    group = GroupFactory()
    for _ in range(rows):
        client = WaitingFactory(client=ConsentFactory().client).client
        AvailabilityFactory(client=client)
        MembershipFactory(
            client=client, group=group, state=MembershipState.PROPOSED, pregroup_met_on=None, starts_on=None
        )
        services.keep_apart(one=client, other=ClientFactory(), by=None)
    with django_assert_num_queries(7):
        desk.get(reverse("members:list"))
    with django_assert_num_queries(14):
        desk.get(address("detail", client))
    with django_assert_num_queries(11):
        desk.get(reverse("members:waiting"))
    with django_assert_num_queries(9):
        desk.get(reverse("members:waiting_export"))


# --- New and edit ---------------------------------------------------------------------------------------------------
def test_new_client(desk: Browser) -> None:
    """One form makes the record, the consents, the hours and the wait."""
    areas = ProblemArea.objects.filter(code__in=["grief", "role-disputes"])
    grief = areas.get(code="grief")
    data = typed(SiteFactory(), problem_areas=[area.pk for area in areas], primary_area=grief.pk, online_ok="on")
    response = desk.post(reverse("members:new"), data, follow=True)
    client = Client.objects.get()
    assert response.redirect_chain[-1][0] == address("detail", client)
    assert "Imani Adair is on the waiting list." in response.content.decode()
    assert (client.email, client.mobile) == ("imani@mail.example", "+17185550100")
    assert client.client_problem_areas.get(is_primary=True).area == grief
    assert [span.hours for span in client.availabilities.all()] == ["4:00–7:00 PM"]
    assert client.consents.in_force().count() == 2
    assert client.waiting_entries.open().exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"first_name": ""}, "Fill this in."),
        ({"mobile": "12"}, "“12” is not a phone number."),
        ({"mobile": ""}, "Enter a mobile phone, or untick text messages."),
        ({"birth_date_month": "2", "birth_date_day": "30"}, "Enter a real date of birth"),
        ({"birth_date_year": "2199"}, "Enter a real date of birth"),
        ({"referral_date": "1/1/2199"}, "The referral date is in the future."),
        ({"times-0-ends": "15:00"}, "The end must be later than the start."),
        ({"times-0-ends": ""}, "Choose the day and both times"),
        ({"email": "KNOWN@mail.example"}, "Another client already has this email address."),
    ],
)
def test_new_client_refused(changes: dict[str, str], sentence: str, desk: Browser) -> None:
    """Each mistake is said in words, in the title too; what was typed is kept; nothing is made."""
    ClientFactory(email="known@mail.example")
    page = desk.post(reverse("members:new"), typed(SiteFactory()) | changes).content.decode()
    assert sentence in page
    assert "<title>Error:" in page
    assert 'value="Adair"' in page
    assert Client.objects.count() == 1


def test_main_problem_area_must_be_named(desk: Browser) -> None:
    """R14: of several exactly one is primary; of one it is that one."""
    areas = [area.pk for area in ProblemArea.objects.all()[:2]]
    page = desk.post(reverse("members:new"), typed(SiteFactory(), problem_areas=areas)).content.decode()
    assert "Choose which problem area is the main one." in page
    desk.post(reverse("members:new"), typed(SiteFactory(), problem_areas=areas[:1]))
    assert Client.objects.get().client_problem_areas.get().is_primary


def test_edit_shows_and_changes_what_is_stored(desk: Browser) -> None:
    client = AvailabilityFactory().client
    page = desk.get(address("edit", client)).content.decode()
    assert 'value="(718) 555-0100"' in page
    assert 'value="5:00 PM"' in page
    data = typed(client.site, preferred_name="Kit") | {"times-TOTAL_FORMS": "1", "times-0-weekday": ""}
    data |= {"times-0-starts": "", "times-0-ends": ""}
    for _ in range(2):
        assert desk.post(address("edit", client), data).url == address("detail", client)
    client.refresh_from_db()
    assert (client.name, client.email) == ("Kit Adair", "imani@mail.example")
    assert not client.availabilities.exists()


def test_edit_refuses_what_the_record_cannot_lose(desk: Browser) -> None:
    client = ConsentFactory(channel=Channel.TEXT).client
    page = desk.post(address("edit", client), typed(client.site, mobile="")).content.decode()
    assert "wants text messages" in page
    ClientFactory(email="known@mail.example")
    page = desk.post(address("edit", client), typed(client.site, email="known@mail.example")).content.decode()
    assert "Another client already has this email address." in page


# --- Consent, pairs, intake -----------------------------------------------------------------------------------------
def test_consents(desk: Browser) -> None:
    """R48: given and withdrawn with history; twice changes nothing more."""
    client = ConsentFactory().client
    for _ in range(2):
        assert desk.post(address("consents", client), {"channels": ["text"]}).url == address("detail", client)
    assert client.consents.count() == 2
    page = desk.get(address("consents", client)).content.decode()
    assert "Withdrawn" in page
    assert "In force" in page
    client.mobile = ""
    client.consents.in_force().update(withdrawn_at=F("given_at"))
    client.save()
    assert "Enter a mobile phone" in desk.post(address("consents", client), {"channels": ["text"]}).content.decode()


def test_keep_apart(desk: Browser) -> None:
    """R22: found by name, entered once, even when sent twice."""
    client, other = ClientFactory(), ClientFactory(last_name="Novák")
    page = desk.get(address("keep_apart_add", client), {"q": "novak"}).content.decode()
    assert str(other.pk) in page
    assert "Nobody found" in desk.get(address("keep_apart_add", client), {"q": "zzz"}).content.decode()
    for _ in range(2):
        response = desk.post(address("keep_apart_add", client), {"other": other.pk}, follow=True)
        assert "are kept apart." in response.content.decode()
    assert KeepApart.objects.count() == 1
    response = desk.post(address("keep_apart_add", client), {"other": client.pk})
    assert response.status_code == 409
    assert "Choose another person" in response.content.decode()
    assert desk.post(address("keep_apart_add", client), {"other": "nobody"}).status_code == 404


def test_therapist_pairs_only_people_they_may_see(signed_in: SignIn) -> None:
    """R22, R43."""
    therapist = TherapistFactory()
    client, stranger = MembershipFactory(group=GroupFactory(leaders=[therapist])).client, ClientFactory()
    browser = signed_in(therapist)
    page = browser.get(address("keep_apart_add", client), {"q": stranger.last_name}).content.decode()
    assert "Nobody found" in page
    assert browser.post(address("keep_apart_add", client), {"other": stranger.pk}).status_code == 404


def test_intake(signed_in: SignIn) -> None:
    """R7: written and read by the client's therapist; a stale form says so and keeps the text."""
    therapist = TherapistFactory()
    client = MembershipFactory(group=GroupFactory(leaders=[therapist])).client
    browser = signed_in(therapist)
    assert browser.get(address("intake", client)).status_code == 200
    data = {"brings": "She fell silent.", "fee": "85.50", "concurrent_therapist": "Dr. Roe"}
    assert browser.post(address("intake", client), data).url == address("detail", client)
    intake = Intake.objects.get()
    assert (intake.brings, intake.fee_cents, intake.recorded_by) == ("She fell silent.", 8550, therapist)
    page = browser.get(address("intake", client)).content.decode()
    assert "She fell silent." in page
    assert 'value="85.5' in page
    page = browser.post(address("intake", client), data | {"brings": "Newer text"}).content.decode()
    assert "saved this intake while you were writing" in page
    assert "Newer text" in page
    seen = {"seen": intake.recorded_at.isoformat()}
    assert browser.post(address("intake", client), data | seen | {"brings": "Newer text"}).status_code == 302
    assert Intake.objects.get().brings == "Newer text"
