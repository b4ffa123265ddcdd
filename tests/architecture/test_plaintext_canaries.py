"""No word of a record is found where none belongs: in logs, in Redis, on error pages (TRUST, notes at rest).

The dump of the database is looked through in ``tests/config/test_backup.py``, every answer in the permission matrix,
every message in ``tests/reminders/test_no_leak.py``.
"""

import io
import logging
from collections.abc import Iterator

import pytest
import redis
from django.conf import settings as django_settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client as Browser
from django.test import override_settings
from django.urls import include, path, reverse
from django.utils.log import configure_logging
from pytest_django import Settings

from practice.models import User
from sessions_log.models import GroupNote
from tests.architecture.permissions.matrix import Objects, rows
from tests.architecture.permissions.scene import Scene
from tests.architecture.permissions.words import words_in

pytestmark = pytest.mark.django_db

# Rows whose answers hold words of records, as its leader, supervisor, coordinator and member open and send them.
TELLING = {name: row for name, row in rows().items() if row.shows}


def breaks(request: HttpRequest) -> HttpResponse:
    """Fail with a note in hand, and say it aloud."""
    words = str(GroupNote.objects.filter(signed_at__isnull=False).first().parts)  # type: ignore[union-attr]
    raise RuntimeError(words)


urlpatterns = [path("breaks/", breaks), path("", include("config.urls"))]
handler500 = "home.errors.server_error"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that is logged during the test, as the configured handler writes it."""
    stream = io.StringIO()
    configure_logging("logging.config.dictConfig", django_settings.LOGGING)
    (handler,) = logging.getLogger().handlers[-1:]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(stream)
    logging.getLogger().setLevel(logging.DEBUG)
    yield stream
    configure_logging("logging.config.dictConfig", django_settings.LOGGING)


def signed_in(person: User) -> Browser:
    browser = Browser(raise_request_exception=False)
    browser.force_login(person)
    return browser


def in_redis() -> str:
    """All that Redis holds: names and values, of whatever type."""
    server = redis.from_url(django_settings.REDIS_URL)
    reading = {
        b"string": server.get,
        b"list": lambda key: server.lrange(key, 0, -1),
        b"hash": server.hgetall,
        b"set": server.smembers,
        b"zset": lambda key: server.zrange(key, 0, -1),
    }
    return "\n".join(f"{key!r} {reading[server.type(key)](key)!r}" for key in server.scan_iter())


def test_what_people_read_and_write_leaves_no_word_behind(
    scene: Scene, objects: Objects, settings: Settings, log: io.StringIO
) -> None:
    settings.REQUIRE_STAFF_MFA = False
    for letter in "TM":
        browser = signed_in(scene.people[letter])
        for name, row in TELLING.items():
            for verb in ("get", "post"):
                if letter in getattr(row, verb):
                    with transaction.atomic():
                        getattr(browser, verb)(reverse(name, kwargs=objects[row.of]), objects[row.carries])
                        transaction.set_rollback(True)
    assert "request_finished" in log.getvalue()
    assert words_in(log.getvalue()) == set()
    assert words_in(in_redis()) == set()


def test_a_page_that_breaks_with_a_note_in_hand_tells_it_to_nobody(
    scene: Scene, objects: Objects, settings: Settings, log: io.StringIO, mailoutbox: list[object]
) -> None:
    settings.REQUIRE_STAFF_MFA = False
    with override_settings(ROOT_URLCONF=__name__):
        response = signed_in(scene.people["T"]).get("/breaks/")
    assert response.status_code == 500
    assert words_in(response.content.decode()) == set()
    assert "RuntimeError" in log.getvalue()
    assert words_in(log.getvalue()) == set()
    assert mailoutbox == []


def test_the_search_finds_what_is_there() -> None:
    assert words_in("{'note': 'ZqnoteofHereqz'}") == {("note", "here")}
    redis.from_url(django_settings.REDIS_URL).rpush("canary", "Zqnoteofhereqz")
    assert words_in(in_redis()) == {("note", "here")}
    redis.from_url(django_settings.REDIS_URL).delete("canary")
