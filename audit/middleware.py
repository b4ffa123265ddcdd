"""What every request leaves in the trail: from where it came and, when it was refused, that it was."""

from collections.abc import Callable
from http import HTTPStatus
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string

from audit import services
from audit.context import coming_from

REFUSALS = frozenset({HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND})


class TrailMiddleware:
    """Tells the trail where requests come from, and records those that an account was refused (R42).

    Not even existence is told to who may not see something, so a refusal is a 404 of a page that others have, or of a
    row that is there; an address of nothing is none. It stands outside of the view's transaction, which is rolled back
    by then. Whether the row is there, and whose record it is, says ``AUDIT_ROWS_NAMED_BY``.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.named = import_string(settings.AUDIT_ROWS_NAMED_BY)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with coming_from(_address(request)):
            response = self.get_response(request)
            match = request.resolver_match
            if response.status_code in REFUSALS and match and request.user.is_authenticated:
                self._record_refusal(request, match.view_name, _keys(match.kwargs))
            return response

    def _record_refusal(self, request: HttpRequest, view_name: str, keys: list[UUID]) -> None:
        named = self.named(keys) if keys else None
        if named is not None and not named.exists:
            return
        services.record(
            action=f"refused.{(request.method or '').lower()}",
            by=request.user,
            target=(view_name, str(keys[0]) if keys else ""),
            client=named.client if named else None,
        )


def _address(request: HttpRequest) -> str:
    """The caller's address, behind as many proxies as are trusted; the connection's own when they do not say it."""
    try:
        return str(get_adapter().get_client_ip(request))
    except (ImproperlyConfigured, PermissionDenied, ValueError):
        return str(request.META.get("REMOTE_ADDR", ""))


def _keys(kwargs: dict[str, object]) -> list[UUID]:
    """The ids in the address; other parts of an address may be the secret of a link."""
    return [value for value in kwargs.values() if isinstance(value, UUID)]
