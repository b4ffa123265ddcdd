"""What is still to be written or signed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from common.clock import now
from practice.access import SignedIn, permitted
from practice.models import Practice
from sessions_log.models import Session
from sessions_log.words import title_of

SESSIONS_A_PAGE = 25


@dataclass(frozen=True)
class Row:
    """One session that waits for its signature."""

    session: Session
    title: str
    age: str
    is_overdue: bool
    state: str


@require_GET
@permitted("sessions_log.open_notes")
def notes(request: SignedIn) -> HttpResponse:
    """Sessions that are over and not signed, the oldest first: of those one leads and those one supervises (R37)."""
    at = now()
    due_hours = Practice.objects.current().policy.note_due_hours
    sessions = Session.objects.read_by(request.user).unsigned(at).with_place().with_leaders().with_progress()
    page = Paginator(sessions, SESSIONS_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "sessions_log/notes.html",
        {
            "rows": [_row(session, at, timedelta(hours=due_hours)) for session in page],
            "page_obj": page,
            "due_hours": due_hours,
            "writes": request.user.has_perm("sessions_log.write_notes"),
            "nav_counts": {"sessions_log:notes": page.paginator.count},
        },
    )


def _row(session: Session, at: datetime, due: timedelta) -> Row:
    age = at - session.ends_at
    return Row(session, title_of(session), _age(age), age > due, _state(session))


def _age(age: timedelta) -> str:
    hours = age // timedelta(hours=1)
    if hours < 48:
        return ngettext("%(count)d hour old", "%(count)d hours old", hours) % {"count": hours}
    return ngettext("%(count)d day old", "%(count)d days old", age.days) % {"count": age.days}


def _state(session: Session) -> str:
    if session.has_note:  # type: ignore[attr-defined]
        return _("Draft")
    if session.has_attendance:  # type: ignore[attr-defined]
        return _("Attendance saved, nothing written")
    return _("Nothing saved yet")
