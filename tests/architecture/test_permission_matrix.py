"""Every address × every kind of person × GET and POST, with objects of one group (R41, R43).

The rows stand in ``permissions/rooms``, one file a room; ``docs/permissions.md`` shows them. The scene is made once and
each request undone. What stands in its records are canaries: nobody meets one that ``words.MAY_READ`` does not allow.
"""

from dataclasses import dataclass

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from django.http import HttpResponse
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import Settings

from audit.querysets import Entries
from practice.models import User
from tests.architecture.permissions import page
from tests.architecture.permissions.matrix import PERSONAS, Objects, addresses, rows
from tests.architecture.permissions.scene import Scene
from tests.architecture.permissions.words import Words, may_read, met_in

pytestmark = pytest.mark.django_db

MATRIX = rows()
VERBS = ("get", "post")


@pytest.fixture(scope="module")
def cookies(scene: Scene, objects: Objects) -> dict[str, str]:
    """Who is signed in with which session."""
    found = {}
    for letter, person in scene.people.items():
        browser = Browser()
        browser.force_login(person)
        found[letter] = browser.cookies[django_settings.SESSION_COOKIE_NAME].value
    return found


@dataclass
class Answer:
    """Whether a person got through, or was refused and the trail misses it; which canaries they were sent or led to."""

    is_answer: bool
    is_missing: bool
    shown: Words
    met: Words


def ask(person: User | None, cookie: str | None, verb: str, address: str, carried: dict[str, object]) -> Answer:
    """Send one request, look what it left in the trail and where a POST leads to, and undo what it did."""
    browser = Browser()
    if cookie:
        browser.cookies[django_settings.SESSION_COOKIE_NAME] = cookie
    with transaction.atomic():
        response = getattr(browser, verb)(address, carried)
        met = shown = met_in(response)
        is_refused = response.status_code == 404 and person is not None
        is_missing = is_refused and not Entries(actor=person.pk, actions=(f"refused.{verb}",))
        target = response.headers.get("Location", "")
        if verb == "post" and target.startswith("/"):
            met = shown | met_in(browser.get(target))
        transaction.set_rollback(True)
    return Answer(is_answered(response), is_missing, shown, met)


def is_answered(response: HttpResponse) -> bool:
    """Whether the person got through: neither 404, nor a wrong verb, nor sent away to sign in or to set up a factor."""
    assert response.status_code != 500
    if response.status_code in (404, 405):
        return False
    target = response.headers.get("Location", "")
    return not target.startswith((reverse(django_settings.LOGIN_URL), reverse("mfa_index")))


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    names = {name for name, _ in addresses()}
    assert names - MATRIX.keys() == set(), "add rows for these to tests/architecture/permissions/rooms/"
    assert MATRIX.keys() - names == set(), "these rows speak of addresses that are gone"


def test_the_page_shows_the_matrix() -> None:
    assert page.PAGE.read_text(encoding="utf-8") == page.text(), "run `make permissions`"


@pytest.mark.parametrize("name", sorted(MATRIX))
def test_only_those_named_get_an_answer_and_read_only_what_they_may(
    name: str, cookies: dict[str, str], scene: Scene, objects: Objects, settings: Settings
) -> None:
    settings.REQUIRE_STAFF_MFA = True
    row = MATRIX[name]
    address, carried = reverse(name, kwargs=objects[row.of]), objects[row.carries]
    answers = {
        (letter, verb): ask(scene.people.get(letter), cookies.get(letter), verb, address, carried)
        for letter in PERSONAS
        for verb in VERBS
    }
    answered = {verb: {letter for letter in PERSONAS if answers[letter, verb].is_answer} for verb in VERBS}
    assert answered == {"get": set(row.get), "post": set(row.post)}
    assert [asked for asked, answer in answers.items() if answer.is_missing] == [], "refusals that the trail misses"
    leaks = {asked: answer.met - may_read(asked[0]) for asked, answer in answers.items()}
    assert {asked: met for asked, met in leaks.items() if met} == {}
    shown = {kind for answer in answers.values() for kind, _ in answer.shown}
    assert shown == set(row.shows.split()), f'shows="{" ".join(sorted(shown))}"'
