"""A practice's own words must be as harmless as Kith's (R43, R48)."""

from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from practice.models import Practice, User
from reminders.models import Kind, MessageText, Via
from reminders.texts.lint import objections
from reminders.texts.template import Template
from reminders.texts.words import CHANNELS, words
from tests.factories.groups_app import GroupFactory
from tests.factories.practice import AdministratorFactory, TherapistFactory

pytestmark = pytest.mark.django_db

KIND, GOOD = Kind.SESSION, "Hello,\n\nsee you on {day} at {time}. Call {phone}."
PAGE = reverse("reminders:text", args=[KIND, "email"])


@pytest.fixture
def administrator(client: Browser, named_practice: Practice, settings: Any) -> User:
    """An administrator, signed in, of a practice with a group and a therapist."""
    settings.REQUIRE_STAFF_MFA = False
    GroupFactory(name="Evergreen", leaders=[TherapistFactory(first_name="Dana", last_name="May")])
    user = AdministratorFactory()
    client.force_login(user)
    return user


def reasons(body: str, *, heading: str = "", kind: str = KIND, channel: str = Via.EMAIL) -> list[str]:
    """What is said against a text."""
    return objections(
        kind=kind, channel=channel, heading=heading, body=body, groups=["Evergreen"], staff=[("Dana", "May")]
    )


@pytest.mark.parametrize("kind", list(Kind))
def test_kiths_own_words_pass(kind: Kind) -> None:
    for via in CHANNELS[kind]:
        own = words(kind, via)
        assert reasons(str(own.body), heading=str(own.heading), kind=kind, channel=via) == []


@pytest.mark.parametrize(
    ("added", "reason"),
    [
        ("Evergreen meets.", "name of a group"),
        ("the EVERGREEN evening", "name of a group"),
        ("See Dana May there.", "works here"),
        ("Ms. May awaits you.", "works here"),
        ("Dana awaits you.", "works here"),
        ("Your therapy goes on.", "therapy"),
        ("Your group waits.", "group"),
        ("Care for your anxiety", "anxiety"),
        ("Dr. Who", "Dr."),
        ("See https://elsewhere.example", "addresses"),
        ("Write to a@b.example", "addresses"),
        ("{name}", "Braces hold only these"),
        ("{day", "Braces hold only these"),
        ("{practice.policy}", "Braces hold only these"),
    ],
)
def test_refuses(added: str, reason: str) -> None:
    (sentence,) = reasons(f"{GOOD} {added}")
    assert reason in sentence


def test_may_is_a_month_and_a_verb_too() -> None:
    assert reasons(f"{GOOD} You may park in the yard.") == []


def test_a_first_name_that_is_a_word_may_begin_a_sentence() -> None:
    def named(text: str) -> list[str]:
        return objections(
            kind=KIND, channel=Via.EMAIL, heading="", body=f"{GOOD} {text}", groups=[], staff=[("Will", "Osei")]
        )

    assert named("Will you be there?") == []
    assert "works here" in named("You will meet Will.")[0]


def test_must_say_when() -> None:
    assert "{day} and {time}" in reasons("Hello, see you. {phone}")[0]


def test_a_subject_is_one_line_and_a_text_has_its_alphabet() -> None:
    assert "one line" in reasons(GOOD, heading="a\nb")[0]
    assert "🎈" in reasons(f"{GOOD} 🎈", channel=Via.TEXT)[0]
    assert reasons(f"{GOOD} “It’s fine” – naïve", channel=Via.TEXT) == []


def test_placeholders_reach_into_nothing() -> None:
    assert Template.of("{day} {x} {day.x}").fill({"day": "{time}", "time": "now"}) == "{time} {x} {day.x}"


# --- The pages ------------------------------------------------------------------------------------------------------
def test_lists_every_text(client: Browser, administrator: User) -> None:
    text = client.get(reverse("reminders:texts")).text
    for kind in Kind:
        assert str(kind.label) in text


def test_shows_what_arrives(client: Browser, administrator: User) -> None:
    text = client.get(PAGE).text
    assert "Wednesday, September 30" in text
    assert "Hudson Practice" in text
    assert "of 160 signs" in client.get(reverse("reminders:text", args=[KIND, "text"])).text


def test_previews_without_keeping(client: Browser, administrator: User) -> None:
    response = client.post(PAGE, {"heading": "On {day}", "body": GOOD, "try": ""})
    assert "see you on Wednesday, September 30" in response.text
    assert not MessageText.objects.exists()


def test_keeps_and_uses_them(client: Browser, administrator: User) -> None:
    for _ in range(2):
        assert client.post(PAGE, {"heading": "On {day}", "body": GOOD, "keep": ""}).status_code == 302
    text = MessageText.objects.get()
    assert (text.kind, text.channel, text.changed_by) == ("session", "email", administrator)
    assert "your words" in client.get(PAGE).text


def test_refuses_a_text_whose_end_would_be_cut_off(client: Browser, administrator: User) -> None:
    page = reverse("reminders:text", args=[KIND, "text"])
    body = "{practice}: {day}, {time}. {phone}. " + "Please bring this along. " * 4
    response = client.post(page, {"heading": "", "body": body, "keep": ""})
    assert "too long" in response.text
    assert not MessageText.objects.exists()


@pytest.mark.parametrize("button", ["keep", "try"])
def test_refuses_and_keeps_what_was_typed(client: Browser, administrator: User, button: str) -> None:
    response = client.post(PAGE, {"heading": "On {day}", "body": f"{GOOD} Evergreen", button: ""})
    assert "name of a group" in response.text
    assert "Evergreen</textarea>" in response.text
    assert not MessageText.objects.exists()


def test_goes_back_to_kiths_words(client: Browser, administrator: User) -> None:
    client.post(PAGE, {"heading": "On {day}", "body": GOOD, "keep": ""})
    for _ in range(2):
        assert client.post(reverse("reminders:text_reset", args=[KIND, "email"])).status_code == 302
    assert not MessageText.objects.exists()


@pytest.mark.parametrize("args", [("session", "pigeon"), ("nothing", "email"), ("alert", "text")])
def test_unknown_texts_are_unknown(client: Browser, administrator: User, args: tuple[str, str]) -> None:
    assert client.get(reverse("reminders:text", args=args)).status_code == 404
    assert client.post(reverse("reminders:text_reset", args=args)).status_code == 404


def test_a_text_message_that_would_be_too_long_loses_the_link_first(client: Browser, administrator: User) -> None:
    body = "{practice}: please come to us on {day} at {time}, we are looking forward to it. Call {phone}."
    page = reverse("reminders:text", args=[KIND, "text"])
    response = client.post(page, {"body": body, "try": ""})
    assert response.context["preview"].parts == 1
    assert "/a/" not in response.context["preview"].body
