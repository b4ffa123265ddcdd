"""Every address × every kind of person × GET and POST, with objects of one group (R41, R43).

The rows stand in ``permissions/rooms``, one file a room; ``docs/permissions.md`` shows them.
"""

import pytest
from django.conf import settings as django_settings
from django.http import HttpResponse
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import Settings

from tests.architecture.permissions import page
from tests.architecture.permissions.matrix import PERSONAS, Objects, addresses, makers, rows
from tests.architecture.permissions.scene import Scene, make_scene

pytestmark = pytest.mark.django_db

MATRIX = rows()


@pytest.fixture
def scene() -> Scene:
    return make_scene()


@pytest.fixture
def objects(scene: Scene) -> Objects:
    found: Objects = {"": {}}
    for make in makers():
        found |= make(scene)
    return found


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
def test_only_those_named_get_an_answer(name: str, scene: Scene, objects: Objects, settings: Settings) -> None:
    settings.REQUIRE_STAFF_MFA = True
    row = MATRIX[name]
    address = reverse(name, kwargs=objects[row.of])
    answered = {"get": "", "post": ""}
    # Outsiders first: a POST of somebody who may changes the world.
    for letter in sorted(PERSONAS, key=lambda letter: letter in row.post):
        for verb in answered:
            browser = Browser()
            if letter in scene.people:
                browser.force_login(scene.people[letter])
            if is_answered(getattr(browser, verb)(address, objects[row.carries])):
                answered[verb] += letter
    assert {verb: set(letters) for verb, letters in answered.items()} == {"get": set(row.get), "post": set(row.post)}
