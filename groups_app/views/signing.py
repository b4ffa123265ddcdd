"""A member reads an agreement, goes through it clause by clause, signs it, and gets a confirmation (R47, UX 8)."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from common.errors import RuleBroken
from groups_app import services
from groups_app.agreement_forms import SignForm
from groups_app.clauses import clauses
from groups_app.models import AgreementVersion, Membership, Signature
from groups_app.signing import Step, StepState, steps_of
from practice.access import SignedIn, permitted

CONFLICT = 409


@require_GET
@permitted("groups_app.sign_agreements")
def agreements(request: SignedIn) -> HttpResponse:
    """What the member has to sign, and what they signed."""
    mine = Membership.objects.signable_by(request.user).with_agreement_state().select_related("group__site")
    unsigned = [membership for membership in mine if membership.agreement_id and not membership.agreement_signed]
    signatures = (
        Signature.objects.visible_to(request.user)
        .select_related("version", "membership__group__site")
        .order_by("-signed_at")
    )
    signed_before = {signature.membership_id for signature in signatures}
    to_sign = [(membership, membership.pk in signed_before) for membership in unsigned]
    return render(request, "groups_app/agreements.html", {"to_sign": to_sign, "signatures": signatures})


@require_GET
@permitted("groups_app.sign_agreements")
def sign(request: SignedIn, pk: UUID) -> HttpResponse:
    """Read the newest version as a whole. Who signed it already sees the confirmation again."""
    membership, newest = _to_sign(request, pk)
    if membership.agreement_signed:
        return _to_confirmation(membership, newest)
    return _page(request, "groups_app/sign.html", membership, newest, steps_of(membership, newest))


@require_http_methods(["GET", "POST"])
@permitted("groups_app.sign_agreements")
def sign_clause(request: SignedIn, pk: UUID, position: int) -> HttpResponse:
    """Read one clause and agree to it; then comes the next one that is open."""
    membership, newest = _to_sign(request, pk)
    if membership.agreement_signed:
        return _to_confirmation(membership, newest)
    steps = steps_of(membership, newest)
    step = next((step for step in steps if step.clause.position == position), None)
    if step is None:
        raise Http404
    if request.method == "POST":
        if request.POST.get("clause") != str(step.clause.pk):
            messages.warning(request, _("The agreement has changed since you opened it. Please read the new text."))
            return redirect("groups_app:sign", membership.pk)
        try:
            services.acknowledge_clause(membership=membership, clause=step.clause, account=request.user)
        except RuleBroken as refusal:
            messages.error(request, refusal.sentence)
            return redirect("groups_app:sign", membership.pk)
        following = _first_open(steps, after=position)
        if following is None:
            return redirect("groups_app:sign_finish", membership.pk)
        return redirect("groups_app:sign_clause", membership.pk, following.clause.position)
    return _page(request, "groups_app/sign_clause.html", membership, newest, steps, step=step)


@require_http_methods(["GET", "POST"])
@permitted("groups_app.sign_agreements")
def sign_finish(request: SignedIn, pk: UUID) -> HttpResponse:
    """Type the name, check two boxes that start empty, sign."""
    membership, newest = _to_sign(request, pk)
    if membership.agreement_signed:
        return _to_confirmation(membership, newest)
    typed = request.POST if request.method == "POST" else None
    form = SignForm(typed, group=membership.group, initial={"version": newest})
    steps = steps_of(membership, newest)
    if typed is None and _first_open(steps):
        return redirect("groups_app:sign", membership.pk)
    if typed is not None and form.is_valid():
        try:
            signature = services.sign_agreement(membership=membership, account=request.user, **form.cleaned_data)
        except services.AgreementChanged as refusal:
            messages.warning(request, refusal.sentence)
            return _page(request, "groups_app/sign.html", membership, newest, steps, status=CONFLICT)
        except services.ClausesMissing as refusal:
            messages.warning(request, refusal.sentence)
            return redirect("groups_app:sign", membership.pk)
        except RuleBroken as refusal:
            form.add_error(None, refusal.sentence)
        else:
            return redirect("groups_app:signed", signature.pk)
    return _page(request, "groups_app/sign_finish.html", membership, newest, steps, form=form)


@require_GET
@permitted("groups_app.sign_agreements")
def signed(request: SignedIn, pk: UUID) -> HttpResponse:
    """Confirm a signature: when, under which name, and the text as it was signed."""
    signatures = Signature.objects.visible_to(request.user).select_related(
        "version", "membership__group__site", "membership__client"
    )
    signature = get_object_or_404(signatures, pk=pk)
    context = {
        "signature": signature,
        "clauses": clauses(signature.text),
        "zone": signature.membership.group.site.zone,
        "may_withdraw": signature.withdrawn_at is None,
        "nav_current": "groups_app:agreements",
    }
    return render(request, "groups_app/signed.html", context)


def _to_sign(request: SignedIn, pk: UUID) -> tuple[Membership, AgreementVersion]:
    memberships = Membership.objects.signable_by(request.user).with_agreement_state().select_related("group__site")
    membership = get_object_or_404(memberships, pk=pk)
    return membership, AgreementVersion.objects.filter(group=membership.group).newest().get()


def _to_confirmation(membership: Membership, version: AgreementVersion) -> HttpResponse:
    signature = Signature.objects.in_force().get(membership=membership, version=version)
    return redirect("groups_app:signed", signature.pk)


def _first_open(steps: list[Step], *, after: int = 0) -> Step | None:
    """The next clause to go through: the first open one behind ``after``, else the first of all."""
    waiting = [step for step in steps if step.state == StepState.OPEN and step.clause.position != after]
    return next((step for step in waiting if step.clause.position > after), waiting[0] if waiting else None)


def _page(
    request: SignedIn,
    template: str,
    membership: Membership,
    version: AgreementVersion,
    steps: list[Step],
    *,
    status: int = 200,
    **more: object,
) -> HttpResponse:
    done_count = sum(step.state != StepState.OPEN for step in steps)
    context = {
        "membership": membership,
        "version": version,
        "steps": steps,
        "clauses": clauses(version.text),
        "following": _first_open(steps),
        "done_count": done_count,
        "unchanged": [step for step in steps if step.state == StepState.UNCHANGED],
        "nav_current": "groups_app:agreements",
        **more,
    }
    return render(request, template, context, status=status)
