"""What the calendar cannot settle by itself: sessions on days closed later, and series that stopped."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateformat import format as date_text
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from common.clock import local, now
from common.errors import RuleBroken
from common.flash import done
from practice.access import SignedIn, permitted
from sessions_log import services
from sessions_log.attention import closed_sessions, stopped_series
from sessions_log.models import SeriesStop
from sessions_log.views.access import session_for
from sessions_log.words import title_of


@require_GET
@permitted("sessions_log.mend_plans")
def attention(request: SignedIn) -> HttpResponse:
    """List them with what can be done about each."""
    context = {
        "closed": closed_sessions(request.user, at=now()),
        "stopped": stopped_series(request.user),
        "nav_current": "sessions_log:calendar",
    }
    return render(request, "sessions_log/attention.html", context)


@require_POST
def move_out(request: SignedIn, pk: UUID) -> HttpResponse:
    """Hold a session on a closed day after the last one of its series."""
    session = session_for(request.user, pk, "sessions_log.reschedule_session")
    try:
        moved = services.move_out(session=session, by=request.user)
    except RuleBroken as refusal:
        messages.error(request, refusal.sentence)
    else:
        when = date_text(local(moved.starts_at, moved.zone), "l, F j, g:i A")
        moved.group = session.group
        done(request, _("%(group)s: %(session)s is on %(when)s now.") % {
            "group": session.group.name, "session": title_of(moved), "when": when,
        })  # fmt: skip
    return redirect("sessions_log:attention")


@require_POST
@permitted("sessions_log.mend_plans")
def skip_taken(request: SignedIn, pk: UUID) -> HttpResponse:
    """Let a stopped series go on after the days that are taken."""
    stop = get_object_or_404(SeriesStop.objects.visible_to(request.user).select_related("group"), pk=pk)
    added = len(services.skip_taken_days(group=stop.group, by=request.user))
    sentence = ngettext(
        "%(group)s goes on: %(count)d session is added.", "%(group)s goes on: %(count)d sessions are added.", added
    )
    done(request, sentence % {"group": stop.group.name, "count": added})
    return redirect("sessions_log:attention")
