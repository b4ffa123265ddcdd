"""Taking "everybody is here" back. How people were before is kept with the sign-in session, never in an address."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from common.errors import RuleBroken
from common.flash import done
from practice.access import SignedIn
from sessions_log import services
from sessions_log.services import Came
from sessions_log.sheet import Sheet
from sessions_log.views.access import session_for

_KEY = "attendance before"


def remember_attendance(request: SignedIn, sheet: Sheet) -> None:
    """Keep how everybody is recorded now, for one undo."""
    before = {
        str(line.membership.pk): [line.attendance.status, line.attendance.minutes_missed] if line.attendance else None
        for line in sheet.lines
    }
    request.session[_KEY] = {"session": str(sheet.session.pk), "came": before}


@require_POST
def attendance_undo(request: SignedIn, pk: UUID) -> HttpResponse:
    """Record people again as they were before everybody was marked as here."""
    session = session_for(request.user, pk, "sessions_log.document_session")
    before = request.session.pop(_KEY, None)
    if before and before["session"] == str(pk):
        came = {UUID(key): Came(*value) if value else None for key, value in before["came"].items()}
        try:
            services.restore_attendance(session=session, before=came, by=request.user)
        except RuleBroken as refusal:
            messages.error(request, refusal.sentence)
        else:
            done(request, _("Attendance is as it was before."))
    return redirect("sessions_log:session", pk)
