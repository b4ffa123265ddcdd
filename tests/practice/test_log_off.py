"""A screen nobody uses locks, keeps what was typed, and a session ends for good (R41; TRUST, accounts)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from practice.models import Policy, User
from tests.factories.practice import PASSWORD, AdministratorFactory, MemberUserFactory, TherapistFactory

pytestmark = [pytest.mark.django_db, pytest.mark.log_off]

MORNING = datetime(2026, 3, 2, 14, tzinfo=UTC)
SCRIPT = {"Accept": "application/json", "Sec-Fetch-Dest": "empty"}


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


def signed_in(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def wait(clock: time_machine.Traveller, **time: int) -> None:
    clock.shift(timedelta(**time))


@pytest.fixture
def person(settings: object) -> User:
    settings.REQUIRE_STAFF_MFA = False  # type: ignore[attr-defined]
    return AdministratorFactory()


@pytest.fixture
def browser(clock: time_machine.Traveller, person: User) -> Client:
    return signed_in(person)


def unlock(browser: Client, password: str = PASSWORD, **more: str) -> object:
    return browser.post(reverse("accounts:unlock"), {"password": password, **more}, headers=SCRIPT)


def test_an_unused_screen_of_staff_locks_after_fifteen_minutes(browser: Client, clock: time_machine.Traveller) -> None:
    wait(clock, minutes=14, seconds=59)
    assert browser.get(reverse("practice:policy")).status_code == 200
    wait(clock, minutes=15)
    response = browser.get(reverse("practice:policy"))
    assert response.status_code == 403
    assert response.templates[0].name == "account/unlock.html"


def test_use_keeps_it_open_and_a_members_screen_stays_longer(clock: time_machine.Traveller, person: User) -> None:
    staff, member = signed_in(person), signed_in(MemberUserFactory())
    for _ in range(3):
        wait(clock, minutes=14)
        assert staff.get(reverse("practice:policy")).status_code == 200
    assert member.get(reverse("groups_app:agreements")).status_code == 200
    wait(clock, minutes=60)
    assert member.get(reverse("groups_app:agreements")).status_code == 403


def test_the_practice_decides_how_long(clock: time_machine.Traveller, person: User) -> None:
    Policy.objects.update(staff_idle_minutes=30)
    browser = signed_in(person)
    wait(clock, minutes=29)
    assert browser.get(reverse("practice:policy")).status_code == 200


def test_nothing_but_the_password_opens_it(browser: Client, clock: time_machine.Traveller) -> None:
    wait(clock, minutes=16)
    assert unlock(browser, "not the password").status_code == 422
    assert browser.post(reverse("accounts:stay"), headers=SCRIPT).json()["state"] == "locked"
    assert browser.get(reverse("practice:policy")).status_code == 403
    answer = unlock(browser)
    assert answer.json()["state"] == "open"
    assert answer.json()["seconds"] == 15 * 60
    assert browser.get(reverse("practice:policy")).status_code == 200


def test_the_password_brings_a_new_session_token(person: User) -> None:
    """ASVS 5.0, 7.2.4: the token from before opens nothing any more; the device keeps its place in the list."""
    browser, thief = Client(), Client()
    browser.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    thief.cookies = browser.cookies.copy()
    assert thief.get(reverse("account_email")).status_code == 200
    before = browser.session.session_key
    assert unlock(browser).status_code == 200
    assert browser.session.session_key != before
    assert browser.get(reverse("account_email")).status_code == 200
    assert thief.get(reverse("account_email")).url.startswith(reverse("account_login"))
    [device] = browser.get(reverse("usersessions_list")).context["sessions"]
    assert device.session_key == browser.session.session_key


def test_opening_it_twice_is_one_opening(browser: Client, clock: time_machine.Traveller) -> None:
    wait(clock, minutes=16)
    assert [unlock(browser).status_code for _ in range(2)] == [200, 200]


def test_the_password_is_not_to_be_guessed(browser: Client, clock: time_machine.Traveller) -> None:
    wait(clock, minutes=16)
    for _ in range(12):
        last = unlock(browser, "not the password")
    assert last.status_code == 422
    assert unlock(browser).status_code == 422
    assert browser.get(reverse("practice:policy")).status_code == 403


def test_a_script_is_told_instead_of_given_a_page(browser: Client, clock: time_machine.Traveller) -> None:
    wait(clock, minutes=16)
    for headers in (SCRIPT, {"HX-Request": "true"}):
        response = browser.post(reverse("practice:policy"), {"staff_idle_minutes": "20"}, headers=headers)
        assert (response.status_code, response.json()) == (401, {"state": "locked"})
    assert Policy.objects.get().staff_idle_minutes == 15


def test_asking_how_long_is_left_is_no_use(browser: Client, clock: time_machine.Traveller) -> None:
    wait(clock, minutes=10)
    assert browser.get(reverse("accounts:session")).json()["seconds"] == 5 * 60
    wait(clock, minutes=6)
    assert browser.get(reverse("accounts:session")).json() | {"csrf": "", "who": ""} == {
        "state": "locked",
        "seconds": 0,
        "csrf": "",
        "who": "",
    }


def test_staying_starts_the_time_anew(browser: Client, clock: time_machine.Traveller) -> None:
    wait(clock, minutes=14)
    assert browser.get(reverse("accounts:stay")).status_code == 405
    assert browser.post(reverse("accounts:stay"), headers=SCRIPT).json()["seconds"] == 15 * 60


def test_what_was_sent_to_a_locked_screen_waits_and_is_sent_again(
    browser: Client, clock: time_machine.Traveller
) -> None:
    """UX, forms: session time-out brings back the unsaved text, also without JavaScript."""
    wait(clock, minutes=16)
    address = reverse("practice:settings")
    sent = {"name": "Riverside <b>Practice</b>", "phone": "+1 718 555 0142"}
    page = browser.post(address, sent)
    assert page.status_code == 403
    assert page.context["kept"] == [(f"kept:{name}", value) for name, value in sent.items()]
    assert "Riverside &lt;b&gt;Practice" in page.content.decode()

    wrong = browser.post(reverse("accounts:unlock"), {"password": "no", "next": address, **dict(page.context["kept"])})
    assert wrong.context["kept"] == page.context["kept"]

    right = browser.post(
        reverse("accounts:unlock"), {"password": PASSWORD, "next": address, **dict(wrong.context["kept"])}
    )
    assert right.templates[0].name == "account/unlocked.html"
    assert right.context["path"] == address
    assert dict(right.context["kept"]) == sent


def test_without_anything_sent_the_person_goes_on_where_they_were(
    browser: Client, clock: time_machine.Traveller
) -> None:
    wait(clock, minutes=16)
    page = browser.get(reverse("practice:policy"))
    response = browser.post(reverse("accounts:unlock"), {"password": PASSWORD, "next": page.context["path"]})
    assert response.url == reverse("practice:policy")


@pytest.mark.parametrize(
    "path", ["//evil.example/", "https://evil.example/", "javascript:alert(1)", "/\\evil.example", ""]
)
def test_unlocking_leads_nowhere_else(browser: Client, path: str) -> None:
    assert browser.post(reverse("accounts:unlock"), {"password": PASSWORD, "next": path}).url == "/"


def test_leaving_and_the_crisis_page_stay_reachable(browser: Client, clock: time_machine.Traveller) -> None:
    wait(clock, minutes=16)
    assert browser.get(reverse("home:crisis")).status_code == 200
    assert browser.post(reverse("account_logout")).status_code == 302
    assert browser.get(reverse("accounts:session")).json() == {"state": "over", "seconds": 0}


def test_after_twelve_hours_everybody_signs_in_again(browser: Client, clock: time_machine.Traveller) -> None:
    for _ in range(12 * 6 - 1):
        wait(clock, minutes=10)
        assert browser.get(reverse("practice:policy")).status_code == 200
    wait(clock, minutes=10)
    response = browser.get(reverse("practice:policy"))
    assert response.url.startswith(reverse("account_login"))
    assert browser.get(reverse("accounts:session")).json()["state"] == "over"


def test_only_a_use_long_after_the_last_one_is_written(browser: Client, clock: time_machine.Traveller) -> None:
    wait(clock, seconds=29)
    browser.get(reverse("practice:policy"))
    assert browser.get(reverse("accounts:session")).json()["seconds"] == 15 * 60 - 29
    wait(clock, seconds=1)
    browser.get(reverse("practice:policy"))
    assert browser.get(reverse("accounts:session")).json()["seconds"] == 15 * 60


def test_a_session_from_before_there_were_clocks_gets_some(clock: time_machine.Traveller, person: User) -> None:
    browser = signed_in(person)
    session = browser.session
    del session["log_off"]
    session.save()
    assert browser.get(reverse("practice:policy")).status_code == 200
    wait(clock, minutes=16)
    assert browser.get(reverse("practice:policy")).status_code == 403


def test_one_device_is_signed_out_from_another(person: User) -> None:
    here, there = Client(), Client()
    for browser in (here, there):
        browser.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    page = here.get(reverse("usersessions_list"))
    [other] = [session for session in page.context["sessions"] if session.session_key == there.session.session_key]
    address = reverse("accounts:session_end", args=[other.pk])

    stranger = signed_in(TherapistFactory())
    assert stranger.post(address).status_code == 404
    assert here.get(address).status_code == 405
    assert there.get(reverse("account_email")).status_code == 200
    assert here.post(address).status_code == 302
    assert there.get(reverse("account_email")).url.startswith(reverse("account_login"))
    assert here.post(address).status_code == 404
    assert here.get(reverse("account_email")).status_code == 200
