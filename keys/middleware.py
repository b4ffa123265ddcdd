"""A text that cannot be read is said on a page and recorded, instead of breaking it."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from audit.services import record
from common.encryption import UnreadableText


class UnreadableTextMiddleware:
    """Answers for views that met a text which was tampered with, moved, or whose key is gone (R49).

    The view's transaction is rolled back by then, so a page that was to save something saved nothing, and the entry in
    the trail is not lost with it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer 409 with a page that says so."""
        if not isinstance(error, UnreadableText):
            return None
        record(action="text.unreadable", by=request.user, target=(error.label, error.row), reason=str(error))
        return HttpResponse(render_to_string("unreadable.html"), status=HTTPStatus.CONFLICT)
