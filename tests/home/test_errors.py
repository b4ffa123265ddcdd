"""Pages for when something is wrong."""

import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import path
from redis.exceptions import ConnectionError as RedisConnectionError

from home.errors import server_error


def broken(request: HttpRequest) -> HttpResponse:
    """Fail in the way the address says."""
    raise {"/code": ValueError, "/database": OperationalError, "/redis": RedisConnectionError}[request.path]


broken.login_required = False  # type: ignore[attr-defined]
urlpatterns = [path(kind, broken) for kind in ("code", "database", "redis")]
handler500 = "home.errors.server_error"


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "429", "500", "503"])
def test_an_error_page_needs_nothing(name: str) -> None:
    """No request, no database: what the page reports may be their failure. R52: help is named on every page."""
    html = render_to_string(f"{name}.html")
    assert "<h1>" in html
    assert "988" in html


@pytest.mark.django_db
@pytest.mark.urls("tests.home.test_errors")
@pytest.mark.parametrize(("address", "status"), [("/code", 500), ("/database", 503), ("/redis", 503)])
def test_what_cannot_be_reached_is_unavailable_and_the_rest_is_broken(address: str, status: int) -> None:
    response = Client(raise_request_exception=False).get(address)
    assert response.status_code == status
    assert response.headers.get("Retry-After") == ("60" if status == 503 else None)
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert "Error" not in response.content.decode()


def test_outside_of_an_exception_it_is_broken() -> None:
    assert server_error(RequestFactory().get("/")).status_code == 500


@pytest.mark.django_db
def test_an_unknown_address_is_not_found(client: Client) -> None:
    response = client.get("/no-such-page/")
    assert response.status_code == 404
    assert "Nothing is here" in response.content.decode()


@pytest.mark.django_db
def test_a_form_without_its_token_says_what_to_do() -> None:
    response = Client(enforce_csrf_checks=True).post("/account/login/", {"login": "a@kith.example"})
    assert response.status_code == 403
    assert "send it again" in response.content.decode()
