"""A member's pages, made for a phone."""

from itertools import groupby

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from common.clock import now
from common.errors import RuleBroken
from common.flash import done
from home.reads.member import client_of, member_home, schedule_of
from members.models import Channel
from practice.access import SignedIn, permitted
from practice.models import Practice
from reminders import services
from reminders.models import Wish
from reminders.reads import contact_of

NOTHING = "nothing"
_SAID: dict[tuple[str, str], Promise] = {
    (Channel.EMAIL, Wish.ALL): _("You get reminders and changes by email."),
    (Channel.EMAIL, Wish.CHANGES): _("You get an email only when something changes."),
    (Channel.EMAIL, NOTHING): _("You get no more emails."),
    (Channel.TEXT, Wish.ALL): _("You get reminders and changes by text."),
    (Channel.TEXT, Wish.CHANGES): _("You get a text only when something changes."),
    (Channel.TEXT, NOTHING): _("You get no more texts."),
}


@require_safe
@permitted("home.see_own_sessions")
def member(request: SignedIn) -> HttpResponse:
    """Show the next session, what is to be done, and what comes."""
    return render(request, "home/member.html", {"page": member_home(request.user, at=now())})


@require_safe
@permitted("home.see_own_sessions")
def schedule(request: SignedIn) -> HttpResponse:
    """List the sessions to come by month."""
    coming = schedule_of(request.user, at=now())
    months = [
        (month, list(sessions))
        for month, sessions in groupby(coming, key=lambda appointment: appointment.session.local_day.replace(day=1))
    ]
    return render(request, "home/schedule.html", {"months": months})


@require_safe
@permitted("home.see_own_sessions")
def me(request: SignedIn) -> HttpResponse:
    """Show how the practice reaches the member, and whom the member can call."""
    client = client_of(request.user)
    practice = Practice.objects.current()
    context = {"client": client, "contact": contact_of(client), "practice": practice, "policy": practice.policy}
    return render(request, "home/me.html", context)


@require_POST
@permitted("home.choose_how_reached")
def reach(request: SignedIn, channel: str, choice: str) -> HttpResponse:
    """Be written to through a channel about everything, about changes only, or no more: at once (R48)."""
    if channel not in Channel.values or choice not in (*Wish.values, NOTHING):
        raise Http404
    wish = None if choice == NOTHING else Wish(choice)
    client = client_of(request.user)
    try:
        was = services.reach(client=client, channel=Channel(channel), wish=wish, by=request.user)
    except RuleBroken as refusal:
        messages.error(request, refusal.sentence)
    else:
        undo = "" if was == wish else reverse("home:reach", args=[channel, was or NOTHING])
        done(request, str(_SAID[channel, choice]), undo_url=undo)
    return redirect("home:me")
