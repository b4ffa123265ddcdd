"""The practice's administration in the browser: who may, what is refused, what is kept, how many queries."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import get_resolver, reverse

from practice import services
from practice.models import Closure, Practice, Room, Site, Supervision
from tests.factories.practice import (
    ClosureFactory,
    LicenseFactory,
    MemberUserFactory,
    RoomFactory,
    SiteFactory,
    SupervisorFactory,
    TherapistFactory,
    UserFactory,
)
from tests.practice.conftest import OUTSIDERS, PERSON_FORM, texts

POLICY_FORM = {
    "access_days": "30",
    "emergency_minutes": "60",
    "emergency_review_days": "3",
    "minimum_members": "4",
    "target_members": "7",
    "maximum_with_one_leader": "7",
    "maximum_with_two_leaders": "9",
    "session_minutes": "75",
    "horizon_weeks": "20",
    "minimum_stay_sessions": "8",
    "notice_sessions": "2",
    "reminder_leads": "2, 24; 24",
    "texts_a_day": "1",
    "texts_a_week": "2",
    "quiet_until": "9:00 am",
    "quiet_from": "20:30",
    "note_due_hours": "48",
    "climate_hours": "72",
    "invitation_days": "7",
    "staff_idle_minutes": "20",
    "member_idle_minutes": "90",
    "session_hours": "10",
    "early_sessions": "5",
    "early_absences": "2",
    "absences_in_a_row": "3",
    "ask_again_days": "10",
    "ending_prompt_sessions": "4",
    "retention_years": "8",
    "minor_retention_years": "9",
    "service_code": "90853",
    "session_fee": "55.00",
}
SITE_FORM = {"name": "Austin", "zone": "America/Chicago", "state": "tx", "address": "1 Congress Avenue"}
CLOSURE_FORM = {"name": "Thanksgiving", "site": "", "first_day": "11/26/2026", "last_day": ""}
POST_ONLY = [
    "closure_delete",
    "person_invite",
    "person_reactivate",
    "person_sign_out",
    "license_delete",
    "supervision_begin",
    "supervision_end",
]

pytestmark = pytest.mark.django_db


def every_page() -> list[str]:
    return sorted(
        str(name) for name in get_resolver().namespace_dict["practice"][1].reverse_dict if isinstance(name, str)
    )


def _supervision() -> Supervision:
    return Supervision.objects.get(supervisor=SupervisorFactory(of=[TherapistFactory()]))


def address(name: str) -> str:
    """The address of a page, about a thing of its kind where it is about one."""
    things: dict[str, Callable[[], Any]] = {
        "site": SiteFactory,
        "room_new": SiteFactory,
        "room": RoomFactory,
        "closure_delete": lambda: ClosureFactory(first_day=datetime.date(2099, 1, 1)),
        "license": LicenseFactory,
        "license_delete": LicenseFactory,
        "license_new": TherapistFactory,
        "person": TherapistFactory,
        "supervision_begin": TherapistFactory,
        "supervision_end": _supervision,
        "person_trail": TherapistFactory,
        "person_deactivate": TherapistFactory,
        "person_invite": lambda: UserFactory(password=None),
        "person_sign_out": UserFactory,
        "person_reactivate": lambda: UserFactory(is_active=False),
    }
    return reverse(f"practice:{name}", kwargs={"pk": things[name]().pk} if name in things else None)


# --- Who may ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("factory", OUTSIDERS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_others_find_nothing_here(browser_of: Any, factory: Any, method: str) -> None:
    browser = browser_of(factory())
    for name in every_page():
        assert getattr(browser, method)(address(name)).status_code == 404, name


def test_strangers_are_asked_to_sign_in(client: Client) -> None:
    for name in every_page():
        assert client.get(address(name)).url.startswith(reverse("account_login")), name


def test_the_administrator_opens_every_page(office: Client) -> None:
    for name in every_page():
        expected = 405 if name in POST_ONLY else 200
        assert office.get(address(name)).status_code == expected, name


@pytest.mark.parametrize("method", ["put", "delete"])
def test_other_verbs_are_refused(office: Client, method: str) -> None:
    for name in every_page():
        assert getattr(office, method)(address(name)).status_code == 405, name


@pytest.mark.parametrize("name", ["sites", "closures", "people"])
def test_lists_take_no_post(office: Client, name: str) -> None:
    assert office.post(address(name)).status_code == 405


@pytest.mark.parametrize("name", ["person", "person_invite", "person_deactivate", "person_reactivate", "license_new"])
def test_accounts_of_members_are_not_administered_here(office: Client, name: str) -> None:
    """R43: administrators see no clients."""
    pk = MemberUserFactory().pk
    response = office.post(reverse(f"practice:{name}", kwargs={"pk": pk}), PERSON_FORM)
    assert response.status_code == 404
    assert MemberUserFactory._meta.model.objects.get(pk=pk).is_active


# --- Practice and policy ---------------------------------------------------------------------------------------------
def test_name_and_phone_are_changed(office: Client) -> None:
    response = office.post(address("settings"), {"name": "Northside", "phone": "(718) 555-0142"}, follow=True)
    assert texts(response) == ["Name and phone are saved."]
    assert str(Practice.objects.get()) == "Northside"


def test_a_missing_name_keeps_the_phone(office: Client) -> None:
    page = office.post(address("settings"), {"name": "", "phone": "(718) 555-0142"}).content.decode()
    assert "Error: Practice" in page
    assert 'value="(718) 555-0142"' in page
    assert Practice.objects.get().phone == ""


def test_the_settings_show_licenses_to_renew_and_who_has_not_come_yet(office: Client) -> None:
    LicenseFactory(user__last_name="Late", expires_on=datetime.date(2020, 1, 1))
    UserFactory(last_name="Awaited", password=None)
    MemberUserFactory(last_name="Client", password=None)
    page = office.get(address("settings")).content.decode()
    assert "Late" in page
    assert "Awaited" in page
    assert "Client" not in page


def test_the_policy_is_changed(office: Client) -> None:
    response = office.post(address("policy"), POLICY_FORM, follow=True)
    assert texts(response) == ["The policy is saved."]
    policy = Practice.objects.current().policy
    assert (policy.minimum_members, policy.maximum_with_two_leaders, policy.session_minutes) == (4, 9, 75)
    assert policy.reminder_leads == [24, 2]
    assert (policy.quiet_until, policy.quiet_from) == (datetime.time(9), datetime.time(20, 30))


def test_the_policy_is_shown_as_people_write_it(office: Client) -> None:
    page = office.get(address("policy")).content.decode()
    for value in ('value="48, 2"', 'value="9:00 PM"', 'value="8:00 AM"', 'value="90"'):
        assert value in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"maximum_with_two_leaders": "13"}, "no group may exceed 12 members"),
        ({"minimum_members": "8"}, "Sizes must rise"),
        ({"quiet_until": "9:00 PM"}, "must be earlier in the day"),
        ({"quiet_from": "late"}, "Enter a time, for example 6:00 PM."),
        ({"reminder_leads": "two days"}, "Enter whole numbers with commas between them"),
        ({"reminder_leads": "1,2,3,4,5"}, "Enter one to four numbers."),
        ({"reminder_leads": "337"}, "between 1 and 336"),
        ({"reminder_leads": "0"}, "between 1 and 336"),
        ({"reminder_leads": ""}, "Fill this in."),
        ({"session_minutes": "10"}, "greater than or equal to 15"),
        ({"horizon_weeks": "x"}, "Enter a whole number."),
        ({"note_due_hours": "99999999999999999999"}, "less than or equal to 720"),
        ({"reminder_leads": "9" * 5000}, "Enter whole numbers"),
    ],
)
def test_a_policy_that_will_not_do_is_kept_on_the_form(office: Client, changes: dict[str, str], sentence: str) -> None:
    response = office.post(address("policy"), {**POLICY_FORM, **changes})
    page = response.content.decode()
    assert response.status_code == 200
    assert sentence in page
    assert 'value="75"' in page or "session_minutes" in changes
    assert Practice.objects.current().policy.session_minutes == 90


# --- Sites, rooms, closures ------------------------------------------------------------------------------------------
def test_a_site_is_added_once(office: Client) -> None:
    response = office.post(address("site_new"), SITE_FORM)
    site = Site.objects.get()
    assert response.url == reverse("practice:site", kwargs={"pk": site.pk})
    assert (site.name, site.zone, site.state, site.is_online) == ("Austin", "America/Chicago", "TX", False)
    again = office.post(address("site_new"), SITE_FORM)
    assert "There is already a site of that name." in again.content.decode()
    assert Site.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"state": "Texas"}, "state"),
        ({"state": "7x"}, "state"),
    ],
)
def test_a_site_that_will_not_do(office: Client, changes: dict[str, str], field: str) -> None:
    response = office.post(address("site_new"), {**SITE_FORM, **changes})
    assert response.context["form"].errors[field]
    assert "1 Congress Avenue" in response.content.decode()
    assert not Site.objects.exists()


def test_a_site_is_changed(office: Client) -> None:
    site = SiteFactory()
    url = reverse("practice:site", kwargs={"pk": site.pk})
    assert office.post(url, {**SITE_FORM, "name": "Brooklyn Heights"}).url == reverse("practice:sites")
    assert office.post(url, {**SITE_FORM, "name": "Brooklyn Heights"}).status_code == 302
    site.refresh_from_db()
    assert (site.name, site.zone) == ("Brooklyn Heights", "America/Chicago")


def test_a_site_with_rooms_does_not_go_online(office: Client) -> None:
    room = RoomFactory()
    response = office.post(reverse("practice:site", kwargs={"pk": room.site_id}), {**SITE_FORM, "is_online": "on"})
    assert "cannot be online only" in response.content.decode()
    assert not Site.objects.get().is_online


def test_a_room_is_added_once_and_changed(office: Client) -> None:
    site = SiteFactory()
    new = reverse("practice:room_new", kwargs={"pk": site.pk})
    assert office.post(new, {"name": "Blue", "seats": "10"}).url == reverse("practice:site", kwargs={"pk": site.pk})
    again = office.post(new, {"name": "Blue", "seats": "10"})
    assert "This site already has a room of that name." in again.content.decode()
    room = Room.objects.get()
    office.post(reverse("practice:room", kwargs={"pk": room.pk}), {"name": "Green", "seats": "8"})
    room.refresh_from_db()
    assert (room.name, room.seats) == ("Green", 8)


def test_a_room_of_one_seat_or_at_an_online_site_is_refused(office: Client) -> None:
    site = SiteFactory()
    new = reverse("practice:room_new", kwargs={"pk": site.pk})
    assert "greater than or equal to 2" in office.post(new, {"name": "Blue", "seats": "1"}).content.decode()
    Site.objects.update(is_online=True)
    assert "has no rooms" in office.post(new, {"name": "Blue", "seats": "8"}).content.decode()
    assert not Room.objects.exists()


def test_a_closure_is_added_once(office: Client) -> None:
    assert office.post(address("closure_new"), CLOSURE_FORM).url == reverse("practice:closures")
    closure = Closure.objects.get()
    assert (closure.site, closure.first_day, closure.last_day) == (
        None,
        datetime.date(2026, 11, 26),
        datetime.date(2026, 11, 26),
    )
    again = office.post(address("closure_new"), CLOSURE_FORM)
    assert "These days are already closed there." in again.content.decode()
    assert Closure.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "Fill this in."),
        ({"first_day": "soon"}, "Enter a date as month/day/year"),
        ({"first_day": ""}, "Enter a date."),
        ({"last_day": "11/25/2026"}, "The last day cannot be before the first."),
        ({"site": "00000000-0000-7000-8000-000000000000"}, "Select a valid choice"),
    ],
)
def test_a_closure_that_will_not_do(office: Client, changes: dict[str, str], sentence: str) -> None:
    page = office.post(address("closure_new"), {**CLOSURE_FORM, **changes}).content.decode()
    assert sentence in page
    assert "Thanksgiving" in page or "name" in changes
    assert not Closure.objects.exists()


def test_a_closure_to_come_is_removed_and_one_that_began_stays(office: Client) -> None:
    site = SiteFactory()
    coming, begun = ClosureFactory(name="Later", first_day=datetime.date(2027, 1, 1)), ClosureFactory(site=site)
    with time_machine.travel(datetime.datetime(2026, 11, 26, 18, 0, tzinfo=datetime.UTC)):
        page = office.get(reverse("practice:closures")).content.decode()
        assert reverse("practice:closure_delete", kwargs={"pk": coming.pk}) in page
        assert reverse("practice:closure_delete", kwargs={"pk": begun.pk}) not in page
        assert "Under way" in page
        kept = office.post(reverse("practice:closure_delete", kwargs={"pk": begun.pk}), follow=True)
        removed = office.post(reverse("practice:closure_delete", kwargs={"pk": coming.pk}), follow=True)
        again = office.post(reverse("practice:closure_delete", kwargs={"pk": coming.pk}))
    assert "has begun already" in texts(kept)[0]
    assert "“Later” is removed" in texts(removed)[0]
    assert again.status_code == 404
    assert list(Closure.objects.all()) == [begun]


# --- Queries ---------------------------------------------------------------------------------------------------------
def fill_people() -> None:
    services.invite(user=LicenseFactory(user__password=None, user__home_site=SiteFactory()).user, by=None)


@pytest.mark.parametrize(
    ("name", "queries", "add_row"),
    [
        ("people", 8, fill_people),
        ("sites", 5, lambda: RoomFactory(site=SiteFactory(name=f"Site {Site.objects.count()}"))),
        ("closures", 7, lambda: ClosureFactory(first_day=datetime.date(2099, 1, 1 + Closure.objects.count()))),
        ("settings", 8, lambda: LicenseFactory(expires_on=datetime.date(2020, 1, 1))),
    ],
)
def test_lists_need_the_same_queries_for_any_number_of_rows(
    office: Client, django_assert_num_queries: Any, name: str, queries: int, add_row: Callable[[], object]
) -> None:
    for more in (1, 2):
        for _ in range(more):
            add_row()
        with django_assert_num_queries(queries):
            office.get(reverse(f"practice:{name}"))


@pytest.mark.parametrize("rows", [1, 3])
def test_a_site_and_a_person_need_the_same_queries_for_any_number_of_rows(
    office: Client, django_assert_num_queries: Any, rows: int
) -> None:
    site, person = SiteFactory(), UserFactory()
    for number in range(rows):
        RoomFactory(site=site)
        LicenseFactory(user=person, state=f"N{'YJC'[number]}")
    with django_assert_num_queries(6):
        office.get(reverse("practice:site", kwargs={"pk": site.pk}))
    with django_assert_num_queries(12):
        office.get(reverse("practice:person", kwargs={"pk": person.pk}))
