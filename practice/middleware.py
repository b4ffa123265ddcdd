"""What allauth does not enforce by itself: staff without a second factor reach only the pages to set one up (R41)."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

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
        "home:crisis",
    }
)


class StaffMfaMiddleware:
    """Sends staff who have no second factor to the page where they set one up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> HttpResponse | None:
        """Redirect unless the account is a member's, has a second factor, or asks for a set-up page."""
        if not settings.REQUIRE_STAFF_MFA or not request.user.is_authenticated or request.user.is_member:
            return None
        if request.user.has_second_factor:  # type: ignore[attr-defined]  # added by practice.backends
            return None
        match = request.resolver_match
        if match and (match.view_name in SETUP_VIEWS or not getattr(view, "login_required", True)):
            return None
        messages.info(request, _("Set up a second step for signing in. Then all pages open."))
        return redirect("mfa_index")
