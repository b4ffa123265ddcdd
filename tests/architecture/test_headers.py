"""What every answer tells the browser, whatever its status, as deployed (TRUST, the browser)."""

import re
import runpy
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import include, path, reverse

from common.integrity import integrity
from tests.factories.practice import MemberUserFactory, UserFactory

pytestmark = pytest.mark.django_db

TARGET = 140
DANGEROUS_SOURCES = ("'unsafe-inline'", "'unsafe-eval'", "https:", "http:", "*")


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("on purpose")


urlpatterns = [path("broken/", broken), path("", include("config.urls"))]
handler500 = "home.errors.server_error"


@pytest.fixture(autouse=True)
def _as_deployed(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Take what the settings say about HTTPS from the settings themselves, read as a real practice reads them."""
    monkeypatch.setenv("KITH_HTTPS", "1")
    deployed = runpy.run_path(str(django_settings.BASE_DIR / "config" / "settings.py"))
    names = [name for name in deployed if name.startswith(("SECURE_", "SESSION_COOKIE_", "CSRF_COOKIE_", "X_FRAME"))]
    with override_settings(ROOT_URLCONF=__name__, **{name: deployed[name] for name in names}):
        yield


def browser() -> Client:
    return Client(raise_request_exception=False)


def signed_in() -> Client:
    client = browser()
    client.force_login(MemberUserFactory())
    return client


def too_many() -> HttpResponse:
    client = browser()
    for _ in range(6):
        response = client.post(reverse("account_reset_password"), {"email": "nobody@kith.example"}, secure=True)
    return response


ANSWERS: dict[str, tuple[int, Callable[[], HttpResponse]]] = {
    "a page of a member": (200, lambda: signed_in().get(reverse("groups_app:agreements"), secure=True)),
    "the way to sign in": (200, lambda: browser().get(reverse("account_login"), secure=True)),
    "sent to sign in": (302, lambda: browser().get(reverse("home:desk"), secure=True)),
    "a form without its token": (
        403,
        lambda: Client(enforce_csrf_checks=True).post(reverse("account_login"), {}, secure=True),
    ),
    "nothing there": (404, lambda: signed_in().get("/nothing/", secure=True)),
    "not theirs": (404, lambda: signed_in().get(reverse("home:desk"), secure=True)),
    "the wrong verb": (405, lambda: signed_in().get(reverse("home:reach", args=["email", "nothing"]), secure=True)),
    "too many tries": (429, too_many),
    "broken": (500, lambda: signed_in().get("/broken/", secure=True)),
}


def policy(response: HttpResponse) -> dict[str, list[str]]:
    parts = [part.split() for part in response.headers["Content-Security-Policy"].split(";") if part.strip()]
    return {name: sources for name, *sources in parts}


def grade(response: HttpResponse) -> int:
    """Score a response as Mozilla's HTTP Observatory does: 100, less for faults, more for what goes beyond."""
    headers, csp = response.headers, policy(response)
    score = 100
    sources = [source for values in csp.values() for source in values]
    if not any(danger in sources for danger in DANGEROUS_SOURCES):
        score += 10 if csp.get("default-src") == ["'none'"] else 5
    else:
        score -= 20
    score += 5 if csp.get("frame-ancestors") == ["'none'"] else 0
    score += 5 if headers.get("Referrer-Policy") in ("no-referrer", "same-origin", "strict-origin") else 0
    score += 10 if headers.get("Cross-Origin-Resource-Policy") in ("same-origin", "same-site") else 0
    score -= 0 if headers.get("X-Content-Type-Options") == "nosniff" else 5
    hsts = re.search(r"max-age=(\d+)", headers.get("Strict-Transport-Security", ""))
    score -= 0 if hsts and int(hsts[1]) >= 15_768_000 else 20
    score += 5 if all(_is_safe(cookie) for cookie in response.cookies.values()) else -20
    tags = re.findall(r"<(?:script\b[^>]*\bsrc|link\b[^>]*\brel=.stylesheet)[^>]*>", response.content.decode())
    score += 5 if all(re.search(r'\bintegrity="sha384-', tag) for tag in tags) else -5
    return score


def _is_safe(cookie: Any) -> bool:
    return bool(cookie["secure"] and cookie["httponly"] and cookie["samesite"] and cookie.key.startswith("__Host-"))


@pytest.mark.parametrize("answer", ANSWERS)
def test_every_answer_is_graded_a_plus(answer: str) -> None:
    status, ask = ANSWERS[answer]
    response = ask()
    assert response.status_code == status
    assert grade(response) >= TARGET
    csp = policy(response)
    assert csp["form-action"] == ["'self'"]
    assert csp["base-uri"] == csp["object-src"] == ["'none'"]
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response.headers["Cross-Origin-Embedder-Policy"] == "require-corp"
    assert "camera=()" in response.headers["Permissions-Policy"]


def test_what_a_signed_in_person_sees_is_stored_nowhere() -> None:
    staff = browser()
    staff.force_login(UserFactory())
    for client, address in ((signed_in(), "groups_app:agreements"), (signed_in(), "home:desk"), (staff, "mfa_index")):
        response = client.get(reverse(address), secure=True)
        assert "no-store" in response.headers["Cache-Control"]


def test_signing_out_leaves_nothing_behind() -> None:
    client = signed_in()
    assert "Clear-Site-Data" not in client.get(reverse("account_logout"), secure=True).headers
    assert client.post(reverse("account_logout"), secure=True).headers["Clear-Site-Data"] == '"storage"'


@pytest.mark.parametrize("verb", ["TRACE", "PUT", "PATCH", "DELETE", "CONNECT", "BREW"])
def test_verbs_that_no_page_uses_are_refused_before_anything_looks(verb: str) -> None:
    response = signed_in().generic(verb, reverse("groups_app:agreements"), secure=True)
    assert response.status_code == 405
    assert grade(response) >= TARGET


def test_the_grader_finds_what_is_missing() -> None:
    response = ANSWERS["the way to sign in"][1]()
    perfect = grade(response)
    for header in ("Referrer-Policy", "Cross-Origin-Resource-Policy", "Strict-Transport-Security"):
        value = response.headers.pop(header)
        assert grade(response) < perfect
        response.headers[header] = value
    response.content = response.content.replace(b"integrity=", b"data-integrity=")
    assert grade(response) < perfect


def test_no_page_has_a_script_or_style_without_its_sum() -> None:
    sources = [path.read_text() for path in (django_settings.BASE_DIR / "templates").rglob("*.html")]
    assert len(sources) > 50
    assert not [text for text in sources if re.search(r"<script(?![^>]*application/json)|rel=.stylesheet", text)]


def test_the_sum_is_of_the_file_and_a_file_that_is_missing_is_an_error() -> None:
    assert integrity("js/flash.js").startswith("sha384-")
    assert integrity("js/flash.js") != integrity("js/dialog.js")
    with pytest.raises(FileNotFoundError):
        integrity("js/nothing.js")
