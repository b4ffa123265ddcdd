"""The local mailbox: what the file backend wrote, shown to staff while developing."""

from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection
from django.test import Client as Browser
from django.urls import reverse

from reminders.mailbox import latest_mails
from tests.factories.practice import AdministratorFactory, MemberUserFactory, TherapistFactory

pytestmark = pytest.mark.django_db

PAGE = reverse("reminders:mailbox")


@pytest.fixture(autouse=True)
def _local_installation(settings: Any, tmp_path: Path) -> None:
    settings.REQUIRE_STAFF_MFA = False
    settings.DEBUG = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")


def send(*subjects: str) -> None:
    """Send mails over one connection, so that they land in one file."""
    messages = []
    for subject in subjects:
        message = EmailMultiAlternatives(subject, "Open https://practice.example/x/ – über", to=["imani@mail.example"])
        message.attach_alternative("<p>Open it</p>", "text/html")
        messages.append(message)
    get_connection().send_messages(messages)


def test_lists_every_mail_the_newest_first() -> None:
    send("first", "second")
    assert [mail.subject for mail in latest_mails(limit=10)] == ["second", "first"]
    assert len(latest_mails(limit=1)) == 1


def test_staff_read_a_mail_with_links_that_work(client: Browser) -> None:
    send("Your invitation")
    client.force_login(AdministratorFactory())
    listed = client.get(PAGE)
    assert "Your invitation" in listed.text
    (mail,) = listed.context["mails"]
    text = client.get(reverse("reminders:mail", args=[mail.key])).text
    assert 'href="https://practice.example/x/"' in text
    assert "über" in text
    assert "imani@mail.example" in text


def test_an_empty_mailbox_says_so(client: Browser) -> None:
    client.force_login(TherapistFactory())
    assert "No mail yet" in client.get(PAGE).text


@pytest.mark.parametrize("key", ["nothing.0", "..", "kith.env", ".0"])
def test_reads_nothing_but_mails(client: Browser, key: str) -> None:
    send("first")
    client.force_login(TherapistFactory())
    assert client.get(reverse("reminders:mail", args=[key])).status_code == 404


def test_members_do_not_see_it(client: Browser) -> None:
    client.force_login(MemberUserFactory())
    assert client.get(PAGE).status_code == 404


def test_is_unknown_where_people_are_real(client: Browser, settings: Any) -> None:
    send("first")
    (mail,) = latest_mails(limit=1)
    settings.DEBUG = False
    client.force_login(TherapistFactory())
    assert client.get(PAGE).status_code == 404
    assert client.get(reverse("reminders:mail", args=[mail.key])).status_code == 404
