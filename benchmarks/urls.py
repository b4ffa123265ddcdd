"""The product's addresses and one bare page to measure them against."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

BARE_BYTES = 50


def bare(request: HttpRequest) -> HttpResponse:
    """The least a signed-in page can be: the session and the account are read (two queries), fifty bytes are sent."""
    return HttpResponse(f"{request.user.pk} is signed in.".ljust(BARE_BYTES), content_type="text/plain")


urlpatterns = [path("bare/", bare), path("", include("config.urls"))]
