"""What every response carries, whatever its status (TRUST, the browser)."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils.cache import add_never_cache_headers

# Django and django-csp send the rest. A feature that a page needs is named for it; everything else is off.
ISOLATION = {
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "camera=(), display-capture=(), geolocation=(), hid=(), microphone=(), payment=(), serial=(), usb=(), "
        "publickey-credentials-create=(self), publickey-credentials-get=(self)"
    ),
}


class IsolationMiddleware:
    """Keep other sites from embedding ours or reading what we send; take powerful features away from our own pages.

    Verbs that no page of ours uses are refused before anything looks at them (ASVS 5.0, 13.4.4).
    """

    VERBS = ("GET", "HEAD", "POST", "OPTIONS")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request) if request.method in self.VERBS else HttpResponseNotAllowed(self.VERBS)
        for name, value in ISOLATION.items():
            response.headers.setdefault(name, value)
        return response


class PrivatePagesMiddleware:
    """Forbid storing pages of signed-in people: a shared computer's "back" must show nothing (TRUST, caching)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        was_signed_in = request.user.is_authenticated
        response = self.get_response(request)
        if request.user.is_authenticated:
            add_never_cache_headers(response)
        elif was_signed_in:  # nothing stays behind of somebody who signs out
            response.headers["Clear-Site-Data"] = '"storage"'
        return response
