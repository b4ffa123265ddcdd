"""What allauth does not enforce by itself (R41): a second factor for staff, and an end to screens nobody uses."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from common.acting import DOOR, acting_as, go_on_as
from common.clock import now
from practice import log_off
from practice.log_off import Standing
from practice.views.unlocking import ask_to_unlock

# View names that stay reachable: setting the factor up, proving who one is, leaving, and the crisis page. Pages that
# ask for no sign-in at all stay reachable too.
SETUP_VIEWS = frozenset(
    {
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_list_webauthn",
        "mfa_generate_recovery_codes",
        "mfa_view_recovery_codes",
        "mfa_download_recovery_codes",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "account_reauthenticate",
        "account_logout",
        "accounts:stay",
        "accounts:unlock",
        "home:crisis",
    }
)


# Reachable while the screen is locked: opening it, leaving, and the crisis page.
UNLOCKING_VIEWS = frozenset({"accounts:unlock", "accounts:stay", "account_logout", "home:crisis"})
# Pages that fetch a part of themselves again and again: no sign that somebody is there.
POLLED_VIEWS = frozenset({"records:import"})


# Addresses at which one signs in or looks after one's account, by the beginnings of their names.
AT_THE_DOOR = ("account_", "accounts:", "mfa_", "usersessions_")


class ActingMiddleware:
    """Says for whom row-level security shows rows while a request is answered (``common.acting``).

    For the account that is signed in; at the door, and before anybody signed in, for somebody who sees accounts only.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with acting_as(request.user if request.user.is_authenticated else DOOR):
            return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> None:
        """Stay at the door where accounts are looked after, whoever asks."""
        match = request.resolver_match
        if match and match.view_name.startswith(AT_THE_DOOR):
            go_on_as(DOOR)


class LogOffMiddleware:
    """Locks a session that nobody used for a while and ends one that has lived for long (TRUST, accounts)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            if not log_off.has_begun(request.session):  # signed in before there were such clocks
                log_off.begin(request.session, limits=log_off.limits_for(request.user), at=now())
            elif log_off.standing(request.session, now()) is Standing.OVER:
                logout(request)
                messages.info(request, _("You were signed out because a day’s time was up. Sign in again."))
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        """Ask for the password instead of answering while the session is locked; else note that it is used."""
        match = request.resolver_match
        if not request.user.is_authenticated or match is None or not getattr(view, "login_required", True):
            return None
        if log_off.standing(request.session, now()) is Standing.OPEN:
            if not (match.view_name in POLLED_VIEWS and "HX-Request" in request.headers):
                log_off.touch(request.session, now())
            request.seconds_left = log_off.seconds_left(request.session, now())  # type: ignore[attr-defined]
            return None
        if match.view_name in UNLOCKING_VIEWS:
            return None
        if _is_asked_by_script(request):
            return JsonResponse({"state": Standing.LOCKED}, status=401)
        return ask_to_unlock(request)


def _is_asked_by_script(request: HttpRequest) -> bool:
    """Whether a script of the page waits for the answer, rather than a person for a page."""
    return "HX-Request" in request.headers or request.headers.get("Sec-Fetch-Dest") == "empty"


class SecondStepMiddleware:
    """Sends who needs a second factor and has none to the page where they set one up: staff, members by policy."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        """Redirect unless the account needs no second factor, has one, or asks for a set-up page."""
        if not request.user.is_authenticated or not _lacks_second_factor(request.user):
            return None
        match = request.resolver_match
        if match and (match.view_name in SETUP_VIEWS or not getattr(view, "login_required", True)):
            return None
        messages.info(request, _("Set up a second step for signing in. Then all pages open."))
        return redirect("mfa_index")


def _lacks_second_factor(user: Any) -> bool:
    """Whether the account needs one and has none; ``practice.backends`` added what is asked here."""
    is_needed = user.members_need_second_step if user.is_member else settings.REQUIRE_STAFF_MFA
    return bool(is_needed and not user.has_second_factor)
