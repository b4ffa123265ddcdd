"""What tests of pages need: a browser of somebody, and what a page says."""

from django.test import Client as Browser

from practice.models import User


def signed_in(user: User | None) -> Browser:
    """A browser of somebody who has signed in; of a client with an account, for example."""
    assert user is not None
    browser = Browser()
    browser.force_login(user)
    return browser


def text(response: object) -> str:
    """A page's source."""
    return response.content.decode()  # type: ignore[attr-defined]
