"""How many steps planning takes, and the calendar without a mouse (R32)."""

from collections.abc import Callable

import pytest
import time_machine
from playwright.sync_api import Page, Request

from groups_app.models import Group
from practice.models import User
from sessions_log.models import Session
from tests.factories.practice import RoomFactory

pytestmark = pytest.mark.django_db(transaction=True)


def test_fourteen_weekly_sessions_are_one_form(
    clock: time_machine.Traveller,
    new_page: Callable[..., Page],
    open_as: Callable[[Page, User, str], None],
    therapist: User,
) -> None:
    room = RoomFactory()
    page = new_page()
    open_as(page, therapist, "/sessions/")
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request) if request.is_navigation_request() else None)

    page.get_by_role("link", name="Plan a group").click()
    page.get_by_label("Name").fill("Tuesday evening circle")
    page.get_by_label("Site").select_option(label="Brooklyn")
    page.get_by_label("Room").select_option(label=f"Brooklyn: {room.name}")
    page.get_by_label("First session").fill("11/24/2026")
    page.get_by_label("Time", exact=True).fill("18:00")
    page.get_by_role("button", name="Plan the group").click()
    page.wait_for_url("**/groups/*/")

    group = Group.objects.get()
    assert group.sessions.count() == 14
    assert list(group.sessions.values_list("local_day", flat=True).order_by("number"))[-1].isoformat() == "2027-02-23"
    # One page with the form, one sending of it, and the group's page it leads to.
    assert [request.method for request in asked] == ["GET", "POST", "GET"]


def test_the_calendar_goes_by_keys(
    clock: time_machine.Traveller,
    new_page: Callable[..., Page],
    open_as: Callable[[Page, User, str], None],
    session: Session,
    therapist: User,
) -> None:
    page = new_page()
    open_as(page, therapist, "/sessions/")
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**/sessions/?day=2026-11-23")
    page.keyboard.press("m")
    page.wait_for_url("**/sessions/month/?day=2026-11-23")
    # From one session to the next, which is a week later.
    page.locator(".event").first.focus()
    page.keyboard.press("ArrowRight")
    assert page.locator(".event").nth(1).evaluate("event => event === document.activeElement")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sessions/*-*/")
