"""Where each role begins."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from practice.access import SignedIn
from practice.models import Role

# The first role a person holds decides; a therapist who also coordinates begins with the day.
FRONT_PAGES = (
    (Role.MEMBER, "home:member"),
    (Role.THERAPIST, "home:today"),
    (Role.SUPERVISOR, "home:today"),
    (Role.COORDINATOR, "home:desk"),
    (Role.ADMINISTRATOR, "practice:settings"),
)


@require_safe
def front(request: SignedIn) -> HttpResponse:
    """Send everybody to their own front page."""
    return redirect(next(page for role, page in FRONT_PAGES if request.user.has_role(role)))
