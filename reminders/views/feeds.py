"""Calendars: the secret link that programs read, and the page where a person makes it or stops it (R55)."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from redis.exceptions import RedisError

from common.acting import SYSTEM, acting_as
from common.clock import now
from common.errors import RuleBroken
from common.flash import done
from practice.access import SignedIn, permitted
from reminders import services
from reminders.calendars.one import appointment_file
from reminders.calendars.subscription import calendar_of, find_feed, mark_of
from reminders.links import feed_of_token, feed_token
from reminders.models import CalendarFeed, Detail
from reminders.views.public import calendar_file
from sessions_log.models import Session

TOO_MANY = 429


@login_not_required
@require_safe
@acting_as(SYSTEM)
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """Give the calendar behind a secret link; 304 when it is as the program knows it."""
    found = find_feed(feed_of_token(token))
    if found is None:
        raise Http404
    if _asks_too_often(found):
        return HttpResponse(status=TOO_MANY, headers={"Retry-After": str(settings.FEED_RATE_SECONDS)})
    at = now()
    mark = mark_of(found, at=at)
    response = get_conditional_response(request, etag=mark)
    if response is None:
        response = HttpResponse(calendar_of(found, at=at), content_type="text/calendar; charset=utf-8")
        response["ETag"] = mark
    # Shared caches keep none of it; the program asks each time and mostly hears 304.
    response["Cache-Control"] = "private, no-cache"
    return response


def _asks_too_often(found: CalendarFeed) -> bool:
    """Count this call; without Redis nobody is refused."""
    key = f"feed:{found.pk.hex}"
    try:
        cache.add(key, 0, settings.FEED_RATE_SECONDS)
        return int(cache.incr(key)) > settings.FEED_RATE
    except (RedisError, ValueError):  # no Redis, or the time ended between the two
        return False


@require_safe
@permitted("reminders.have_calendar")
def my_calendar(request: SignedIn) -> HttpResponse:
    """Show the person's link, or how to get one."""
    found = CalendarFeed.objects.open().filter(user=request.user).first()
    link = settings.BASE_URL + reverse("reminders:feed", args=[feed_token(found.pk)]) if found else ""
    choices = [detail for detail in Detail if services.may_show(request.user, detail)]
    context: dict[str, Any] = {
        "feed": found,
        "link": link,
        "webcal": link.replace("https://", "webcal://", 1).replace("http://", "webcal://", 1),
        "choices": choices,
        "layout": "layout/member.html" if request.user.is_member else "layout/page.html",
        "nav_current": "home:schedule" if request.user.is_member else "sessions_log:calendar",
    }
    return render(request, "reminders/calendar.html", context)


@require_POST
@permitted("reminders.have_calendar")
def open_feed(request: SignedIn) -> HttpResponse:
    """Make a link, or a new one in place of one that somebody else has seen."""
    return _with_detail(request, services.open_feed, _("Your calendar has a link. Keep it to yourself."))


@require_POST
@permitted("reminders.have_calendar")
def show_in_feed(request: SignedIn) -> HttpResponse:
    """Show less or more under the same link."""
    return _with_detail(request, services.show_in_feed, _("Your calendar shows it so within the hour."))


@require_POST
@permitted("reminders.have_calendar")
def close_feed(request: SignedIn) -> HttpResponse:
    """Make the link stop working."""
    services.close_feed(user=request.user)
    done(request, _("The link works no more. Remove the calendar from your program, too."))
    return redirect("reminders:my_calendar")


@require_safe
@permitted("reminders.have_calendar")
def appointment(request: SignedIn, pk: UUID) -> HttpResponse:
    """Give one session as a calendar file."""
    session = get_object_or_404(Session.objects.visible_to(request.user), pk=pk)
    return calendar_file(appointment_file(session))


def _with_detail(request: SignedIn, verb: Any, sentence: str) -> HttpResponse:
    detail = request.POST.get("detail", Detail.NEUTRAL)
    if detail not in Detail.values:
        raise Http404
    try:
        verb(user=request.user, detail=Detail(detail))
    except RuleBroken as refusal:
        messages.error(request, refusal.sentence)
    else:
        done(request, sentence)
    return redirect("reminders:my_calendar")
