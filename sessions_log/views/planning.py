"""Planning a group with its sessions, moving one, cancelling one."""

from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateformat import format as date_text
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.clock import local
from common.errors import RuleBroken
from common.flash import done
from groups_app.forms import GroupForm
from groups_app.models import Group
from groups_app.services import plan_group
from practice.access import SignedIn, role_required
from practice.models import Practice, Role, User
from sessions_log import services
from sessions_log.forms import CancelForm, MoveForm
from sessions_log.models import AbsenceNotice
from sessions_log.roster import roster_of
from sessions_log.series import NoOpenDay
from sessions_log.views.access import session_for
from sessions_log.words import title_of

# Where on a form the person can do something about a refusal.
_FIELDS: dict[type[RuleBroken], str] = {
    services.RoomTaken: "room",
    services.RoomElsewhere: "room",
    NoOpenDay: "first_day",
    services.SiteClosed: "day",
    services.AlreadyStarted: "day",
}


@require_http_methods(["GET", "POST"])
@role_required(Role.THERAPIST, Role.COORDINATOR, Role.SUPERVISOR)
def new_group(request: SignedIn) -> HttpResponse:
    """Plan a group and schedule its sessions in one form; both, or nothing."""
    form = GroupForm(request.POST or None, policy=Practice.objects.current().policy, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            count = _plan(form.instance, form.leaders, by=request.user)
        except RuleBroken as refusal:
            _explain(form, refusal)
        else:
            sentence = _("%(group)s is planned, with %(count)d sessions.")
            done(request, sentence % {"group": form.instance.name, "count": count})
            return redirect("home:group", form.instance.pk)
    return render(request, "sessions_log/new_group.html", {"form": form, "nav_current": "groups_app:list"})


@transaction.atomic
def _plan(group: Group, leaders: list[User], *, by: User) -> int:
    plan_group(group=group, leaders=leaders, by=by)
    return len(services.schedule_series(group=group, by=by))


@require_http_methods(["GET", "POST"])
def move(request: SignedIn, pk: UUID) -> HttpResponse:
    """Ask for a session's new day, time and room, and say whom it concerns."""
    session = session_for(request.user, pk, "sessions_log.reschedule_session")
    form = MoveForm(request.POST or None, session=session)
    if request.method == "POST" and form.is_valid():
        try:
            moved = services.move_session(
                session=session,
                day=form.cleaned_data["day"],
                wall=form.cleaned_data["wall"],
                room=form.cleaned_data.get("room"),
                by=request.user,
            )
        except RuleBroken as refusal:
            _explain(form, refusal)
        else:
            when = date_text(local(moved.starts_at, moved.zone), "l, F j, g:i A")
            done(request, _("%(session)s is on %(when)s now.") % {"session": title_of(moved), "when": when})
            return redirect("sessions_log:session", pk)
    people = roster_of(session).count()
    away = AbsenceNotice.objects.filter(session=session, withdrawn_at=None).count()
    context = {"form": form, "session": session, "title": title_of(session), "people": people, "away": away}
    return render(request, "sessions_log/move.html", {**context, "nav_current": "sessions_log:calendar"})


@require_http_methods(["GET", "POST"])
def cancel(request: SignedIn, pk: UUID) -> HttpResponse:
    """Ask for the reason and say what will happen; then the session does not take place."""
    session = session_for(request.user, pk, "sessions_log.reschedule_session")
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.cancel_session(session=session, reason=form.cleaned_data["reason"], by=request.user)
        except services.AlreadyCancelled:
            return redirect("sessions_log:session", pk)
        except RuleBroken as refusal:
            form.add_error(None, refusal.sentence)
        else:
            done(request, _("%(session)s is canceled.") % {"session": title_of(session)})
            return redirect("sessions_log:session", pk)
    context = {"form": form, "session": session, "title": title_of(session), "people": roster_of(session).count()}
    return render(request, "sessions_log/cancel.html", {**context, "nav_current": "sessions_log:calendar"})


def _explain(form: GroupForm | MoveForm, refusal: RuleBroken) -> None:
    """Put the sentence where the person can do something about it."""
    name = _FIELDS.get(type(refusal), "")
    form.add_error(name if name in form.fields else None, refusal.sentence)
