"""The frame, the components and the account pages in a real browser."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from practice.models import Role
from tests.browser import sign_in
from tests.factories.practice import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)

Check = Callable[[Page], None]
ACCOUNT_PAGES = (
    "/account/2fa/",
    "/account/2fa/totp/activate/",
    "/account/2fa/webauthn/add/",
    "/account/2fa/webauthn/",
    "/account/password/change/",
    "/account/email/",
    "/account/sessions/",
    "/account/logout/",
)
ENTRANCE_PAGES = ("/account/login/", "/account/password/reset/", "/account/password/reset/done/", "/account/signup/")


@pytest.fixture(autouse=True)
def _developing(settings: Settings) -> None:
    settings.DEBUG = True
    settings.REQUIRE_STAFF_MFA = False


def confirm_password(page: Page) -> None:
    """Answer the question that stands before the pages which change how an account is opened."""
    expect(page.get_by_role("heading", name="Is it you?")).to_be_visible()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm", exact=True).click()
    page.wait_for_url(lambda address: "/reauthenticate/" not in address)


def assert_nothing_runs_out_of_sight(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (800, "dark"), (1280, "light"), (1280, "dark")])
def test_every_component_is_accessible_and_fits(
    new_page: Callable[..., Page], assert_accessible: Check, scheme: str, width: int
) -> None:
    page = new_page(viewport={"width": width, "height": 800}, color_scheme=scheme, reduced_motion="reduce")
    sign_in(page, UserFactory(roles=[Role.THERAPIST, Role.COORDINATOR, Role.ADMINISTRATOR]))
    page.goto("/style/")
    assert_nothing_runs_out_of_sight(page)
    assert_accessible(page)


def test_the_problems_of_a_form_and_the_search_take_the_focus(page: Page) -> None:
    sign_in(page, UserFactory())
    page.goto("/style/")
    # The summary of a form's errors takes the focus.
    expect(page.locator("[data-problems]")).to_be_focused()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("/")
    expect(page.locator("#find")).to_be_focused()


def test_the_first_stop_is_the_way_to_the_content(page: Page) -> None:
    page.goto("/account/password/reset/done/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()


def test_a_dialog_asks_and_a_message_goes(page: Page) -> None:
    sign_in(page, UserFactory())
    page.goto("/style/")
    page.get_by_role("link", name="Cancel session").click()
    dialog = page.get_by_role("dialog", name="Cancel this session?")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Keep it").click()
    expect(dialog).to_be_hidden()
    flash = page.locator("[data-flash]").first
    expect(flash).to_contain_text("Keiko Tanaka")
    flash.get_by_role("button", name="Dismiss").click()
    expect(page.locator("main")).not_to_contain_text("Keiko Tanaka was proposed")


def test_on_a_phone_the_menu_opens_and_closes_without_javascript(new_page: Callable[..., Page]) -> None:
    page = new_page(viewport={"width": 390, "height": 800}, java_script_enabled=False)
    sign_in(page, UserFactory(first_name="Dana", last_name="Whitfield", credentials="PsyD"))
    page.goto("/style/")
    menu = page.locator("#rail")
    expect(menu).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    expect(menu).to_contain_text("Dana Whitfield, PsyD")
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    # What needs JavaScript does not offer itself.
    expect(page.get_by_role("button", name="Dismiss").first).to_be_hidden()


@pytest.mark.parametrize("address", ENTRANCE_PAGES)
def test_the_entrance_is_ours_accessible_and_fits(phone: Page, assert_accessible: Check, address: str) -> None:
    phone.goto(address)
    expect(phone.locator("h1")).to_have_count(1)
    expect(phone.locator(".entrance .mark")).to_be_visible()
    assert_nothing_runs_out_of_sight(phone)
    assert_accessible(phone)


@pytest.mark.parametrize("role", [Role.THERAPIST, Role.MEMBER])
def test_the_pages_of_an_account_are_ours_accessible_and_fit(phone: Page, assert_accessible: Check, role: Role) -> None:
    sign_in(phone, UserFactory(roles=[role]))
    phone.goto("/account/2fa/totp/activate/")
    assert_accessible(phone)
    confirm_password(phone)
    for address in ACCOUNT_PAGES:
        phone.goto(address)
        expect(phone.locator("h1")).to_have_count(1)
        assert phone.url.endswith(address)
        assert_nothing_runs_out_of_sight(phone)
        assert_accessible(phone)


def test_a_wrong_password_says_so_in_the_title_and_on_top(page: Page) -> None:
    user = UserFactory()
    page.goto("/account/login/")
    page.get_by_label("Email").fill(user.email)
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator("[data-problems]")).to_be_focused()
    expect(page).to_have_title(re.compile(r"^Error: "))
    expect(page.get_by_label("Email")).to_have_value(user.email)


def test_a_passkey_is_added_and_opens_the_account(page: Page, assert_accessible: Check) -> None:
    """R41: passkeys, under a policy that forbids inline script, with Chromium's own virtual authenticator."""
    with_authenticator(page)
    sign_in(page, UserFactory())
    page.goto("/account/2fa/webauthn/add/")
    confirm_password(page)
    page.get_by_label("Name").fill("Laptop")
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    assert_accessible(page)

    page.goto("/account/2fa/webauthn/")
    expect(page.get_by_text("Laptop", exact=True).first).to_be_visible()
    assert_accessible(page)

    page.goto("/account/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    page.wait_for_url(lambda address: "/account/logout/" not in address)
    page.goto("/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(lambda address: "/account/login/" not in address)
    page.goto("/account/sessions/")
    expect(page.get_by_text("This device")).to_be_visible()


def with_authenticator(page: Page) -> None:
    """Plug a virtual authenticator with a working fingerprint sensor into the browser."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
