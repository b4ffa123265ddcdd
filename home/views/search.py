"""One search for staff: clients and groups."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from home.reads.search import search_for
from practice.access import SignedIn, permitted

LONGEST = 100


@require_safe
@permitted("home.search")
def search(request: SignedIn) -> HttpResponse:
    """Find clients and groups by name."""
    words = request.GET.get("q", "")[:LONGEST]
    return render(request, "home/search.html", {"words": words, "hits": search_for(words, request.user)})
