"""Every page of the permission matrix once, in a browser: nothing for axe, no complaint, no sideways scrolling (UX).

Each is opened by the first of those who may; what leads elsewhere, files and parts of pages are left out.
"""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client as Browser
from django.urls import reverse
from playwright.sync_api import Page

from tests.architecture.conftest import MORNING_AFTER
from tests.architecture.permissions.matrix import rows
from tests.architecture.permissions.scene import all_objects, make_scene
from tests.browser import faults_of, sign_in

pytestmark = pytest.mark.django_db(transaction=True)

LAPTOP, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 800}
# Who opens a page, if they may: who works with it most.
MOST_NATURAL = "TMCSD"
WIDER_THAN_THE_SCREEN = "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"


@pytest.fixture
def morning_after() -> Iterator[None]:
    with time_machine.travel(MORNING_AFTER):
        yield


def is_whole_page(response: HttpResponse) -> bool:
    return response.status_code == 200 and b"<html" in getattr(response, "content", b"")[:500]


def opened_by(letter: str) -> list[tuple[str, str]]:
    """The names of the pages that somebody opens, each with the object it speaks of."""
    opener = {name: next((one for one in MOST_NATURAL if one in row.get), "") for name, row in rows().items()}
    return [(name, row.of) for name, row in rows().items() if opener[name] == letter]


def found_on(page: Page, address: str) -> Iterator[str]:
    """Open a page and yield what is wrong with it, on a laptop and, of its width only, on a phone."""
    page.goto(address)
    if faults := faults_of(page):
        yield faults
    page.set_viewport_size(PHONE)
    if page.evaluate(WIDER_THAN_THE_SCREEN):
        yield f"{address} is wider than a phone"
    page.set_viewport_size(LAPTOP)


@pytest.mark.takes(seconds=15)
@pytest.mark.parametrize("letter", MOST_NATURAL)
def test_every_page_is_accessible_quiet_and_fits_a_phone(
    letter: str, new_page: Callable[..., Page], morning_after: None
) -> None:
    scene = make_scene()
    objects = all_objects(scene)
    browser, page = Browser(), new_page(viewport=LAPTOP)
    browser.force_login(scene.people[letter])
    sign_in(page, scene.people[letter])
    addresses = [reverse(name, kwargs=objects[of]) for name, of in opened_by(letter)]
    pages = [address for address in addresses if is_whole_page(browser.get(address))]
    assert pages
    assert [wrong for address in pages for wrong in found_on(page, address)] == []
