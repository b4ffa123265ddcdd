"""What a mail provider calls when a mail arrived, came back or was marked as unwanted (django-anymail)."""

from typing import Any

from anymail import urls as anymail_urls
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from common.acting import SYSTEM, acting_as

# Address of a provider's tracking calls, as anymail spells it, and the view that checks and reads them.
_TRACKING: dict[str, Any] = {
    str(pattern.pattern).partition("/")[0]: pattern.callback
    for pattern in anymail_urls.urlpatterns
    if str(pattern.pattern).endswith("/tracking/")
}


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@acting_as(SYSTEM)
def mail_event(request: HttpRequest, provider: str) -> HttpResponse:
    """Let anymail check the caller's secret and tell what happened; without a secret there is no such address."""
    view = _TRACKING.get(provider)
    if view is None or not settings.ANYMAIL.get("WEBHOOK_SECRET"):
        raise Http404
    answer: HttpResponse = view(request)
    return answer
