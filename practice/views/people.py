"""Staff: list, person, licenses, and opening and closing accounts."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F, Prefetch, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit.services import record
from common.clock import now, today_in
from common.errors import RuleBroken
from common.flash import done
from practice import services
from practice.access import SignedIn, permitted
from practice.factors import second_factor
from practice.filters import PeopleFilter
from practice.forms import LicenseForm, PersonForm, SupervisorForm
from practice.invited import mailed
from practice.models import License, Supervision, User
from practice.trail import entries_of, lines_of, refusals_of
from practice.views.saving import saves, sent

form_page = require_http_methods(["GET", "HEAD", "POST"])

PAGE_SIZE = 50
TRAIL_PAGE_SIZE = 25


@permitted("practice.administer")
@require_safe
def people(request: SignedIn) -> HttpResponse:
    """List the staff."""
    narrowed = PeopleFilter(request.GET, queryset=_staff())
    page = Paginator(narrowed.qs, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "practice/people.html", {"form": narrowed.form, "page_obj": page})


@permitted("practice.administer")
@form_page
def person_new(request: SignedIn) -> HttpResponse:
    """Make somebody's account and invite them."""
    form = PersonForm(sent(request))

    def save() -> None:
        data = {**form.cleaned_data}
        services.invite(user=services.create_staff(**data), by=request.user)

    if saves(form, save):
        done(request, _("%(name)s is invited: the link goes to %(email)s.") % _named(form))
        return redirect("practice:people")
    return render(request, "practice/person_new.html", {"form": form, "nav_current": "practice:people"})


@permitted("practice.administer")
@form_page
def person(request: SignedIn, pk: UUID) -> HttpResponse:
    """Show and change somebody, their licenses and the state of their account."""
    found = get_object_or_404(_staff().annotate(has_second_factor=second_factor()), pk=pk)
    name = found.name
    form = PersonForm(sent(request), instance=found)
    if saves(form, lambda: services.change_person(user=found, by=request.user, **form.cleaned_data)):
        done(request, _("%(name)s is saved.") % {"name": found.name})
        return redirect("practice:person", pk=pk)
    invitation = found.invitations.order_by("-created_at").first()
    context = {
        "form": form,
        "person": found,
        "name": name,
        "invitation": invitation,
        "mailed": mailed(invitation) if invitation else None,
        "last_day": services.last_day(invitation) if invitation else None,
        "zone": services.zone_of(request.user),
        "is_oneself": found == request.user,
        "supervision": _supervision_of(found),
        "nav_current": "practice:people",
    }
    return render(request, "practice/person.html", context)


@permitted("practice.administer")
@require_safe
def person_trail(request: SignedIn, pk: UUID) -> HttpResponse:
    """List what happened with somebody's account; opening this list is in it the next time."""
    found = get_object_or_404(User.objects.staff(), pk=pk)
    page = Paginator(entries_of(found), TRAIL_PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "person": found,
        "page_obj": page,
        "lines": lines_of(list(page)),
        "refusals": refusals_of(found),
        "zone": services.zone_of(request.user),
        "nav_current": "practice:people",
    }
    record(action="account.trail_read", by=request.user, target=found)
    return render(request, "practice/person_trail.html", context)


@permitted("practice.administer")
@require_POST
def person_invite(request: SignedIn, pk: UUID) -> HttpResponse:
    """Send a fresh link; an earlier one stops working."""
    found = get_object_or_404(User.objects.staff(), pk=pk)
    return _do(
        request,
        found,
        lambda: services.invite(user=found, by=request.user),
        _("A new link goes to %(email)s.") % {"email": found.email},
    )


@permitted("practice.administer")
@form_page
def person_deactivate(request: SignedIn, pk: UUID) -> HttpResponse:
    """Say what closing an account means, and close it."""
    found = get_object_or_404(User.objects.staff(), pk=pk)
    if request.method == "POST":
        return _do(
            request,
            found,
            lambda: services.deactivate(user=found, by=request.user),
            _("%(name)s’s account is deactivated.") % {"name": found.name},
        )
    return render(request, "practice/person_deactivate.html", {"person": found, "nav_current": "practice:people"})


@permitted("practice.administer")
@require_POST
def person_reactivate(request: SignedIn, pk: UUID) -> HttpResponse:
    """Open a closed account again."""
    found = get_object_or_404(User.objects.staff(), pk=pk)
    return _do(
        request,
        found,
        lambda: services.reactivate(user=found, by=request.user),
        _("%(name)s’s account is open again.") % {"name": found.name},
    )


@permitted("practice.administer")
@require_POST
def person_sign_out(request: SignedIn, pk: UUID) -> HttpResponse:
    """End all sessions of somebody who left a screen open or lost a device; the account stays open."""
    found = get_object_or_404(User.objects.staff(), pk=pk)
    return _do(
        request,
        found,
        lambda: services.sign_out_everywhere(user=found, by=request.user),
        _("%(name)s is signed out everywhere.") % {"name": found.name},
    )


@permitted("practice.administer")
@form_page
def license_new(request: SignedIn, pk: UUID) -> HttpResponse:
    """Note a license."""
    return _license_page(request, License(user=get_object_or_404(User.objects.staff(), pk=pk)))


@permitted("practice.administer")
@form_page
def license_edit(request: SignedIn, pk: UUID) -> HttpResponse:
    """Change a license, after a renewal for example."""
    return _license_page(request, get_object_or_404(License.objects.select_related("user"), pk=pk))


@permitted("practice.administer")
@require_POST
def license_delete(request: SignedIn, pk: UUID) -> HttpResponse:
    """Take away a license that was noted by mistake."""
    found = get_object_or_404(License.objects.select_related("user"), pk=pk)
    services.remove_license(license=found, by=request.user)
    done(request, _("%(name)s’s license for %(state)s is removed.") % {"name": found.user.name, "state": found.state})
    return redirect("practice:person", pk=found.user_id)


def _license_page(request: SignedIn, found: License) -> HttpResponse:
    is_new = found._state.adding  # noqa: SLF001
    form = LicenseForm(sent(request), instance=found)
    if saves(form, lambda: services.save_license(license=form.instance, by=request.user)):
        done(request, _("%(name)s’s license for %(state)s is saved.") % {"name": found.user.name, "state": found.state})
        return redirect("practice:person", pk=found.user_id)
    context = {"form": form, "person": found.user, "license": found, "is_new": is_new, "nav_current": "practice:people"}
    return render(request, "practice/license.html", context)


def _supervision_of(person: User) -> dict[str, Any]:
    """By whom and whom the person is and was supervised, and the form that adds a supervisor."""
    of_person = Supervision.objects.filter(Q(therapist=person) | Q(supervisor=person)).with_people()
    rows = list(of_person.order_by(F("until").desc(nulls_first=True), "-since", "pk"))
    return {
        "by": [row for row in rows if row.therapist_id == person.pk],
        "whom": [row for row in rows if row.supervisor_id == person.pk],
        "form": SupervisorForm(therapist=person) if person.has_perm("practice.be_supervised") else None,
        "supervises": person.has_perm("practice.supervise"),
    }


def _staff() -> QuerySet[User]:
    """Staff with everything that a list or a page tells of them."""
    today = today_in(services.site_zones()[0])
    licenses = Prefetch("licenses", License.objects.with_standing(today))
    return User.objects.staff().with_invitation(now()).select_related("home_site").prefetch_related(licenses)


def _do(request: SignedIn, found: User, verb: Any, sentence: str) -> HttpResponse:
    try:
        verb()
    except RuleBroken as refusal:
        messages.error(request, refusal.sentence)
    else:
        done(request, sentence)
    return redirect("practice:person", pk=found.pk)


def _named(form: PersonForm) -> dict[str, str]:
    return {"name": form.instance.name, "email": form.instance.email}
