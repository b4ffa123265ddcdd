"""Pages of clients: the list, the record, how to reach them, whom to keep apart."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Prefetch, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from audit.services import record
from common.errors import RuleBroken
from common.flash import done
from members import services
from members.filters import ClientFilter
from members.forms import AvailabilityFormSet, ClientForm, ConsentForm, NewClientForm, availability_rows
from members.models import Channel, Client, ContactConsent, KeepApart
from members.screening_forms import AskForm
from members.services import EmailTaken, NoMobile
from practice.access import SignedIn, permitted

PAGE_SIZE = 25
MOST_CANDIDATES = 20  # people shown to choose from: more ask for another word, not for scrolling


@require_safe
@permitted("members.open_clients")
def client_list(request: SignedIn) -> HttpResponse:
    """List the clients whose record the person may open."""
    visible = Client.objects.visible_to(request.user).select_related("site").with_status()
    narrowed = ClientFilter(request.GET, queryset=visible)
    page = Paginator(narrowed.qs, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "filter": narrowed.form,
        "page_obj": page,
        "may_create": request.user.has_perm("members.create_client"),
        "may_open_in_emergency": request.user.has_perm("members.find_in_emergency"),
        "may_see_requests": request.user.has_perm("records.see_requests"),
    }
    return render(request, "members/list.html", context)


@require_safe
@permitted("members.open_clients")
def detail(request: SignedIn, pk: UUID) -> HttpResponse:
    """Show a client's record, as much of it as the person's role may see (R22, R43)."""
    visible = Client.objects.visible_to(request.user).select_related("site", "referral_reason")
    consents = ContactConsent.objects.in_force()
    client = get_object_or_404(
        visible.with_labels()
        .with_screening()
        .with_groups()
        .prefetch_related(
            "availabilities",
            "waiting_entries",
            Prefetch("consents", queryset=consents, to_attr="consents_in_force"),
        ),
        pk=pk,
    )
    user = request.user
    record(action="client.read", by=user, target=client, client=client)
    # One question answers all three: clinicians see the intake and the pairs, and may add to both.
    is_clinician = user.has_perm("members.see_intake", client)
    context = {
        "client": client,
        "wait": next((entry for entry in client.waiting_entries.all() if entry.closed_on is None), None),
        "may_edit": user.has_perm("members.edit_client", client),
        "may_see_intake": is_clinician,
        "may_keep_ledger": is_clinician or user.has_perm("records.keep_ledger"),
        "may_see_trail": user.has_perm("members.see_trail"),
        "may_screen": user.has_perm("members.screen", client),
        "asks": AskForm(client=client) if user.has_perm("members.ask_for_screening") else None,
        "screened": client.screenings.current().select_related("decided_by").first(),
        "apart": _pairs_for(request, client, may_see_names=is_clinician),
        "may_open": set(client.memberships.visible_to(user).values_list("pk", flat=True)),
    }
    return render(request, "members/detail.html", context)


def _pairs_for(request: SignedIn, client: Client, *, may_see_names: bool) -> dict[str, Any]:
    """Return how many people the client is kept apart from and, for clinicians, those whose record they may open."""
    pairs = {pair.one_id if pair.other_id == client.pk else pair.other_id: pair for pair in _pairs_of(client)}
    visible = Client.objects.visible_to(request.user).filter(pk__in=pairs)
    named = [(other, pairs[other.pk]) for other in visible] if pairs and may_see_names else []
    return {"named": named, "others": len(pairs) - len(named)}


def _pairs_of(client: Client) -> Any:
    """The pairs staff entered; the client's private list is nobody else's."""
    return KeepApart.objects.in_force().of(client)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted("members.create_client")
def new(request: SignedIn) -> HttpResponse:
    """Take in a new client, who waits from the referral date on."""
    typed = request.POST if request.method == "POST" else None
    form = NewClientForm(typed)
    formset = AvailabilityFormSet(typed, prefix="times")
    if all([form.is_valid(), formset.is_valid()]):
        try:
            client = services.create_client(
                client=form.instance,
                fit=form.fit(formset.spans()),
                channels=[Channel(channel) for channel in form.cleaned_data["channels"]],
                waiting_since=form.cleaned_data["referral_date"],
                by=request.user,
            )
        except EmailTaken as error:
            form.add_error("email", error.sentence)
        else:
            done(request, _("%(name)s is on the waiting list.") % {"name": client.name})
            return redirect("members:detail", client.pk)
    return _client_form(request, form, formset)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted("members.edit_client")
def edit(request: SignedIn, pk: UUID) -> HttpResponse:
    """Change a client's record."""
    client = get_object_or_404(Client.objects.visible_to(request.user).with_fit_data(), pk=pk)
    name = client.name
    typed = request.POST if request.method == "POST" else None
    form = ClientForm(typed, instance=client)
    formset = AvailabilityFormSet(typed, prefix="times", initial=availability_rows(list(client.availabilities.all())))
    if all([form.is_valid(), formset.is_valid()]):
        try:
            services.update_client(client=form.instance, fit=form.fit(formset.spans()))
            record(action="client.changed", by=request.user, target=client, client=client)
        except EmailTaken as error:
            form.add_error("email", error.sentence)
        except NoMobile as error:
            form.add_error("mobile", error.sentence)
        else:
            done(request, _("The record of %(name)s is saved.") % {"name": client.name})
            return redirect("members:detail", client.pk)
    record(action="client.read", by=request.user, target=client, client=client)
    return _client_form(request, form, formset, pk=pk, name=name)


def _client_form(request: SignedIn, form: ClientForm, formset: Any, **of_client: Any) -> HttpResponse:
    context = {
        "form": form,
        "formset": formset,
        "page_has_errors": bool(form.errors) or formset.total_error_count() > 0,
        "of_client": of_client,
    }
    return render(request, "members/form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permitted("members.edit_client")
def consents(request: SignedIn, pk: UUID) -> HttpResponse:
    """Change how a client may be reached, and show how that changed before (R48)."""
    client = get_object_or_404(Client.objects.visible_to(request.user).select_related("site"), pk=pk)
    history = list(client.consents.select_related("recorded_by", "withdrawn_by").order_by("-given_at", "channel"))
    in_force = [consent.channel for consent in history if consent.withdrawn_at is None]
    typed = request.POST if request.method == "POST" else None
    form = ConsentForm(typed, initial={"channels": in_force})
    if form.is_valid():
        channels = [Channel(channel) for channel in form.cleaned_data["channels"]]
        try:
            services.set_consents(client=client, channels=channels, by=request.user)
        except NoMobile as error:
            form.add_error("channels", error.sentence)
        else:
            done(request, _("It is noted how %(name)s may be contacted.") % {"name": client.name})
            return redirect("members:detail", client.pk)
    record(action="client.contact_read", by=request.user, target=client, client=client)
    return render(request, "members/consents.html", {"client": client, "form": form, "history": history})


@require_http_methods(["GET", "HEAD", "POST"])
def keep_apart(request: SignedIn, pk: UUID) -> HttpResponse:
    """Choose somebody who must not sit in one group with the client (R22)."""
    visible = Client.objects.visible_to(request.user)
    client = get_object_or_404(visible, pk=pk)
    if not request.user.has_perm("members.keep_apart", client):
        raise Http404
    others = visible.filter(~Q(pk=client.pk)).select_related("site")
    if request.method == "POST":
        try:
            other = get_object_or_404(visible, pk=UUID(request.POST.get("other", "")))
            services.keep_apart(one=client, other=other, by=request.user)
        except ValueError as error:
            raise Http404 from error
        except RuleBroken as error:
            return render(
                request, "members/keep_apart.html", _candidates(client, others, "") | {"refusal": error}, status=409
            )
        done(request, _("%(one)s and %(other)s are kept apart.") % {"one": client.name, "other": other.name})
        return redirect("members:detail", client.pk)
    return render(request, "members/keep_apart.html", _candidates(client, others, request.GET.get("q", "")))


def _candidates(client: Client, others: Any, text: str) -> dict[str, Any]:
    found = list(others.search(text)[: MOST_CANDIDATES + 1]) if text.strip() else []
    return {
        "client": client,
        "q": text,
        "found": found[:MOST_CANDIDATES],
        "has_more": len(found) > MOST_CANDIDATES,
    }
