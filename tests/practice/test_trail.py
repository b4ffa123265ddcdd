"""Signing in and out, failing to, and changing how, is written down (R42)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from audit.querysets import Entries
from practice import services
from practice.models import Practice, User
from tests.factories.members import ClientFactory
from tests.factories.practice import TherapistFactory
from tests.practice.conftest import PERSON_FORM

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


def test_an_administrator_reads_what_happened_with_an_account_and_nothing_of_anybody_in_care(
    office: Browser, administrator: User, browser_of: Callable[[User], Browser]
) -> None:
    """Who did it, with which roles since, what was refused; the look itself is in it the next time."""
    person, client = TherapistFactory(first_name="Thea", last_name="Marsh"), ClientFactory()
    assert browser_of(person).get(reverse("members:detail", args=[client.pk])).status_code == 404
    office.post(reverse("practice:person", args=[person.pk]), PERSON_FORM | {"email": person.email})
    for name in ("person_sign_out", "person_deactivate", "person_reactivate"):
        office.post(reverse(f"practice:{name}", args=[person.pk]))
    address = reverse("practice:person_trail", args=[person.pk])
    page = office.get(address).content.decode()
    for words in (
        "Reactivated the account",
        "Deactivated the account",
        "Signed the account out everywhere",
        "therapist, supervisor",
        "Ada Okafor",
        "members:detail",
    ):
        assert words in page
    member = reverse("practice:person_trail", args=[ClientFactory(with_account=True).user.pk])
    assert office.get(member).status_code == 404
    assert str(client.pk) not in page
    assert client.last_name not in page
    assert "Looked at what happened with the account" in office.get(address).content.decode()
    assert {entry.actor_id for entry in Entries(actions=("account.changed", "account.deactivated"))} == {
        administrator.pk
    }


def test_licenses_invitations_and_the_policy_are_written_down(office: Browser, administrator: User) -> None:
    person = TherapistFactory(password=None)
    services.invite(user=person, by=administrator)
    licensed = person.licenses.get()
    services.save_license(license=licensed, by=administrator)
    services.remove_license(license=licensed, by=administrator)
    services.save_policy(policy=Practice.objects.current().policy, by=administrator)
    written = [entry.action for entry in Entries(actor=administrator.pk) if not entry.action.endswith("signed_in")]
    assert written == [
        "practice.policy_changed",
        "account.license_removed",
        "account.license_saved",
        "account.invited",
    ]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_for_any_number_of_lines(
    office: Browser, rows: int, django_assert_num_queries: Any
) -> None:
    person = TherapistFactory()
    for _ in range(rows):
        services.sign_out_everywhere(user=person, by=TherapistFactory())
    # savepoint and release; session; account; person; zone; trail, counted and read; names; refusals; the look
    with django_assert_num_queries(11):
        office.get(reverse("practice:person_trail", args=[person.pk]))
