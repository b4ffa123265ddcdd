"""What the tests of imports share."""

import pytest
from django.test import Client as Browser
from pytest_django.fixtures import Settings

from practice.models import User
from tests.factories.practice import SiteFactory


@pytest.fixture(autouse=True)
def _no_second_factor(settings: Settings) -> None:
    """These tests are about imports; the gate of the second factor has its own."""
    settings.REQUIRE_STAFF_MFA = False


@pytest.fixture
def signed_in(client: Browser):
    """``signed_in(user)`` returns a browser in which the account is signed in."""

    def sign_in(user: User) -> Browser:
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def three_sites() -> None:
    """The sites that the sample files name."""
    SiteFactory()
    SiteFactory(name="Austin", zone="America/Chicago", state="TX", address="1800 East 6th Street")
    SiteFactory(name="Online", is_online=True, address="")
