"""The banner over a record opened in an emergency counts down, and takes the chart from the screen when it is over."""

import datetime
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from common.clock import now
from members.models import EmergencyAccess
from tests.browser import sign_in
from tests.factories.members import ClientFactory
from tests.factories.practice import TherapistFactory

pytestmark = pytest.mark.django_db(transaction=True)

REASON = "Called from the emergency room, asks for the medication."


@pytest.fixture
def clock() -> None:
    """The real one: the browser's own must agree with the server's."""


def open_chart(page: Page) -> EmergencyAccess:
    client = ClientFactory(first_name="Noor", last_name="Haddad")
    sign_in(page, TherapistFactory())
    page.goto(reverse("home:emergency"))
    page.get_by_role("textbox", name="Record number").fill(client.record_number)
    page.get_by_role("button", name="Find by number").click()
    page.get_by_label("What is the emergency?").fill(REASON)
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Open the record").click()
    expect(page.get_by_role("heading", name="Noor Haddad")).to_be_visible()
    return EmergencyAccess.objects.get()


def test_the_minutes_tick_until_it_is_over(
    new_page: Callable[..., Page], assert_accessible: Callable[[Page], None]
) -> None:
    page = new_page()
    page.clock.install()
    open_chart(page)
    banner = page.get_by_role("complementary", name="Open in an emergency")
    expect(banner).to_contain_text("60 minutes left")
    page.clock.fast_forward("57:30")
    expect(banner).to_contain_text("3 minutes left")
    page.clock.fast_forward("02:00")
    expect(banner).to_contain_text("1 minute left")
    expect(page.get_by_text("How to reach them")).to_be_visible()
    page.clock.fast_forward("01:00")
    expect(banner).to_contain_text("The emergency access is over")
    expect(page.get_by_role("button", name="Close now")).to_have_count(0)
    expect(page.get_by_text("How to reach them")).to_have_count(0)
    assert_accessible(page)


def test_it_works_without_javascript(new_page: Callable[..., Page], complaints: list[str]) -> None:
    page = new_page(java_script_enabled=False)
    access = open_chart(page)
    banner = page.get_by_role("complementary", name="Open in an emergency")
    expect(banner).to_contain_text("60 minutes left")
    expect(banner).not_to_contain_text("is over")
    banner.get_by_role("button", name="Close now").click()
    page.goto(reverse("home:emergency_chart", args=[access.pk]))
    expect(page.get_by_role("heading", name="The emergency access is over")).to_be_visible()
    expect(page.get_by_text("How to reach them")).to_have_count(0)
    access.refresh_from_db()
    assert access.closed_at is not None
    assert now() - access.closed_at < datetime.timedelta(minutes=1)
    complaints.clear()  # the console tells of every answer that is no success
