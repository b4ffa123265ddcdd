"""Finding a time: when could these leaders and a room meet?"""

from datetime import time
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateformat import format as date_text
from django.utils.dateformat import time_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from common.clock import today_in
from common.errors import RuleBroken
from groups_app.models import Length
from members.models import Weekday
from practice.access import SignedIn, permitted
from practice.models import Practice
from sessions_log.finding import Answer, Found, Search, find_times
from sessions_log.forms import FindForm
from sessions_log.views.refusals import explain

# What a found time fills in on the form of a new group.
PREFILLED = frozenset(
    ("site", "room", "first_day", "start_time", "minutes", "cadence", "length", "session_count", "leader_1", "leader_2")
)


@require_GET
@permitted("groups_app.plan_group")
def find_time(request: SignedIn) -> HttpResponse:
    """Ask who, where and how often; answer with times, each a click away from a planned group."""
    home = request.user.home_site
    form = FindForm(
        request.GET or None,
        user=request.user,
        policy=Practice.objects.current().policy,
        today=today_in(home.zone if home else "UTC"),
    )
    context = {"form": form, "nav_current": "sessions_log:calendar", "is_answered": False}
    if form.is_bound and form.is_valid():
        try:
            answer = find_times(form.search, by=request.user)
        except RuleBroken as refusal:
            explain(form, refusal)
        else:
            context |= {"is_answered": True, **_words(form.search, answer)}
    return render(request, "sessions_log/find_time.html", context)


def _words(search: Search, answer: Answer) -> dict[str, object]:
    return {
        "search": search,
        "free": [
            (Weekday(weekday).label, [(_clock(one.wall), _place(one), _plan_url(search, one)) for one in times])
            for weekday, times in answer.free.items()
        ],
        "almost": [
            (
                _("%(day)s at %(time)s") % {"day": Weekday(one.first_day.weekday()).label, "time": _clock(one.wall)},
                _place(one),
                [str(clash) for clash in one.clashes],
            )
            for one in answer.almost
        ],
    }


def _clock(wall: time) -> str:
    return time_format(wall, "g:i A")


def _place(found: Found) -> str:
    place = found.room.name if found.room else _("online")
    return _("%(place)s, from %(day)s") % {"place": place, "day": date_text(found.first_day, "F j")}


def _plan_url(search: Search, found: Found) -> str:
    leaders = {f"leader_{position}": leader.pk for position, leader in enumerate(search.leaders, start=1)}
    filled = {
        "site": search.site.pk,
        "room": found.room.pk if found.room else "",
        "first_day": f"{found.first_day:%m/%d/%Y}",
        "start_time": f"{found.wall:%H:%M}",
        "minutes": search.minutes,
        "cadence": search.weeks,
        "length": Length.TIME_LIMITED.value,
        "session_count": search.count,
        **leaders,
    }
    return f"{reverse('sessions_log:new_group')}?{urlencode(filled)}"
