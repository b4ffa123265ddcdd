"""A group's agreement as staff see it: the page, a new version, the practice's template, the paper alternative."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from common.clock import today_in
from common.errors import RuleBroken
from common.flash import done
from groups_app import services
from groups_app.agreement_forms import AgreementForm, ClauseFormSet, PaperForm, TitleForm, clause_rows
from groups_app.agreement_page import agreement_page
from groups_app.clauses import Clause, clauses, text_of
from groups_app.models import AgreementVersion, Group, Membership
from groups_app.services.agreements import check_clauses, default_template
from groups_app.views.access import group_for, membership_for
from practice.access import SignedIn
from practice.models import Policy

CONFLICT = 409


@require_GET
def agreement(request: SignedIn, pk: UUID) -> HttpResponse:
    """Show the version in force, how far everybody is with it, and the versions before."""
    group = group_for(request.user, pk, "groups_app.see_agreement")
    context = {
        "group": group,
        "page": agreement_page(group),
        "may_edit": request.user.has_perm("groups_app.edit_agreement", group),
        "nav_current": "groups_app:list",
    }
    return render(request, "groups_app/agreement.html", context)


@require_GET
def agreement_version(request: SignedIn, pk: UUID, number: int) -> HttpResponse:
    """Show one version as it was published."""
    group = group_for(request.user, pk, "groups_app.see_agreement")
    version = AgreementVersion.objects.filter(group=group, number=number).select_related("published_by").first()
    if version is None:
        raise Http404
    context = {"group": group, "version": version, "clauses": clauses(version.text), "nav_current": "groups_app:list"}
    return render(request, "groups_app/agreement_version.html", context)


@require_http_methods(["GET", "POST"])
def agreement_edit(request: SignedIn, pk: UUID) -> HttpResponse:
    """Publish a new version of a group's agreement; a text that somebody else overtook is kept for comparison."""
    group = group_for(request.user, pk, "groups_app.edit_agreement")
    newest = _newest(group)
    typed = request.POST if request.method == "POST" else None
    form = AgreementForm(typed, group=group, initial={"title": newest.title, "based_on": newest})
    formset = ClauseFormSet(typed, prefix="clause", initial=clause_rows(_starting_clauses(request, newest)))
    status, preview = 200, None
    if typed is not None and all([form.is_valid(), formset.is_valid()]):
        parts = formset.clauses()
        try:
            check_clauses(parts)
            if "preview" in request.POST:
                preview = parts
            else:
                version = services.publish_agreement(
                    group=group, by=request.user, text=text_of(parts), **form.cleaned_data
                )
                done(request, _published_sentence(version))
                return redirect("groups_app:agreement", group.pk)
        except services.AgreementChanged as refusal:
            newest = AgreementVersion.objects.filter(group=group).newest().select_related("published_by").get()
            # From here on the author has seen the newer text, which the page shows beside their own.
            form = AgreementForm({**form.cleaned_data, "based_on": newest.pk}, group=group)
            form.add_error(None, refusal.sentence)
            status = CONFLICT
        except RuleBroken as refusal:
            form.add_error(None, refusal.sentence)
    context = {
        "form": form,
        "formset": formset,
        "group": group,
        "newest": newest,
        "shown": preview or clauses(newest.text),
        "is_preview": preview is not None,
        "is_overtaken": status == CONFLICT,
        "to_sign": Membership.objects.filter(group=group).seated().count(),
        "page_has_errors": bool(form.errors) or formset.total_error_count() > 0,
        "nav_current": "groups_app:list",
    }
    return render(request, "groups_app/agreement_edit.html", context, status=status)


@require_http_methods(["GET", "POST"])
def template_edit(request: SignedIn) -> HttpResponse:
    """Change the clauses that new groups start from."""
    if not request.user.has_perm("groups_app.edit_template"):
        raise Http404
    template = default_template()
    typed = request.POST if request.method == "POST" else None
    form = TitleForm(typed, initial={"title": template.title})
    rows = clause_rows([row.words for row in template.clauses.all()])
    formset = ClauseFormSet(typed, prefix="clause", initial=rows)
    if typed is not None and all([form.is_valid(), formset.is_valid()]):
        try:
            services.change_template(title=form.cleaned_data["title"], parts=formset.clauses(), by=request.user)
        except RuleBroken as refusal:
            form.add_error(None, refusal.sentence)
        else:
            done(request, _("New groups start from this text. Groups that have an agreement keep theirs."))
            return redirect("groups_app:list")
    context = {
        "form": form,
        "formset": formset,
        "page_has_errors": bool(form.errors) or formset.total_error_count() > 0,
        "nav_current": "groups_app:list",
    }
    return render(request, "groups_app/agreement_template.html", context)


@require_http_methods(["GET", "POST"])
def paper(request: SignedIn, pk: UUID) -> HttpResponse:
    """Record that a member signed on paper."""
    membership = membership_for(request.user, pk, "groups_app.record_paper_signature")
    group = membership.group
    newest = _newest(group)
    initial = {"version": newest, "name": membership.client.name, "signed_on": today_in(group.site.zone)}
    typed, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = PaperForm(typed, files, group=group, initial=initial)
    status = 200
    if form.is_valid():
        try:
            services.record_paper_signature(membership=membership, by=request.user, **form.cleaned_data)
        except services.AgreementChanged as refusal:
            newest = AgreementVersion.objects.filter(group=group).newest().select_related("published_by").get()
            form = PaperForm({**form.cleaned_data, "version": newest.pk}, group=group)
            form.add_error(None, refusal.sentence)
            status = CONFLICT
        except services.ScanWrong as refusal:
            form.add_error("scan", refusal.sentence)
        except RuleBroken as refusal:
            form.add_error(None, refusal.sentence)
        else:
            done(request, _("The signature of %(name)s is recorded.") % {"name": membership.client.name})
            return redirect("groups_app:agreement", group.pk)
    context = {"form": form, "membership": membership, "version": newest, "nav_current": "groups_app:list"}
    return render(request, "groups_app/paper.html", context, status=status)


def _newest(group: Group) -> AgreementVersion:
    return AgreementVersion.objects.filter(group=group).newest().select_related("published_by").get()


def _starting_clauses(request: SignedIn, newest: AgreementVersion) -> list[Clause]:
    """The text in force, or, asked for, the practice's own."""
    if request.GET.get("from") == "template":
        return services.template_clauses(Policy.objects.get())
    return clauses(newest.text)


def _published_sentence(version: AgreementVersion) -> str:
    asked = Membership.objects.filter(group=version.group_id).seated().count()
    return ngettext(
        "Version %(number)d is published. %(asked)d person is asked to sign it.",
        "Version %(number)d is published. %(asked)d people are asked to sign it.",
        asked,
    ) % {"number": version.number, "asked": asked}
