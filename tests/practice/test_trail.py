"""Signing in and out, failing to, and changing how, is written down (R42)."""

import pytest
from django.test import Client as Browser
from django.urls import reverse

from audit.querysets import Entries
from tests.factories.practice import TherapistFactory

pytestmark = pytest.mark.django_db

PASSWORD = "a quiet lake in October"


def test_signing_in_out_and_failing_to(client: Browser) -> None:
    person = TherapistFactory(email="thea@kith.example")
    person.set_password(PASSWORD)
    person.save()
    login = reverse("account_login")
    client.post(login, {"login": "thea@kith.example", "password": "wrong wrong wrong"})
    client.post(login, {"login": "thea@kith.example", "password": PASSWORD}, REMOTE_ADDR="203.0.113.5")
    client.post(reverse("account_logout"))
    entries = list(Entries(target=str(person.pk)))
    assert [entry.action for entry in entries] == ["account.signed_out", "account.signed_in", "account.sign_in_failed"]
    assert (entries[1].actor_id, entries[1].address) == (person.pk, "203.0.113.5")
    assert entries[2].actor_id is None


def test_what_was_typed_is_never_written_down(client: Browser) -> None:
    before = len(Entries(actions=("account.sign_in_failed",)))
    client.post(reverse("account_login"), {"login": "nobody@kith.example", "password": "wrong wrong wrong"})
    entry = Entries(actions=("account.sign_in_failed",))[0]
    assert len(Entries(actions=("account.sign_in_failed",))) == before + 1
    assert (entry.target_id, entry.reason, entry.actor_id) == ("", "", None)
