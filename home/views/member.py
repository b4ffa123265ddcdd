"""A member's pages, made for a phone."""

from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common.clock import now
from common.flash import done
from home.reads.member import client_of, member_home, schedule_of
from members.models import Channel
from members.services import give_consent, withdraw_consent
from practice.access import SignedIn, role_required
from practice.models import Practice, Role


@require_safe
@role_required(Role.MEMBER)
def member(request: SignedIn) -> HttpResponse:
    """Show the next session, what is to be done, and what comes."""
    return render(request, "home/member.html", {"page": member_home(request.user, at=now())})


@require_safe
@role_required(Role.MEMBER)
def schedule(request: SignedIn) -> HttpResponse:
    """List the sessions to come by month."""
    coming = schedule_of(request.user, at=now())
    months = [
        (month, list(sessions))
        for month, sessions in groupby(coming, key=lambda appointment: appointment.session.local_day.replace(day=1))
    ]
    return render(request, "home/schedule.html", {"months": months})


@require_safe
@role_required(Role.MEMBER)
def me(request: SignedIn) -> HttpResponse:
    """Show how the practice reaches the member, and whom the member can call."""
    client = client_of(request.user)
    channels = set(client.consents.in_force().values_list("channel", flat=True))
    context = {
        "client": client,
        "gets_email": Channel.EMAIL in channels,
        "gets_texts": Channel.TEXT in channels,
        "practice": Practice.objects.get(),
    }
    return render(request, "home/me.html", context)


@require_POST
@role_required(Role.MEMBER)
def start_email(request: SignedIn) -> HttpResponse:
    """Agree to reminders by e-mail."""
    give_consent(client=client_of(request.user), channel=Channel.EMAIL, by=request.user)
    done(request, _("You get reminders by email."), undo_url=reverse("home:stop_email"))
    return redirect("home:me")


@require_POST
@role_required(Role.MEMBER)
def stop_email(request: SignedIn) -> HttpResponse:
    """Stop reminders by e-mail at once (R48)."""
    withdraw_consent(client=client_of(request.user), channel=Channel.EMAIL, by=request.user)
    done(request, _("You get no more reminders by email."), undo_url=reverse("home:start_email"))
    return redirect("home:me")
