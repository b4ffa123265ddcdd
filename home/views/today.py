"""The therapist's day."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from common.clock import now
from home.reads.emergencies import emergencies_for
from home.reads.today import today_of
from practice.access import SignedIn, permitted


@require_safe
@permitted("home.see_day")
def today(request: SignedIn) -> HttpResponse:
    """Show today's sessions, the week ahead and what waits."""
    page = today_of(request.user, at=now())
    counts = {"sessions_log:notes": page.unsigned_count}
    context = {"page": page, "nav_counts": counts, "emergencies": emergencies_for(request.user)}
    return render(request, "home/today.html", context)
