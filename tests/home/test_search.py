"""One search for staff, among what each may see."""

from typing import Any

import pytest
from django.urls import reverse

from groups_app.models import Group
from home.reads.search import search_for
from practice.models import User
from tests.factories.groups_app import GroupFactory, MembershipFactory
from tests.factories.members import ClientFactory

pytestmark = pytest.mark.django_db


def names(words: str, user: User) -> list[str]:
    """The names found, clients first."""
    hits = search_for(words, user)
    return [client.name for client in hits.clients] + [group.name for group in hits.groups]


@pytest.mark.parametrize("words", ["nunez", "NÚÑEZ", "jo nun", "  Núñez  José ", "pepe"])
def test_finds_by_any_part_without_case_and_accents(coordinator: User, words: str) -> None:
    ClientFactory(first_name="José", last_name="Núñez", preferred_name="Pepe")
    ClientFactory(first_name="Jo", last_name="Smith")
    assert names(words, coordinator) == ["Pepe Núñez"]


def test_finds_groups(coordinator: User, circle: Group) -> None:
    assert names("circle tues", coordinator) == ["Tuesday morning circle"]


def test_a_therapist_finds_only_their_own(dana: User, circle: Group) -> None:
    """R43."""
    mine = MembershipFactory(group=circle, client=ClientFactory(last_name="Quill")).client
    MembershipFactory(group=GroupFactory(name="Other circle"), client=ClientFactory(last_name="Quillon"))
    assert names("quill", dana) == [mine.name]
    assert names("circle", dana) == [circle.name]


@pytest.mark.parametrize("words", ["", " ", "a", "\x00", "%_"])
def test_little_or_odd_input_finds_nothing(sign_in: Any, coordinator: User, words: str) -> None:
    ClientFactory()
    response = sign_in(coordinator).get(reverse("home:search"), {"q": words})
    assert response.status_code == 200
    assert response.context["hits"].clients == []


def test_the_page_shows_hits_and_says_when_there_are_none(sign_in: Any, coordinator: User, circle: Group) -> None:
    browser = sign_in(coordinator)
    assert reverse("home:group", args=[circle.pk]) in browser.get(reverse("home:search"), {"q": "morning"}).text
    assert "Nobody and no group of that name" in browser.get(reverse("home:search"), {"q": "zzzz"}).text
