"""A member's goals: what they are, how near they are, in the eyes of the member and of a leader (R10)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit import services as audit
from common.errors import RuleBroken
from common.flash import done
from groups_app.goal_chart import charts_of
from groups_app.goal_forms import GoalForm, RatingForm
from groups_app.models import MemberGoal, Membership, Side
from groups_app.services.goals import end_goal, rate_goals, set_goal
from groups_app.views.access import membership_for
from practice.access import SignedIn, permitted


@require_safe
@permitted("groups_app.have_goals")
def my_goals(request: SignedIn) -> HttpResponse:
    """Lead the member to their goals; who is in several groups chooses one."""
    mine = list(Membership.objects.signable_by(request.user).select_related("group").order_by("created_at"))
    if len(mine) == 1:
        return redirect("groups_app:goals", mine[0].pk)
    return render(request, "groups_app/my_goals.html", {"memberships": mine, "nav_current": "home:me"})


@require_http_methods(["GET", "HEAD", "POST"])
def goals(request: SignedIn, pk: UUID) -> HttpResponse:
    """Show the goals with their charts, and rate those that are open."""
    membership = membership_for(request.user, pk, "groups_app.see_goals")
    charts = charts_of(membership)
    current = [chart.goal for chart in charts if chart.goal.ended_at is None]
    may_rate = request.user.has_perm("groups_app.rate_goals", membership)
    form = RatingForm(request.POST if request.method == "POST" and may_rate else None, goals=current)
    if form.is_valid():
        side = Side.MEMBER if request.user.is_member else Side.LEADER
        try:
            rate_goals(membership=membership, scores=form.scores(), side=side, by=request.user)
        except RuleBroken as refusal:
            form.add_error(None, refusal.sentence)
        else:
            done(request, _("Rated. Thank you."))
            return redirect("groups_app:goals", membership.pk)
    if not request.user.is_member:
        audit.record(action="goal.read", by=request.user, target=membership, client=membership.client_id)
    return _page(request, membership, charts=charts, form=form, may_change=may_rate)


@require_POST
def goal_add(request: SignedIn, pk: UUID) -> HttpResponse:
    """Set another goal."""
    membership = membership_for(request.user, pk, "groups_app.rate_goals")
    form = GoalForm(request.POST)
    if form.is_valid():
        try:
            set_goal(membership=membership, by=request.user, **form.cleaned_data)
        except RuleBroken as refusal:
            form.add_error(None, refusal.sentence)
        else:
            done(request, _("The goal is set."))
            return redirect("groups_app:goals", membership.pk)
    charts = charts_of(membership)
    rating = RatingForm(goals=[chart.goal for chart in charts if chart.goal.ended_at is None])
    return _page(request, membership, charts=charts, form=rating, may_change=True, adding=form)


@require_POST
def goal_end(request: SignedIn, pk: UUID, goal_pk: UUID) -> HttpResponse:
    """End a goal; what was rated stays."""
    membership = membership_for(request.user, pk, "groups_app.rate_goals")
    goal = get_object_or_404(MemberGoal, pk=goal_pk, membership=membership)
    try:
        end_goal(goal=goal, by=request.user)
    except RuleBroken as refusal:
        messages.error(request, refusal.sentence)
    else:
        done(request, _("The goal is ended. What was rated stays."))
    return redirect("groups_app:goals", membership.pk)


def _page(request: SignedIn, membership: Membership, *, adding: GoalForm | None = None, **context: Any) -> HttpResponse:
    return render(
        request,
        "groups_app/goals.html",
        {
            "membership": membership,
            "adding": adding or GoalForm(),
            "page_has_errors": bool(adding and adding.errors),
            "is_own": request.user.is_member,
            "nav_current": "home:me" if request.user.is_member else "members:list",
            **context,
        },
    )
