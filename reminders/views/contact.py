"""What a coordinator sets for one client: silence, what they want through a channel, a working address, a new link."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from common.errors import RuleBroken
from common.flash import done
from members.models import Channel, Client
from practice.access import SignedIn, permitted
from reminders import services
from reminders.models import Wish


@require_POST
@permitted("reminders.see_deliveries")
def silence(request: SignedIn, pk: UUID) -> HttpResponse:
    """Let nothing leave the house for the client ("safety first")."""
    client = _client(request, pk)
    services.silence(client=client, by=request.user)
    done(
        request,
        _("Nothing is sent to %(name)s any more.") % {"name": client.name},
        undo_url=reverse("reminders:lift_silence", args=[pk]),
    )
    return redirect("reminders:client", pk)


@require_POST
@permitted("reminders.see_deliveries")
def lift_silence(request: SignedIn, pk: UUID) -> HttpResponse:
    """Write to the client again, as they consented."""
    client = _client(request, pk)
    services.lift_silence(client=client, by=request.user)
    done(request, _("%(name)s gets messages again, as agreed.") % {"name": client.name})
    return redirect("reminders:client", pk)


@require_POST
@permitted("reminders.see_deliveries")
def wish(request: SignedIn, pk: UUID, channel: str) -> HttpResponse:
    """Note what the client wants through a channel."""
    client = _client(request, pk)
    wanted = request.POST.get("wish", "")
    if channel not in Channel.values or wanted not in Wish.values:
        raise Http404
    services.choose_wish(client=client, channel=Channel(channel), wish=Wish(wanted))
    done(request, _("It is noted what %(name)s wants.") % {"name": client.name})
    return redirect("reminders:client", pk)


@require_POST
@permitted("reminders.see_deliveries")
def clear_trouble(request: SignedIn, pk: UUID, channel: str) -> HttpResponse:
    """Write to an address again that somebody made sure of."""
    client = _client(request, pk)
    if channel not in Channel.values:
        raise Http404
    services.clear_trouble(client=client, channel=Channel(channel))
    done(request, _("Messages go to this address of %(name)s again.") % {"name": client.name})
    return redirect("reminders:client", pk)


@require_POST
@permitted("reminders.see_deliveries")
def invite(request: SignedIn, pk: UUID) -> HttpResponse:
    """Send a fresh link to a client who has not opened the account."""
    client = _client(request, pk)
    try:
        services.send_link(client=client, by=request.user)
    except RuleBroken as refusal:
        messages.error(request, refusal.sentence)
    else:
        done(request, _("A new link goes to %(email)s.") % {"email": client.email})
    return redirect("reminders:client", pk)


def _client(request: SignedIn, pk: UUID) -> Client:
    found: Client = get_object_or_404(Client.objects.visible_to(request.user), pk=pk)
    return found
