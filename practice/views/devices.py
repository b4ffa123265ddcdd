"""Signing out one device from another."""

from allauth.usersessions.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from common.flash import done
from practice.access import SignedIn


@require_POST
def end(request: SignedIn, pk: int) -> HttpResponse:
    """Sign one of one's own devices out; it holds from that device's next request. Somebody else's is 404."""
    sessions = UserSession.objects.filter(user=request.user, pk=pk)
    get_object_or_404(sessions)
    get_adapter().end_sessions(sessions)
    done(request, _("That device is signed out."))
    return redirect("usersessions_list")
