"""What is shown when something is wrong; Django finds ``400.html``, ``403.html`` and ``404.html`` by itself."""

import sys
from http import HTTPStatus

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from redis.exceptions import ConnectionError as RedisConnectionError

UNREACHABLE = (OperationalError, InterfaceError, RedisConnectionError)
RETRY_SECONDS = "60"


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 503 when the database or Redis cannot be reached, 500 for everything else.

    The pages are rendered without a request: its context might need what just broke.
    """
    if isinstance(sys.exception(), UNREACHABLE):
        return HttpResponse(
            render_to_string("503.html"),
            status=HTTPStatus.SERVICE_UNAVAILABLE,
            headers={"Retry-After": RETRY_SECONDS},
        )
    return HttpResponse(render_to_string("500.html"), status=HTTPStatus.INTERNAL_SERVER_ERROR)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403 to a form without a valid token, and say what to do; ``reason`` is for the log, not for people."""
    return HttpResponse(render_to_string("403_csrf.html"), status=HTTPStatus.FORBIDDEN)
