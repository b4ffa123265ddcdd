"""Stopping e-mails from the mail itself (R48): without signing in, only by a click, and at once."""

from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from members.models import ContactConsent
from practice.models import Practice
from reminders.links import stop_token
from tests.factories.members import ClientFactory, ConsentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def consent() -> ContactConsent:
    """Somebody who agreed to e-mail."""
    return ConsentFactory(client=ClientFactory(first_name="Imani", last_name="Abara"))


@pytest.fixture
def address(consent: ContactConsent) -> str:
    """The address in the mail."""
    return reverse("reminders:stop", args=[stop_token(consent.client_id)])


def is_in_force(consent: ContactConsent) -> bool:
    """Whether the consent still stands."""
    return ContactConsent.objects.in_force().filter(pk=consent.pk).exists()


def test_opening_the_link_asks_and_changes_nothing(client: Any, consent: ContactConsent, address: str) -> None:
    """Mail scanners open links."""
    response = client.get(address)
    assert response.status_code == 200
    assert "Stop these emails" in response.text
    assert is_in_force(consent)


def test_a_click_stops_at_once_and_a_second_one_changes_nothing(
    client: Any, consent: ContactConsent, address: str
) -> None:
    assert client.post(address).status_code == 200
    assert not is_in_force(consent)
    assert "No more emails" in client.post(address).text


def test_mail_programs_may_post_without_a_page_before(consent: ContactConsent, address: str) -> None:
    """RFC 8058."""
    browser = Browser(enforce_csrf_checks=True)
    response = browser.post(address, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
    assert response.status_code == 200
    assert not is_in_force(consent)


def test_the_pages_behind_links_call_the_practice_as_messages_do(client: Any, address: str) -> None:
    """R43: whoever else reads the mail must not learn there why somebody comes."""
    Practice.objects.update(name="Northside Grief Therapy", message_name="Northside", phone="718-555-0199")
    links = [address, reverse("home:crisis"), reverse("accounts:accept_invitation", args=["x"])]
    for text in [*(client.get(link).text for link in links), client.post(address).text]:
        assert "Northside" in text
        assert "Grief" not in text


@pytest.mark.parametrize(("phone", "numbers"), [("718-555-0199", 2), ("", 0)])
def test_a_practice_without_a_phone_offers_no_empty_number(client: Any, address: str, phone: str, numbers: int) -> None:
    Practice.objects.update(phone=phone)
    pages = client.get(address).text + client.post(address).text
    assert pages.count(f'<a href="tel:{phone}">{phone}</a>') == pages.count("tel:") == numbers


def test_the_page_says_nothing_about_the_person(client: Any, consent: ContactConsent, address: str) -> None:
    text = client.get(address).text + client.post(address).text
    assert "Imani" not in text
    assert "Abara" not in text
    assert consent.client.email not in text


@pytest.mark.parametrize("token", ["x", "00000000000000000000000000000001:nothing"])
def test_a_link_we_did_not_sign_is_unknown(client: Any, token: str) -> None:
    assert client.get(reverse("reminders:stop", args=[token])).status_code == 404


def test_other_verbs_are_refused(client: Any, address: str) -> None:
    assert client.put(address).status_code == 405
