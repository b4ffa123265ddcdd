"""Gates in front of views: who may come to a page at all. Others get 404, so that a page's existence is not told."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django_htmx.middleware import HtmxDetails

from practice.models import User


class SignedIn(HttpRequest):
    """For annotations: the request of an account. The login middleware lets nobody else reach a view."""

    user: User
    htmx: HtmxDetails


View = Callable[..., HttpResponse]


def permitted(permission: str) -> Callable[[View], View]:
    """Let only accounts with ``permission``, a right about nothing in particular, reach the view."""

    def decorate(view: View) -> View:
        @wraps(view)
        def gated(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated or not request.user.has_perm(permission):
                raise Http404
            return view(request, *args, **kwargs)

        return gated

    return decorate
