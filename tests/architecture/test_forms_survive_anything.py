"""Whatever is sent to whatever address, nothing breaks: an answer, a refusal, never a 5xx (TRUST, races and bad input).

The suite tries a few examples an address; ``make fuzz`` tries 200, as many as TRUST.md asks for.
"""

import os
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client as Browser
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_django import Settings

from tests.architecture.permissions.matrix import Objects, room_modules
from tests.architecture.permissions.scene import Scene

pytestmark = [pytest.mark.django_db, pytest.mark.hypothesis]

EXAMPLES = int(os.environ.get("KITH_FUZZ_EXAMPLES", "3"))
NASTY_QUERIES = ("\x00", "99999999999999999999", "[]", "9999-12-31", "-1", "x" * 3_000, "🪑")
# Whether the servers are well is nobody's input.
ROOMS = {
    module.__name__.rpartition(".")[2]: module.ROWS
    for module in room_modules()
    if "rooms.config" not in module.__name__
}
EVERYWHERE = {"page", "q", "next", "on", "week", "day", "month", "site", "format", "sort"}

# What people and programs send that nobody thought of.
NASTY = st.sampled_from(
    [
        "",
        "\x00",
        "\x00 in the middle \x00",
        "\u202eright to left",
        "🪑" * 50,
        "e\u0301" * 40,
        "x" * 20_000,
        "0",
        "-1",
        "1e309",
        "99999999999999999999",
        "NaN",
        "1900-01-01",
        "9999-12-31",
        "12/31/9999",
        "02/30/2026",
        "24:61",
        "00000000-0000-0000-0000-000000000000",
        "=HYPERLINK(1)",
        "<script>alert(1)</script>",
        "'; DROP TABLE practice_user; --",
        "{{ 7|add:7 }}{% debug %}",
        "../../etc/passwd",
        "http://[::1",
        "on",
    ]
)
TYPED = (
    NASTY
    | st.text(st.characters(codec="utf-8"), max_size=60)
    | st.integers().map(str)
    | st.dates().map(str)
    | st.times().map(str)
)
FILE = st.binary(max_size=300).map(lambda content: SimpleUploadedFile("list.csv\x00.png", content, "text/csv"))


class Controls(HTMLParser):
    """The controls of a page's forms: name → what a browser could send for it."""

    def __init__(self) -> None:
        super().__init__()
        self.offered: dict[str, list[str]] = {}
        self.files: set[str] = set()
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        name = attributes.get("name", "")
        if tag == "option" and self._select:
            self.offered[self._select].append(attributes.get("value", ""))
        if tag in ("input", "select", "textarea", "button") and name:
            self.offered.setdefault(name, []).append(attributes.get("value", ""))
            if attributes.get("type") == "file":
                self.files.add(name)
        if tag == "select":
            self._select = name

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""


def somebody(letters: str, scene: Scene) -> Browser:
    """The browser of one of those who may."""
    browser = Browser(raise_request_exception=False)
    letter = next((letter for letter in letters if letter in scene.people), None)
    if letter:
        browser.force_login(scene.people[letter])
    return browser


def page_at(browser: Browser, address: str) -> str:
    """The page, if it is one, and not a file or what leads elsewhere."""
    response = browser.get(address)
    is_page = response.headers.get("Content-Type", "").startswith("text/html") and not response.streaming
    return response.content.decode() if is_page else ""


def sendable(browser: Browser, address: str, *, has_page: bool) -> st.SearchStrategy[dict[str, Any]]:
    """Forms as the page offers them, each control with what it offers, with anything, or left out."""
    controls = Controls()
    controls.feed(page_at(browser, address) if has_page else "")
    controls.offered.pop("csrfmiddlewaretoken", None)
    fields = {
        name: FILE if name in controls.files else st.sampled_from(values) | TYPED | st.lists(TYPED, max_size=3)
        for name, values in controls.offered.items()
    }
    unasked = st.dictionaries(st.from_regex(r"[a-z_]{1,12}(-[0-9])?", fullmatch=True), TYPED, max_size=2)
    return st.builds(lambda known, more: {**more, **known}, st.fixed_dictionaries({}, optional=fields), unasked)


@pytest.mark.parametrize("room", ROOMS)
def test_no_form_breaks(room: str, scene: Scene, objects: Objects, settings_of_practice: None) -> None:
    for name, row in ROOMS[room].items():
        if row.post:
            break_if_you_can(somebody(row.post, scene), reverse(name, kwargs=objects[row.of]), has_page=bool(row.get))


def break_if_you_can(browser: Browser, address: str, *, has_page: bool) -> None:
    """Send forms to ``address``; every one is undone, so that the next meets the same practice."""

    @settings(max_examples=EXAMPLES, derandomize=True, database=None)
    @given(data=sendable(browser, address, has_page=has_page))
    def nothing_breaks(data: dict[str, Any]) -> None:
        with transaction.atomic():
            response = browser.post(address, data)
            assert response.status_code < 500, address
            transaction.set_rollback(True)

    nothing_breaks()


@pytest.mark.parametrize("room", ROOMS)
def test_no_query_breaks_a_page(room: str, scene: Scene, objects: Objects, settings_of_practice: None) -> None:
    """Filters, searches and pages in the address, with what a browser would never send."""
    for name, row in ROOMS[room].items():
        if not set(row.get) & scene.people.keys():
            continue
        browser, address = somebody(row.get, scene), reverse(name, kwargs=objects[row.of])
        names = sorted(set(re.findall(r'name="([a-z_]+)"', page_at(browser, address))) | EVERYWHERE)
        for value in NASTY_QUERIES[:EXAMPLES]:
            response = browser.get(address, dict.fromkeys(names, value))
            assert response.status_code < 500, (address, value)


@pytest.fixture
def settings_of_practice(settings: Settings) -> None:
    settings.REQUIRE_STAFF_MFA = True
