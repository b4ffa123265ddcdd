"""Everything written about one member of a group, the newest session first: for its leaders and supervisors."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from audit.services import record
from groups_app.models import Membership
from practice.access import SignedIn, permitted
from sessions_log.models import Session
from sessions_log.reading import lines_of

SESSIONS_A_PAGE = 20


@require_GET
@permitted("sessions_log.open_notes")
def member_notes(request: SignedIn, pk: UUID) -> HttpResponse:
    """Read a member's sessions in full: how they came, the notes, what was added."""
    membership = get_object_or_404(
        Membership.objects.visible_to(request.user).select_related("client", "group__site"), pk=pk
    )
    record(action="session.notes_read", by=request.user, target=membership, client=membership.client_id)
    sessions = Session.objects.read_by(request.user).of_member(membership)
    page = Paginator(sessions, SESSIONS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "membership": membership,
        "lines": lines_of(membership, list(page), reader=request.user),
        "page_obj": page,
        "nav_current": "groups_app:list",
    }
    return render(request, "sessions_log/member_notes.html", context)
