"""What a member is told in Kith itself."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from practice.access import SignedIn, permitted
from practice.models import Practice
from reminders import services
from reminders.composing import Composer
from reminders.models import Message

SHOWN = 50


@require_safe
@permitted("reminders.read_notices")
def notices(request: SignedIn) -> HttpResponse:
    """List what changed, the latest first; what is new is marked until the member says that they have read it."""
    composer = Composer(Practice.objects.current())
    rows = list(Message.objects.notices_of(request.user).with_recipient()[:SHOWN])
    context = {
        "notices": [(message, composer.notice(message)) for message in rows],
        "has_new": any(message.read_at is None for message in rows),
        "nav_current": "home:member",
    }
    return render(request, "reminders/notices.html", context)


@require_POST
@permitted("reminders.read_notices")
def notices_read(request: SignedIn) -> HttpResponse:
    """Note that the member has read them."""
    services.note_read(user=request.user)
    return redirect("reminders:notices")
