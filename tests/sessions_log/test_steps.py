"""How many steps planning and recording take (R32, R34), and the calendar without a mouse."""

from collections.abc import Callable

import pytest
import time_machine
from playwright.sync_api import Page, Request, expect

from groups_app.models import Group
from practice.models import User
from sessions_log.models import MemberNote, Session
from tests.factories.groups_app import MembershipFactory
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


def test_recording_a_session_of_eight_takes_three_clicks_and_two_pages(
    request: pytest.FixtureRequest, new_page: Callable[..., Page], past_session: Session, therapist: User
) -> None:
    """One was away without a word; the others get a note each, the group one of its own; all is signed."""
    MembershipFactory.create_batch(5, group=past_session.group)
    page = new_page()
    clicks: list[str] = []
    page.expose_binding("count", lambda _source, words: clicks.append(words))
    page.add_init_script("addEventListener('pointerdown', event => count(event.target.textContent), true)")
    request.getfixturevalue("open_as")(page, therapist, "/today/")
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request) if request.is_navigation_request() else None)

    page.get_by_role("link", name="Take attendance").click()
    page.get_by_label("Theme").fill("Anger that is easier to leave than to say")
    people = page.locator("li.person")
    expect(people).to_have_count(8)
    people.nth(3).get_by_role("radio", name="Away no notice").check()
    for place in (0, 1, 2, 4, 5, 6, 7):
        people.nth(place).get_by_role("textbox").locator("visible=true").fill("Spoke of the week.")
    page.get_by_role("button", name="Check and sign").click()
    expect(page.get_by_text("Session 1 of 14 is signed.")).to_be_visible()

    assert len(clicks) == 3, clicks
    # The form, one sending of it, and the signed record it leads to.
    assert [request.method for request in asked] == ["GET", "POST", "GET"]
    past_session.refresh_from_db()
    assert past_session.is_documented
    assert MemberNote.objects.signed().count() == 7
    assert sorted(past_session.attendances.values_list("status", flat=True)) == ["no-show", *["present"] * 7]
