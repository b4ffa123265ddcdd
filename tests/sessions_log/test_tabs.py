"""Three tabs write about the same session: no acknowledged sentence is ever lost (R37; TRUST, races and bad input)."""

from collections.abc import Callable
from typing import Any, ClassVar

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from groups_app.models import Membership
from practice.models import User
from sessions_log.models import MemberNote, Session
from sessions_log.page import Page
from sessions_log.page_parts import LinePart
from sessions_log.services import MemberNoteDraft, save_member_note
from sessions_log.sheet import Sheet

pytestmark = pytest.mark.django_db
TABS = st.integers(min_value=0, max_value=2)


class Tabs(RuleBasedStateMachine):
    """Each tab holds a text and the version it started from, as a browser does."""

    browser: ClassVar[Client]
    session: ClassVar[Session]
    membership: ClassVar[Membership]

    def __init__(self) -> None:
        super().__init__()
        self.example = transaction.atomic()
        self.example.__enter__()
        self.key = str(self.membership.pk)
        self.written = 0
        self.acknowledged: set[str] = set()
        self.tabs = [self.opened() for _ in range(3)]

    def part(self) -> LinePart:
        page = Page(Sheet(Session.objects.get(pk=self.session.pk)), preferred="short")
        return next(part for part in page.lines if part.key == self.key)

    def opened(self) -> dict[str, str]:
        part = self.part()
        return {"was": part.was, "text": part.texts["note"]}

    @rule(tab=TABS)
    def crash(self, tab: int) -> None:
        """What was not saved is gone with the browser; nobody promised it."""
        self.tabs[tab] = self.opened()

    @rule(tab=TABS, at_start=st.booleans())
    def write(self, tab: int, at_start: bool) -> None:
        self.written += 1
        sentence, text = f"Sentence {self.written}.", self.tabs[tab]["text"]
        self.tabs[tab]["text"] = f"{sentence} {text}".strip() if at_start else f"{text} {sentence}".strip()

    @rule(tab=TABS)
    def save(self, tab: int) -> None:
        answer = self.send(tab)
        if "conflicts" not in answer:
            return
        (conflict,) = answer["conflicts"]
        # "Put both together", as the page offers it.
        stored, part = MemberNote.objects.get(membership=self.membership), self.part()
        part.texts = {"note": self.tabs[tab]["text"]}
        part.take_both(stored)
        assert sentences(part.texts["note"]) == sentences(stored.text) | sentences(self.tabs[tab]["text"])
        self.tabs[tab] = {"was": conflict["was"], "text": part.texts["note"]}
        assert "conflicts" not in self.send(tab)

    def send(self, tab: int) -> dict[str, Any]:
        words = self.tabs[tab]
        response = self.browser.post(
            reverse("sessions_log:draft", args=[self.session.pk]),
            {f"{self.key}-was": words["was"], f"{self.key}-note": words["text"]},
        )
        answer: dict[str, Any] = response.json()
        assert response.status_code == (409 if "conflicts" in answer else 200)
        if response.status_code == 200:
            self.acknowledged |= sentences(words["text"])
            words["was"] = answer["was"][self.key]
        return answer

    @invariant()
    def everything_acknowledged_is_stored(self) -> None:
        note = MemberNote.objects.filter(membership=self.membership).first()
        assert self.acknowledged <= (sentences(note.text) if note else set())

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)


def test_no_acknowledged_sentence_is_lost(
    past_session: Session, members: list[Membership], therapist: User, sign_in: Callable[[User], Client]
) -> None:
    here = {"browser": sign_in(therapist), "session": past_session, "membership": members[0]}
    run_state_machine_as_test(
        type("TabsOfOneSession", (Tabs,), here),
        settings=settings(
            max_examples=8,
            stateful_step_count=12,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )


def test_a_tap_on_a_status_takes_no_newer_words_for_its_own(
    past_session: Session, members: list[Membership], therapist: User, sign_in: Callable[[User], Client]
) -> None:
    """An old tab sends a line of which only the status changed, twice: the words that came meanwhile stay."""
    browser, key = sign_in(therapist), str(members[0].pk)
    page = Page(Sheet(Session.objects.get(pk=past_session.pk)), preferred="short")
    was = next(part.was for part in page.lines if part.key == key)
    save_member_note(
        session=past_session, draft=MemberNoteDraft(members[0].pk, {"note": "Spoke first."}, version=0), by=therapist
    )
    for status in ("late", "present"):
        line = {f"{key}-was": was, f"{key}-note": "", f"{key}-status": status, f"{key}-minutes": ""}
        answer = browser.post(reverse("sessions_log:draft", args=[past_session.pk]), line)
        assert answer.status_code == 200
        was = answer.json()["was"][key]
    assert MemberNote.objects.get(membership=members[0]).text == "Spoke first."
    line |= {f"{key}-was": was, f"{key}-note": "Came early."}
    assert browser.post(reverse("sessions_log:draft", args=[past_session.pk]), line).status_code == 409


def sentences(text: str) -> set[str]:
    """Return the sentences of ``text``."""
    return {sentence.strip() for sentence in text.split(".") if sentence.strip()}
