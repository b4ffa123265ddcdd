"""Psychotherapy notes in a real browser: tapping seats, pressing letters, saving by itself; accessible and narrow."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from groups_app.models import Membership
from practice.models import User
from process_notes.circle import map_of
from process_notes.models import ProcessNote
from process_notes.services import keep_note, record_interaction
from sessions_log.models import Session

pytestmark = pytest.mark.django_db(transaction=True)
Open = Callable[[Page, User, str], None]


def test_two_taps_or_two_letters(open_as: Open, page: Page, past_session: Session, members: list[Membership]) -> None:
    therapist = past_session.leaders.get().user
    open_as(page, therapist, f"/process-notes/sessions/{past_session.pk}/map/")
    seats = page.locator("[data-seat]")
    seats.filter(has_text="Imani A.").click()
    expect(page.locator("[data-hint]")).to_have_text("Imani A. spoke to …")
    page.get_by_role("radio", name="Support").check()
    seats.filter(has_text="Jonas Z.").click()
    expect(page.locator(".talk-list li")).to_have_count(1)
    ring = page.locator("[data-ring]")
    ring.focus()
    # The leader is A, then the members by name; the whole group comes last. U takes the last one back.
    for keys, count in (("3cb", 2), ("de", 3), ("u", 2), ("u", 1)):
        for key in keys:
            page.keyboard.press(key)
        expect(page.locator(".talk-list li")).to_have_count(count)
        expect(ring).to_be_focused()
    _network, recorded = map_of(past_session, therapist)
    assert [(one.source, one.target, one.kind) for one in recorded] == [
        (f"m:{members[0].pk}", f"m:{members[1].pk}", "support")
    ]


def test_words_save_themselves_and_stay_when_the_network_is_gone(
    open_as: Open, page: Page, past_session: Session, complaints: list[str]
) -> None:
    open_as(page, past_session.leaders.get().user, f"/process-notes/sessions/{past_session.pk}/")
    field = page.get_by_label("My process notes")
    field.fill("What I envied.")
    expect(page.locator("[data-saved]")).to_have_text("Saved 8:00 PM")
    page.context.set_offline(True)
    field.fill("What I envied, and why.")
    expect(page.locator("[data-saved]")).to_have_text(re.compile("Not saved yet"))
    page.context.set_offline(False)
    expect(page.locator("[data-saved]")).to_have_text("Saved 8:00 PM", timeout=15_000)
    assert ProcessNote.objects.get().text == "What I envied, and why."
    assert "envied" not in page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    complaints.clear()


def test_two_windows_lose_nothing(
    open_as: Open, page: Page, past_session: Session, therapist: User, complaints: list[str]
) -> None:
    open_as(page, therapist, f"/process-notes/sessions/{past_session.pk}/")
    keep_note(session=past_session, text="From the other window.", version=0, by=therapist)
    field = page.get_by_label("My process notes")
    field.fill("From this one.")
    expect(page.get_by_text("You saved other words in another window at 8:00 PM:")).to_be_visible()
    page.get_by_role("button", name="Put both together").click()
    expect(field).to_have_value("From the other window. From this one.")
    expect(page.locator("[data-saved]")).to_have_text("Saved 8:00 PM")
    assert ProcessNote.objects.get().text == "From the other window. From this one."
    complaints.clear()


@pytest.mark.parametrize("path", ["sessions/{session}/", "sessions/{session}/map/", "groups/{group}/map/", ""])
def test_accessible_and_narrow(
    request: pytest.FixtureRequest, path: str, past_session: Session, members: list[Membership]
) -> None:
    open_as, assert_accessible, phone = (
        request.getfixturevalue(name) for name in ("open_as", "assert_accessible", "phone")
    )
    therapist = past_session.leaders.get().user
    keep_note(session=past_session, text="What I envied.", version=0, by=therapist)
    for target in (f"m:{members[1].pk}", "group"):
        record_interaction(
            session=past_session, source=f"m:{members[0].pk}", target=target, kind="feedback", by=therapist
        )
    address = path.format(session=past_session.pk, group=past_session.group_id)
    open_as(phone, therapist, f"/process-notes/{address}")
    assert_accessible(phone)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 320
