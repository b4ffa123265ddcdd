"""The individual meeting before the group: recorded, mended until the client is a member, read from then on (R25)."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from audit import services as audit
from common.clock import today_in
from common.errors import RuleBroken
from common.flash import done
from groups_app import services
from groups_app.meeting_forms import MeetingForm
from groups_app.models import Membership, MembershipState, PregroupMeeting
from groups_app.models.goals import MOST_GOALS
from groups_app.services.goals import Wish
from groups_app.services.memberships import MEETING_IS_OPEN
from groups_app.views.access import membership_for
from practice.access import SignedIn

_LONGEST_GOAL = 200


@require_http_methods(["GET", "POST"])
def pregroup(request: SignedIn, pk: UUID) -> HttpResponse:
    """Record the meeting, or show what was recorded; whoever reads it leaves an entry (R42)."""
    membership = membership_for(request.user, pk, "groups_app.record_pregroup_meeting")
    meeting = PregroupMeeting.objects.filter(membership=membership).select_related("recorded_by").first()
    wishes = _wishes(membership, meeting)
    form = MeetingForm(
        request.POST if request.method == "POST" else None,
        wishes=wishes,
        initial={
            "on": (meeting.held_on if meeting else membership.pregroup_met_on) or today_in(membership.group.site.zone),
            "inventory": meeting.inventory if meeting else "",
            "contract_explained": meeting is not None,
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            recorded = services.record_pregroup_meeting(membership=membership, by=request.user, **form.meeting())
        except RuleBroken as refusal:
            form.add_error(None, refusal.sentence)
        else:
            name = membership.client.name
            if recorded.state == MembershipState.ACTIVE:
                done(request, _("The meeting is recorded. %(name)s is a member now.") % {"name": name})
            else:
                done(request, _("The meeting with %(name)s is recorded.") % {"name": name})
            return redirect("home:group", membership.group_id)
    if meeting is not None:
        audit.record(action="membership.meeting_read", by=request.user, target=membership, client=membership.client_id)
    context = {
        "form": form,
        "membership": membership,
        "meeting": meeting,
        "is_open": membership.state in MEETING_IS_OPEN,
        "nav_current": "groups_app:list",
    }
    return render(request, "groups_app/pregroup.html", context)


def _wishes(membership: Membership, meeting: PregroupMeeting | None) -> list[Wish]:
    """Return the goals as they are, else the lines of a meeting that was recorded before goals had rows."""
    goals = membership.goals.filter(ended_at__isnull=True).select_related("catalogue")
    known = [Wish(goal.catalogue, goal.words) for goal in goals]
    if known or meeting is None:
        return known
    return [Wish(words=line[:_LONGEST_GOAL]) for line in meeting.goals.splitlines()[:MOST_GOALS]]
