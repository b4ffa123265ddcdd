"""What every request leaves in the trail."""

import pytest
from django.test import Client as Browser
from django.urls import reverse

from audit.querysets import Entries
from common.base import new_id
from practice.models import User
from tests.factories.members import ClientFactory
from tests.factories.practice import TherapistFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _second_step_is_not_required(settings: object) -> None:
    settings.REQUIRE_STAFF_MFA = False  # type: ignore[attr-defined]


@pytest.fixture
def therapist() -> User:
    return TherapistFactory()


def test_a_page_that_is_refused_is_recorded_though_its_transaction_is_rolled_back(
    client: Browser, therapist: User
) -> None:
    somebody = ClientFactory()
    client.force_login(therapist)
    assert client.get(reverse("members:detail", args=[somebody.pk]), REMOTE_ADDR="203.0.113.7").status_code == 404
    (entry,) = Entries(actor=therapist.pk, actions=("refused.get",))
    assert (entry.target_label, entry.target_id) == ("members:detail", str(somebody.pk))
    assert entry.address == "203.0.113.7"
    assert entry.request_id
    assert entry.client_id == somebody.pk


def test_a_refused_change_is_recorded_as_one(client: Browser, therapist: User) -> None:
    client.force_login(therapist)
    client.post(reverse("members:edit", args=[ClientFactory().pk]))
    client.post(reverse("members:new"))
    assert len(Entries(actor=therapist.pk, actions=("refused.post",))) == 2


def test_an_address_of_nothing_is_no_refusal(client: Browser, therapist: User) -> None:
    client.force_login(therapist)
    assert client.get("/nowhere").status_code == 404
    assert client.get(reverse("members:detail", args=[new_id()])).status_code == 404
    assert len(Entries(actor=therapist.pk, actions=("refused.get",))) == 0


def test_the_secret_of_a_link_is_not_recorded(client: Browser, therapist: User) -> None:
    client.force_login(therapist)
    assert client.get("/style/secret-part").status_code == 404
    assert "secret-part" not in {entry.target_id for entry in Entries(actor=therapist.pk)}


@pytest.mark.parametrize(
    ("forwarded", "recorded"),
    [("198.51.100.4, 203.0.113.7", "203.0.113.7"), ("nonsense", "10.0.0.9"), ("", "10.0.0.9")],
)
def test_behind_a_proxy_the_caller_is_who_the_proxy_says(
    client: Browser, therapist: User, settings: object, forwarded: str, recorded: str
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1  # type: ignore[attr-defined]
    client.force_login(therapist)
    client.get(
        reverse("members:detail", args=[ClientFactory().pk]),
        REMOTE_ADDR="10.0.0.9",
        headers={"X-Forwarded-For": forwarded},
    )
    (entry,) = Entries(actor=therapist.pk, actions=("refused.get",))
    assert entry.address == recorded
