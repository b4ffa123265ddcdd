"""Autosave in a real browser: words outlive a cut network, a stopped server and the end of a sign-in (R37)."""

import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from django.contrib.sessions.models import Session as SignIn
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.test import Client
from django.test.testcases import LiveServerThread
from playwright.sync_api import Page, expect

from groups_app.models import Membership
from practice.models import User
from sessions_log.models import Attendance, MemberNote, Session
from sessions_log.services import MemberNoteDraft, document_session, keep_snippet
from tests.factories.practice import TherapistFactory

pytestmark = pytest.mark.django_db(transaction=True)
SAVED = "Saved 8:00 PM"
TRYING = "Not saved yet — trying again"


class DyingServer(ThreadedWSGIServer):
    """Tears its open connections when it ends, as a process does, and leaves its port to the next one."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **{**options, "allow_reuse_address": True})
        self.connections: list[socket.socket] = []

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        self.connections.append(connection)
        return connection, address

    def server_close(self) -> None:
        for connection in self.connections:
            with suppress(OSError):  # closed already
                connection.shutdown(socket.SHUT_RDWR)
        super().server_close()


class Server(LiveServerThread):
    """A server of a test's own, which may be ended and started again."""

    server_class = DyingServer


def start(server: Server) -> None:
    server.daemon = True
    server.start()
    server.is_ready.wait()
    assert server.error is None


@pytest.fixture
def note(
    request: pytest.FixtureRequest, page: Page, past_session: Session, members: list[Membership]
) -> Iterator[Page]:
    """The session's page, open in the leader's browser."""
    settings, client, live_server = (request.getfixturevalue(name) for name in ("settings", "client", "live_server"))
    settings.REQUIRE_STAFF_MFA = False
    give_cookie(page, client, past_session.leaders.get().user, live_server.url)
    page.goto(f"/sessions/{past_session.pk}/")
    yield page
    # No word may stay on a shared computer.
    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert not any(row.text in kept for row in MemberNote.objects.all())


def give_cookie(page: Page, client: Client, user: User, url: str) -> None:
    client.force_login(user)
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}])


def field(page: Page, membership: Membership) -> str:
    return f"#id_{membership.pk}-note"


def status(page: Page) -> Callable[[str], None]:
    return lambda words: expect(page.locator("[data-saved]")).to_have_text(words, timeout=20_000)


def test_saves_a_second_after_the_last_key_and_touches_nobody_else(note: Page, members: list[Membership]) -> None:
    note.fill(field(note, members[0]), "Spoke early.")
    status(note)(SAVED)
    assert MemberNote.objects.get().text == "Spoke early."
    assert not Attendance.objects.exists()
    note.get_by_role("radiogroup", name=members[1].client.roster_name).get_by_role("radio", name="Late").check()
    expect(note.locator("[data-counts]")).to_contain_text("1 late")
    assert Attendance.objects.get().membership == members[1]
    # What is saved needs no question before leaving.
    note.goto("/sessions/notes/")


def test_a_cut_network_keeps_the_words_and_tries_again(
    note: Page, members: list[Membership], complaints: list[str]
) -> None:
    note.context.set_offline(True)
    note.fill(field(note, members[0]), "Typed in the subway.")
    status(note)(TRYING)
    # A button would leave the page: it waits for the words instead.
    note.get_by_role("button", name="Check and sign").click()
    expect(note.locator(field(note, members[0]))).to_have_value("Typed in the subway.")
    assert not MemberNote.objects.exists()
    note.context.set_offline(False)
    status(note)(SAVED)
    assert MemberNote.objects.get().text == "Typed in the subway."
    complaints.clear()


def test_a_server_that_is_killed_and_comes_back_takes_the_words(
    request: pytest.FixtureRequest, note: Page, past_session: Session, members: list[Membership]
) -> None:
    first = Server("localhost", StaticFilesHandler)
    start(first)
    second = Server("localhost", StaticFilesHandler, port=first.port)
    request.addfinalizer(second.terminate)
    note.goto(f"http://localhost:{first.port}/sessions/{past_session.pk}/")
    first.terminate()
    note.fill(field(note, members[0]), "Typed while the server was down.")
    status(note)(TRYING)
    assert not MemberNote.objects.exists()
    start(second)
    status(note)(SAVED)
    assert MemberNote.objects.get().text == "Typed while the server was down."
    request.getfixturevalue("complaints").clear()


def test_a_proxy_without_a_server_behind_it_is_tried_again(
    note: Page, members: list[Membership], complaints: list[str]
) -> None:
    note.route("**/draft/", lambda route: route.fulfill(status=502, body="Bad gateway"))
    with note.expect_response("**/draft/") as answer:
        note.fill(field(note, members[0]), "Typed during a deployment.")
    assert answer.value.status == 502
    status(note)(TRYING)
    note.unroute("**/draft/")
    status(note)(SAVED)
    assert MemberNote.objects.get().text == "Typed during a deployment."
    complaints.clear()


@pytest.mark.parametrize("is_saved_before", [True, False])
def test_a_button_sends_the_page_whether_words_wait_or_not(
    note: Page, members: list[Membership], is_saved_before: bool
) -> None:
    """When nothing waits, the page is sent again while the browser still handles the first sending."""
    for membership in members:
        note.fill(field(note, membership), "Spoke.")
    note.fill("#id_group-theme", "Anger")
    if is_saved_before:
        expect(note.locator("[data-gaps]")).not_to_contain_text("note")
        status(note)(SAVED)
    note.get_by_role("button", name="Save", exact=True).click()
    expect(note.get_by_text("Session 1 of 14 is saved.")).to_be_visible()
    note.get_by_role("button", name="Check and sign").click()
    expect(note.get_by_text("Session 1 of 14 is signed.")).to_be_visible()
    assert MemberNote.objects.signed().count() == 3


def test_a_sign_in_that_ended_in_mid_sentence_keeps_the_words(
    request: pytest.FixtureRequest, note: Page, members: list[Membership], complaints: list[str]
) -> None:
    note.fill(field(note, members[0]), "In the middle of a sentence")
    SignIn.objects.all().delete()
    expect(note.get_by_role("heading", name="You were signed out")).to_be_visible()
    therapist, client, live_server = (request.getfixturevalue(name) for name in ("therapist", "client", "live_server"))
    give_cookie(note, client, therapist, live_server.url)  # signed in again in another tab
    note.get_by_role("button", name="I have signed in").click()
    status(note)(SAVED)
    expect(note.locator(field(note, members[0]))).to_have_value("In the middle of a sentence")
    assert MemberNote.objects.get().text == "In the middle of a sentence"
    complaints.clear()


def test_two_people_in_one_note_lose_nothing(
    note: Page, past_session: Session, members: list[Membership], complaints: list[str]
) -> None:
    colleague = TherapistFactory(first_name="Rosa", last_name="Osei")
    document_session(
        session=past_session, member_notes=[MemberNoteDraft(members[0].pk, {"note": "Theirs."})], by=colleague
    )
    note.fill(field(note, members[0]), "Mine.")
    expect(note.get_by_text("Rosa Osei saved other words")).to_be_visible()
    # Another note is saved all the same.
    note.fill(field(note, members[1]), "Listened.")
    status(note)(SAVED)
    assert {row.text for row in MemberNote.objects.all()} == {"Theirs.", "Listened."}
    # Whoever goes on writing keeps that as well.
    note.fill(field(note, members[0]), "Mine, and more.")
    note.get_by_role("button", name="Put both together").click()
    expect(note.locator("[data-conflict]")).to_have_count(0)
    status(note)(SAVED)
    assert MemberNote.objects.get(membership=members[0]).text == "Theirs. Mine, and more."
    complaints.clear()


def test_no_words_go_over_a_colleagues_before_somebody_chose(
    note: Page, past_session: Session, members: list[Membership], complaints: list[str]
) -> None:
    colleague = TherapistFactory(first_name="Rosa", last_name="Osei")
    theirs = MemberNoteDraft(members[0].pk, {"note": "Theirs."})
    document_session(session=past_session, member_notes=[theirs], by=colleague)
    note.fill(field(note, members[0]), "Mine.")
    expect(note.get_by_text("Rosa Osei saved other words")).to_be_visible()
    # The page that a button brings shows both as well, and goes on waiting, also when somebody writes on.
    note.get_by_role("button", name="Save", exact=True).click()
    expect(note.locator("[data-problems]")).to_be_visible()
    for membership, words, answer in ((members[1], "Listened.", 200), (members[0], "Mine, and more.", 409)):
        with note.expect_response("**/draft/") as response:
            note.fill(field(note, membership), words)
        assert response.value.status == answer
    assert {row.text for row in MemberNote.objects.all()} == {"Theirs.", "Listened."}
    note.get_by_role("button", name="Put both together").click()
    status(note)(SAVED)
    assert MemberNote.objects.get(membership=members[0]).text == "Theirs. Mine, and more."
    assert MemberNote.objects.get(membership=members[1]).text == "Listened."
    complaints.clear()


def test_everybody_is_here_and_back(note: Page, members: list[Membership]) -> None:
    note.get_by_role("radiogroup", name=members[0].client.roster_name).get_by_role("radio", name="Late").check()
    expect(note.locator("[data-counts]")).to_contain_text("1 late")
    note.get_by_role("button", name="Everybody is here").click()
    expect(note.locator("[data-counts]")).to_contain_text("1 here")
    note.get_by_role("button", name="Undo").click()
    expect(note.locator("[data-counts]")).to_contain_text("1 late")
    assert Attendance.objects.get(membership=members[0]).status == "late"


def test_names_are_marked_where_they_stand_while_one_writes(note: Page, members: list[Membership]) -> None:
    theme, marks = note.locator("#id_group-theme"), note.locator(".marks mark")
    theme.fill("Imani asked, and <b>Jonas</b> answered.")
    expect(marks).to_have_text(["Imani", "Jonas"])
    over, under = (note.locator(css).bounding_box() for css in ("[data-part=group] .marks", "#id_group-theme"))
    assert over == under
    # Marks never lie over other words than those they were found in.
    theme.press_sequentially("!")
    expect(note.locator(".marks")).to_be_hidden()
    expect(note.locator(".marks")).to_be_visible()
    note.locator("button[name=somebody_else][value='group imani']").click()
    note.wait_for_url("**/?check")
    expect(marks).to_have_text(["Jonas"])
    note.locator("button[name=take_name_out][value='group jonas']").click()
    expect(theme).to_have_value("Imani asked, and <b>a member</b> answered.!")
    expect(marks).to_have_count(0)


def test_a_snippet_goes_where_one_writes_by_keys_alone(
    request: pytest.FixtureRequest, note: Page, members: list[Membership], complaints: list[str]
) -> None:
    author = request.getfixturevalue("therapist")
    for name in ("Arrived", "Left"):
        keep_snippet(author=author, name=name, text=f"{name} calm.")
    first, menu = note.locator(field(note, members[0])), note.locator("#snippets")
    first.focus()
    note.context.set_offline(True)
    note.keyboard.press("Control+.")
    expect(menu).to_have_text("Your snippets are out of reach. Try again in a moment.")
    note.keyboard.press("Escape")
    note.context.set_offline(False)
    complaints.clear()
    note.keyboard.type("Late. Spoke.")
    for _letter in " Spoke.":
        note.keyboard.press("ArrowLeft")
    note.keyboard.press("Control+.")
    expect(menu.get_by_role("button", name="Arrived")).to_be_focused()
    note.keyboard.press("ArrowDown")
    note.keyboard.press("Enter")
    expect(first).to_be_focused()
    expect(first).to_have_value("Late. Left calm. Spoke.")
    note.keyboard.press("Control+.")
    expect(menu.get_by_role("button", name="Arrived")).to_be_focused()
    note.keyboard.press("ArrowUp")
    expect(menu.get_by_role("link", name="Change snippets")).to_be_focused()
    note.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(first).to_be_focused()
    status(note)(SAVED)
    assert MemberNote.objects.get().text == "Late. Left calm. Spoke."


def test_enter_in_a_field_saves_and_does_nothing_else(note: Page, members: list[Membership]) -> None:
    note.get_by_role("radiogroup", name=members[0].client.roster_name).get_by_role("radio", name="Late").check()
    minutes = note.locator(f"#id_{members[0].pk}-minutes")
    minutes.fill("10")
    minutes.press("Enter")
    expect(note.get_by_text("Session 1 of 14 is saved.")).to_be_visible()
    assert Attendance.objects.get(membership=members[0]).minutes_missed == 10


def test_from_text_to_text_without_a_mouse(note: Page, members: list[Membership]) -> None:
    note.get_by_role("radiogroup", name=members[1].client.roster_name).get_by_role("radio", name="Away").check()
    note.locator("#id_group-plan").focus()
    for membership in (members[0], members[2]):  # who is away needs no words
        note.keyboard.press("Control+Enter")
        expect(note.locator(field(note, membership))).to_be_focused()
    note.keyboard.press("Control+Shift+Enter")
    note.keyboard.press("Control+Shift+Enter")
    expect(note.locator("#id_group-plan")).to_be_focused()
