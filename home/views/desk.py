"""The coordinator's desk."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from common.clock import now
from home.reads.desk import desk_page
from home.reads.emergencies import emergencies_for
from practice.access import SignedIn, permitted


@require_safe
@permitted("home.see_desk")
def desk(request: SignedIn) -> HttpResponse:
    """Show what waits at the desk."""
    return render(
        request,
        "home/desk.html",
        {"page": desk_page(request.user, at=now()), "emergencies": emergencies_for(request.user)},
    )
