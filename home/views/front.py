"""Where everybody begins."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from practice.access import SignedIn

# The first page a person may open; a therapist who also coordinates begins with the day.
FRONT_PAGES = (
    ("home.see_own_sessions", "home:member"),
    ("home.see_day", "home:today"),
    ("home.see_desk", "home:desk"),
    ("practice.administer", "practice:settings"),
)


@require_safe
def front(request: SignedIn) -> HttpResponse:
    """Send everybody to their own front page."""
    return redirect(next(page for right, page in FRONT_PAGES if request.user.has_perm(right)))
