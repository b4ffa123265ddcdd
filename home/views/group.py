"""A group's page for staff. Members have no such page: they see nothing of each other (R43)."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from audit.services import record
from common.clock import now
from home.reads.group import GroupPage
from practice.access import SignedIn, permitted


@require_safe
@permitted("groups_app.open_groups")
def group(request: SignedIn, pk: UUID) -> HttpResponse:
    """Show who is in the group, how they came, and what comes next."""
    page = GroupPage(request.user, pk, at=now(), show_all=request.GET.get("sessions") == "all")
    # Who sees how people came reads a part of each one's record (R42).
    shown = [line.membership for line in page.lines] + [line.membership for line in page.former]
    people = {membership.client_id for membership in shown} if page.sees_marks else ()
    record(action="group.read", by=request.user, target=page.group, clients=people)
    return render(request, "home/group.html", {"page": page, "group": page.group, "nav_current": "groups_app:list"})
