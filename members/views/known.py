"""The member's private list of people they know, and the end of a pair that staff entered (R22)."""

from uuid import UUID

from django import forms
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from common.errors import RuleBroken
from common.flash import done
from members.models import Client, KeepApart, KnownPerson
from members.services.acquaintance import end_keep_apart, list_known, unlist_known
from practice.access import SignedIn, permitted


class KnownForm(forms.Form):
    """The name of somebody the member knows."""

    first_name = forms.CharField(
        label=gettext_lazy("First name"), max_length=100, widget=forms.TextInput({"autocomplete": "off"})
    )
    last_name = forms.CharField(
        label=gettext_lazy("Last name"), max_length=100, widget=forms.TextInput({"autocomplete": "off"})
    )


class EndForm(forms.Form):
    """Why a pair is ended."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300, widget=forms.Textarea({"rows": 2}))


@require_http_methods(["GET", "HEAD", "POST"])
@permitted("members.keep_own_list")
def known(request: SignedIn) -> HttpResponse:
    """Show the member's own list and add to it; nobody else reads it."""
    client = get_object_or_404(Client, user=request.user)
    form = KnownForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            list_known(client=client, **form.cleaned_data)
        except RuleBroken as error:
            form.add_error(None, error.sentence)
        else:
            done(request, _("The name is on your list."))
            return redirect("members:known")
    people = KnownPerson.objects.filter(client=client, removed_at__isnull=True)
    return render(request, "members/known.html", {"form": form, "people": people, "nav_current": "home:me"})


@require_POST
@permitted("members.keep_own_list")
def known_remove(request: SignedIn, pk: UUID) -> HttpResponse:
    """Take a name off the member's own list."""
    person = get_object_or_404(KnownPerson, pk=pk, client__user=request.user)
    unlist_known(known=person)
    done(request, _("The name is off your list."))
    return redirect("members:known")


@require_http_methods(["GET", "HEAD", "POST"])
def keep_apart_end(request: SignedIn, pk: UUID, pair_pk: UUID) -> HttpResponse:
    """Say what ending a pair means, and end it with a reason."""
    client = get_object_or_404(Client.objects.visible_to(request.user), pk=pk)
    if not request.user.has_perm("members.see_kept_apart", client):
        raise Http404
    pairs = KeepApart.objects.filter(Q(one=client) | Q(other=client)).select_related("one", "other")
    pair = get_object_or_404(pairs, pk=pair_pk)
    other = pair.other if pair.one_id == client.pk else pair.one
    form = EndForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            end_keep_apart(pair=pair, by=request.user, reason=form.cleaned_data["reason"])
        except RuleBroken as error:
            form.add_error(None, error.sentence)
        else:
            done(
                request,
                _("%(one)s and %(other)s are no longer kept apart.") % {"one": client.name, "other": other.name},
            )
            return redirect("members:detail", client.pk)
    context = {"client": client, "other": other, "form": form}
    return render(request, "members/keep_apart_end.html", context)
