"""What the tests of clients share."""

import pytest
from django.test import Client as Browser
from pytest_django.fixtures import Settings

from practice.models import User


@pytest.fixture(autouse=True)
def _no_second_factor(settings: Settings) -> None:
    """These tests are about clients; the gate of the second factor has its own."""
    settings.REQUIRE_STAFF_MFA = False


@pytest.fixture
def signed_in(client: Browser):
    """``signed_in(user)`` returns a browser in which the account is signed in."""

    def sign_in(user: User) -> Browser:
        client.force_login(user)
        return client

    return sign_in
