"""Words of psychotherapy notes appear nowhere but on their author's own pages (R36; TRUST, zero plaintext canaries)."""

import logging
import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import Settings

from process_notes.interactions.entries import Interaction, Kind, written
from process_notes.models import InteractionMap, ProcessNote
from process_notes.services import keep_note
from tests.architecture.permissions.scene import Scene, all_objects, make_scene

pytestmark = pytest.mark.django_db
CANARY = "oriole-in-the-mine"


def test_the_words_are_in_no_row_and_in_no_log(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    """That they are on no other page is seen by the permission matrix, which has canaries of its own."""
    settings.REQUIRE_STAFF_MFA = False
    caplog.set_level(logging.DEBUG)
    scene = make_scene()
    all_objects(scene)
    with time_machine.travel(scene.session.ends_at + timedelta(hours=1), tick=False):
        _sow(scene)
        for letter in scene.people:
            browser = Browser(raise_request_exception=False)
            browser.force_login(scene.people[letter])
            for name in ("process_notes:session", "process_notes:map", "sessions_log:session"):
                answer = browser.get(reverse(name, args=[scene.session.pk])).content.decode()
                assert (CANARY in answer) == (letter == "T" and name == "process_notes:session")
    assert CANARY not in caplog.text
    assert CANARY not in _everything_stored()


def _sow(scene: Scene) -> None:
    """Put the words into the note and the map that the leader has, through the verbs as far as they take them."""
    author = scene.people["T"]
    stored = ProcessNote.objects.by(author).get()
    keep_note(session=scene.session, text=f"{CANARY} in words", version=stored.version, by=author)
    drawn = InteractionMap.objects.by(author).get()
    drawn.entries = written([Interaction(1, f"m:{CANARY}", "group", Kind.REMARK)])
    drawn.save()


def _everything_stored() -> str:
    """All rows of all tables as a dump would hold them; bytes are shown as letters, too."""
    texts = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables "
            "WHERE schemaname NOT IN ('pg_catalog', 'information_schema') "
            "AND has_table_privilege(format('%I.%I', schemaname, tablename), 'SELECT')"
        )
        tables = [name for (name,) in cursor.fetchall()]
        for name in tables:
            cursor.execute(f"SELECT t::text FROM {name} AS t")  # noqa: S608 (the catalogue's own quoting)
            texts += [row for (row,) in cursor.fetchall()]
    assert any("process_notes_processnote" in name for name in tables)
    everything = "\n".join(texts)
    stored_bytes = bytes.fromhex("".join(re.findall(r"\\\\x([0-9a-f]*)", everything)))
    return everything + stored_bytes.decode(errors="replace")
