"""The matching board, one group's candidates, and the one click that proposes."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from common.errors import RuleBroken
from common.flash import done
from groups_app import services
from groups_app.composition import composition_of
from groups_app.models import Group, Membership, MembershipState
from matching.proposals import count_fitting, proposals_for
from members.models import Client
from practice.access import SignedIn, permitted
from practice.models import Practice

GROUPS_A_PAGE = 20
UNPLACED_AT_A_GLANCE = 8


@require_GET
@permitted("groups_app.propose")
def board(request: SignedIn) -> HttpResponse:
    """Groups with an open door and a free place, the first to start first, and how many of the waiting fit each."""
    policy = Practice.objects.current().policy
    groups = Group.objects.visible_to(request.user).with_places(policy).with_free_place()
    page = Paginator(groups.select_related("site", "room").order_by("first_day", "name"), GROUPS_A_PAGE).get_page(
        request.GET.get("page")
    )
    counts, waiting = count_fitting(list(page), policy=policy, user=request.user)
    rows = [(group, max(0, policy.minimum_members - group.seated), counts[group.pk]) for group in page]
    context = {"rows": rows, "page_obj": page, "waiting": waiting}
    return render(request, "matching/board.html", context)


@require_GET
@permitted("groups_app.propose")
def group(request: SignedIn, pk: UUID) -> HttpResponse:
    """Who could join one group and why, and why the others could not."""
    policy = Practice.objects.current().policy
    groups = Group.objects.visible_to(request.user).with_places(policy).select_related("site", "room")
    found = get_object_or_404(groups, pk=pk)
    is_clinical = request.user.has_perm("matching.see_composition")
    proposals = proposals_for(found, policy=policy, user=request.user, with_composition=is_clinical)
    candidates = [membership.client for membership in proposals.proposed]
    return render(
        request,
        "matching/group.html",
        {
            "group": found,
            "missing": max(0, policy.minimum_members - found.seated),
            "proposals": proposals,
            "may_override": is_clinical,
            "composition": composition_of(found, candidates=candidates) if is_clinical else None,
            "unplaced_first": proposals.unplaced[:UNPLACED_AT_A_GLANCE],
            "unplaced_rest": proposals.unplaced[UNPLACED_AT_A_GLANCE:],
            "nav_current": "matching:board",
        },
    )


@require_POST
@permitted("groups_app.propose")
def propose(request: SignedIn, pk: UUID, client_pk: UUID) -> HttpResponse:
    """Ask the leaders of the group to take the client."""
    wanted = get_object_or_404(Group.objects.visible_to(request.user), pk=pk)
    client = get_object_or_404(Client.objects.visible_to(request.user), pk=client_pk)
    try:
        membership = services.propose(group=wanted, client=client, by=request.user)
    except RuleBroken as refusal:
        messages.error(request, refusal.sentence)
    else:
        sentence = _("%(name)s is proposed for %(group)s. Its leaders answer next.")
        done(
            request,
            sentence % {"name": client.name, "group": wanted},
            undo_url=reverse("matching:take_back", args=[membership.pk]),
        )
    return redirect("matching:group", pk)


@require_POST
@permitted("groups_app.propose")
def take_back(request: SignedIn, pk: UUID) -> HttpResponse:
    """Take back a proposal that nobody has answered; once answered, it is the group's page that ends a place."""
    proposal = get_object_or_404(Membership.objects.visible_to(request.user).select_related("client"), pk=pk)
    try:
        if proposal.state == MembershipState.PROPOSED:
            services.withdraw(membership=proposal, by=request.user)
            done(request, _("The proposal of %(name)s is taken back.") % {"name": proposal.client.name})
        else:
            messages.error(request, _("The leaders have answered already. Open the group to see what they said."))
    except RuleBroken as refusal:
        messages.error(request, refusal.sentence)
    return redirect("matching:group", proposal.group_id)
