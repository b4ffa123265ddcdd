"""The screen that locks, in a real browser: a warning, a key to stay, opened in place, nothing typed is lost (R41)."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect
from pytest_django import Settings

from practice.models import Practice, User
from tests.e2e.test_shell import sign_in
from tests.factories.practice import PASSWORD, AdministratorFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.log_off]

Check = Callable[[Page], None]
TYPED = "Riverside Practice for Groups"


@pytest.fixture
def administrator(settings: Settings) -> User:
    settings.REQUIRE_STAFF_MFA = False
    Practice.objects.update(phone="(718) 555-0142")
    return AdministratorFactory()


@pytest.fixture
def typing(page: Page, administrator: User) -> Page:
    """A page whose clock stands still, with something typed into it and not yet saved."""
    page.clock.install()
    sign_in(page, administrator)
    page.goto("/practice/")
    page.get_by_label("Practice name").fill(TYPED)
    return page


def let_pass(seconds: int) -> None:
    """Make the only session as old and as unused as it will be after ``seconds``."""
    [row] = Session.objects.all()
    data = row.get_decoded()
    data["log_off"] = {**data["log_off"], **{name: data["log_off"][name] - seconds for name in ("since", "seen")}}
    row.session_data = Session.objects.encode(data)
    row.save()


def leave_alone(page: Page, **time: int) -> None:
    """Let time pass in which nobody touches anything: on the server and in the browser."""
    seconds = int(timedelta(**time).total_seconds())
    let_pass(seconds)
    page.clock.fast_forward(seconds * 1000)


def test_a_warning_five_minutes_before_and_one_key_to_stay(typing: Page, assert_accessible: Check) -> None:
    leave_alone(typing, minutes=11)
    warning = typing.get_by_role("dialog", name="Are you still there?")
    expect(warning).to_contain_text(re.compile(r"locks at \d+:\d\d [AP]M"))
    expect(warning.get_by_role("button", name="Keep it open")).to_be_focused()
    assert_accessible(typing)
    typing.keyboard.press("Enter")
    expect(warning).to_be_hidden()
    leave_alone(typing, minutes=9)
    expect(warning).to_be_hidden()


def test_a_locked_screen_shows_nothing_and_opens_in_place(
    typing: Page, assert_accessible: Check, complaints: list[str]
) -> None:
    leave_alone(typing, minutes=16)
    lock = typing.get_by_role("dialog", name="This screen is locked")
    expect(lock).to_be_visible()
    expect(typing.get_by_label("Practice name")).to_be_hidden()
    assert_accessible(typing)
    typing.keyboard.press("Escape")
    expect(lock).to_be_visible()

    lock.get_by_label("Your password").fill("not the password")
    typing.keyboard.press("Enter")
    expect(lock.get_by_role("alert")).to_be_visible()
    complaints.clear()  # Chromium notes the 422
    lock.get_by_label("Your password").fill(PASSWORD)
    typing.keyboard.press("Enter")
    expect(lock).to_be_hidden()
    expect(typing.get_by_label("Practice name")).to_have_value(TYPED)
    typing.get_by_role("button", name="Save name and phone").click()
    expect(typing.get_by_text("Name and phone are saved.")).to_be_visible()
    assert Practice.objects.get().name == TYPED


def test_signed_out_elsewhere_the_text_waits_for_a_new_sign_in(typing: Page, administrator: User) -> None:
    leave_alone(typing, hours=12)
    over = typing.get_by_role("dialog", name="You were signed out")
    expect(over).to_be_visible()
    over.get_by_role("button", name="I have signed in").click()
    expect(over.get_by_text("You are not signed in yet.")).to_be_visible()

    other = typing.context.new_page()
    sign_in(other, administrator)
    over.get_by_role("button", name="I have signed in").click()
    expect(over).to_be_hidden()
    typing.get_by_role("button", name="Save name and phone").click()
    expect(typing.get_by_text("Name and phone are saved.")).to_be_visible()
    assert Practice.objects.get().name == TYPED


def test_without_javascript_what_was_sent_comes_back(
    new_page: Callable[..., Page], administrator: User, complaints: list[str]
) -> None:
    page = new_page(java_script_enabled=False)
    sign_in(page, administrator)
    page.goto("/practice/")
    page.get_by_label("Practice name").fill(TYPED)
    let_pass(3600)
    page.get_by_role("button", name="Save name and phone").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Send it").click()
    assert Practice.objects.get().name == TYPED
    complaints.clear()  # Chromium notes the 403 that asked for the password
