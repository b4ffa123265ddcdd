"""Nobody answered, or four did, and what they said: no page looks different to anybody (R39, docs/climate.md)."""

import datetime
import re
from collections.abc import Iterator

import pytest
import time_machine
from django.db import transaction
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import Settings

from climate.items import FEWEST_ANSWERS, HIGHEST, ITEMS, LOWEST
from climate.models import CheckIn
from climate.tally import written
from tests.architecture.conftest import MORNING_AFTER
from tests.architecture.permissions.matrix import Objects, rows
from tests.architecture.permissions.scene import Scene

pytestmark = pytest.mark.django_db

# The pages that speak of the group, its session or its members; others read no check-in.
PAGES = (
    "climate:group",
    "home:group",
    "home:today",
    "home:member",
    "home:report",
    "home:report_csv",
    "sessions_log:session",
    "sessions_log:member_notes",
    "members:detail",
)
# When the check-in has closed.
AFTERWARD = MORNING_AFTER + datetime.timedelta(days=4)
PASSING = re.compile(rb'(?:csrfmiddlewaretoken" value|data-csrf)="\w+"')


@pytest.fixture
def _afterward(settings: Settings) -> Iterator[None]:
    settings.REQUIRE_STAFF_MFA = False
    with time_machine.travel(AFTERWARD, tick=False):
        yield


def seen(scene: Scene, objects: Objects, *, answers: int, rating: int) -> dict[tuple[str, str], bytes]:
    """What everybody who may sees on each page after so many gave every question that rating."""
    found = {}
    with transaction.atomic():
        if answers:
            sums = {item.code: answers * rating for item in ITEMS}
            closes_at = scene.session.ends_at + datetime.timedelta(hours=72)
            CheckIn.objects.create(session=scene.session, closes_at=closes_at, answers=answers, tally=written(sums))
        for name in PAGES:
            row = rows()[name]
            for letter in row.get:
                browser = Browser()
                browser.force_login(scene.people[letter])
                response = browser.get(reverse(name, kwargs=objects[row.of]))
                assert response.status_code == 200
                found[name, letter] = PASSING.sub(b"", response.content)
        transaction.set_rollback(True)
    return found


@pytest.mark.usefixtures("_afterward")
def test_too_few_answers_change_no_page_whatever_they_say(scene: Scene, objects: Objects) -> None:
    nobody = seen(scene, objects, answers=0, rating=LOWEST)
    for rating in (LOWEST, HIGHEST):
        few = seen(scene, objects, answers=FEWEST_ANSWERS - 1, rating=rating)
        assert [asked for asked in nobody if few[asked] != nobody[asked]] == []
    enough = seen(scene, objects, answers=FEWEST_ANSWERS, rating=3)
    assert {asked for asked in nobody if enough[asked] != nobody[asked]} == {
        ("climate:group", "T"),
        ("climate:group", "S"),
    }
