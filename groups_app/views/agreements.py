"""Writing an agreement, reading it, signing it."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from common.errors import RuleBroken
from common.flash import done
from groups_app import services
from groups_app.clauses import clauses
from groups_app.forms import AgreementForm, SignForm
from groups_app.models import AgreementVersion, Membership, Signature
from groups_app.views.access import group_for
from practice.access import SignedIn, role_required
from practice.models import Role

CONFLICT = 409


@require_http_methods(["GET", "POST"])
def agreement_edit(request: SignedIn, pk: UUID) -> HttpResponse:
    """Publish a new version of a group's agreement; a text that somebody else overtook is kept for comparison."""
    group = group_for(request.user, pk, "groups_app.edit_agreement")
    newest = AgreementVersion.objects.filter(group=group).newest().select_related("published_by").get()
    initial = {"title": newest.title, "text": newest.text, "based_on": newest}
    form = AgreementForm(request.POST if request.method == "POST" else None, group=group, initial=initial)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            version = services.publish_agreement(group=group, by=request.user, **form.cleaned_data)
        except services.AgreementChanged as refusal:
            newest = AgreementVersion.objects.filter(group=group).newest().select_related("published_by").get()
            # From here on the author has seen the newer text, which the page shows beside their own.
            form = AgreementForm({**form.cleaned_data, "based_on": newest.pk}, group=group)
            form.add_error(None, refusal.sentence)
            status = CONFLICT
        except RuleBroken as refusal:
            form.add_error(None, refusal.sentence)
        else:
            done(request, _published_sentence(version))
            return redirect("home:group", group.pk)
    to_sign = Membership.objects.filter(group=group).seated().count()
    return render(
        request,
        "groups_app/agreement_edit.html",
        {
            "form": form,
            "group": group,
            "newest": newest,
            "newest_clauses": clauses(newest.text),
            "is_overtaken": status == CONFLICT,
            "to_sign": to_sign,
            "nav_current": "groups_app:list",
        },
        status=status,
    )


def _published_sentence(version: AgreementVersion) -> str:
    asked = Membership.objects.filter(group=version.group_id).seated().count()
    return ngettext(
        "Version %(number)d is published. %(asked)d person is asked to sign it.",
        "Version %(number)d is published. %(asked)d people are asked to sign it.",
        asked,
    ) % {"number": version.number, "asked": asked}


@require_GET
@role_required(Role.MEMBER)
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


@require_http_methods(["GET", "POST"])
@role_required(Role.MEMBER)
def sign(request: SignedIn, pk: UUID) -> HttpResponse:
    """Read the newest version of the agreement and sign it. Who signed it already sees the confirmation again."""
    memberships = Membership.objects.signable_by(request.user).with_agreement_state().select_related("group__site")
    membership = get_object_or_404(memberships, pk=pk)
    newest = AgreementVersion.objects.filter(group=membership.group).newest().get()
    if membership.agreement_signed:
        return redirect("groups_app:signed", Signature.objects.get(membership=membership, version=newest).pk)
    form = SignForm(
        request.POST if request.method == "POST" else None, group=membership.group, initial={"version": newest}
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            signature = services.sign_agreement(membership=membership, account=request.user, **form.cleaned_data)
        except services.AgreementChanged as refusal:
            newest = AgreementVersion.objects.filter(group=membership.group).newest().get()
            # The name stays; the boxes were about a text that is not this one.
            form = SignForm(
                {"version": str(newest.pk), "typed_name": form.cleaned_data["typed_name"]}, group=membership.group
            )
            form.errors.clear()
            form.add_error(None, refusal.sentence)
            status = CONFLICT
        except RuleBroken as refusal:
            form.add_error(None, refusal.sentence)
        else:
            return redirect("groups_app:signed", signature.pk)
    return render(
        request,
        "groups_app/sign.html",
        {
            "form": form,
            "membership": membership,
            "version": newest,
            "clauses": clauses(newest.text),
            "nav_current": "groups_app:agreements",
        },
        status=status,
    )


@require_GET
@role_required(Role.MEMBER)
def signed(request: SignedIn, pk: UUID) -> HttpResponse:
    """Confirm a signature: when, under which name, and the text as it was signed."""
    signatures = Signature.objects.visible_to(request.user).select_related("version", "membership__group__site")
    signature = get_object_or_404(signatures, pk=pk)
    return render(
        request,
        "groups_app/signed.html",
        {
            "signature": signature,
            "clauses": clauses(signature.text),
            "zone": signature.membership.group.site.zone,
            "nav_current": "groups_app:agreements",
        },
    )
