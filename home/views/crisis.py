"""Help in an emergency: for everybody, without signing in (R52)."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from practice.models import Practice


@login_not_required
@require_safe
def crisis(request: HttpRequest) -> HttpResponse:
    """Say whom to call at once."""
    return render(request, "home/crisis.html", {"practice": Practice.objects.get()})
