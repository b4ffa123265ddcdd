"""A real Chromium for tests, and the rule that a page keeps quiet: no console error, no script error, no violation of
the content security policy."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urljoin

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from practice.models import User

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 10_000


@pytest.fixture(scope="session")
def browser(django_db_setup: None) -> Iterator[Browser]:
    """One Chromium a worker: ``CHROMIUM_PATH``, else the machine's."""
    program = os.environ.get("CHROMIUM_PATH") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not program:
        pytest.fail("Chromium is missing: install it (apt install chromium) or set CHROMIUM_PATH.")
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright's synchronous interface keeps an event loop in this thread; Django would refuse its queries here.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        chromium = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained about; a test that provokes a complaint on purpose clears the list."""
    return []


@pytest.fixture
def new_page(browser: Browser, live_server: Any, complaints: list[str]) -> Iterator[Callable[..., Page]]:
    """Makes pages, each with cookies of its own (``new_page(viewport=…, java_script_enabled=False)``).

    Relative addresses are the live server's. When the test is over, any complaint of any page fails it.
    """
    contexts: list[BrowserContext] = []

    def make(**options: Any) -> Page:
        context = browser.new_context(base_url=live_server.url, locale="en-US", **options)
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: _note_error(message, complaints))
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        return page

    yield make
    for context in contexts:
        context.close()
    assert not complaints, "\n".join(complaints)


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """A page of a laptop's size; see ``new_page``."""
    return new_page(viewport={"width": 1280, "height": 800})


@pytest.fixture
def phone(new_page: Callable[..., Page]) -> Page:
    """A page of a small phone's size (WCAG 1.4.10: 320 CSS pixels); see ``new_page``."""
    return new_page(viewport={"width": 320, "height": 640}, has_touch=True, is_mobile=True)


@pytest.fixture
def assert_accessible() -> Callable[[Page], None]:
    """``assert_accessible(page)`` fails with axe's findings on the page as it stands."""

    def check(page: Page) -> None:
        assert faults_of(page) == ""

    return check


def faults_of(page: Page) -> str:
    """Return axe's findings on the page as it stands, or nothing. No rule in use needs the style sheets once more."""
    results = Axe().run(page, options={"resultTypes": ["violations"], "preload": False})
    return f"{page.url}\n{results.generate_report()}" if results.violations_count else ""


def sign_in(page: Page, user: User) -> None:
    """Give the browser a session of ``user`` without the way through the form."""
    client = Client()
    client.force_login(user)
    page.goto("/account/login/")
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": urljoin(page.url, "/")}])


def _note_error(message: ConsoleMessage, complaints: list[str]) -> None:
    if message.type == "error":
        complaints.append(f"{message.location.get('url', '')}: {message.text}")
