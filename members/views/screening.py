"""Screening: the therapist's list and checklist, the coordinator's question (R21)."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit import services as audit
from common.errors import RuleBroken
from common.flash import done
from members.filters import WaitingFilter
from members.models import Client, Screening, ScreeningRequest, WaitingListEntry
from members.screening_forms import AskForm, ScreeningForm
from members.services.screening import Answer, answers_of, ask_for_screening, record_screening
from members.views.waiting import list_as_narrowed
from practice.access import SignedIn, permitted
from practice.models import User

LAST_DECISIONS = 10


@require_safe
@permitted("members.see_screenings")
def screenings(request: SignedIn) -> HttpResponse:
    """List whom the therapist is asked to screen, the longest wait first; supervisors see everybody's."""
    asked = ScreeningRequest.objects.visible_to(request.user).open()
    mine = Screening.objects.current().filter(decided_by=request.user).select_related("client__site")
    decided = list(mine.order_by("-decided_at")[:LAST_DECISIONS])
    visible = _visible_among([one.client_id for one in decided], request.user)
    context = {
        "asked": asked.select_related("client__site", "therapist", "asked_by"),
        "decided": [(one, one.client_id in visible) for one in decided],
        "sees_all": request.user.has_perm("members.see_all_screenings"),
    }
    return render(request, "members/screenings.html", context)


def _visible_among(keys: list[UUID], user: User) -> set[UUID]:
    """Which of the clients ``user`` may still open: a decision made ends what it needed (R43)."""
    return set(Client.objects.visible_to(user).filter(pk__in=keys).values_list("pk", flat=True)) if keys else set()


@require_http_methods(["GET", "HEAD", "POST"])
def screen(request: SignedIn, pk: UUID) -> HttpResponse:
    """Go through the checklist and decide; show what was decided before."""
    client = get_object_or_404(Client.objects.visible_to(request.user).select_related("site").with_labels(), pk=pk)
    if not request.user.has_perm("members.screen", client):
        raise Http404
    before = list(client.screenings.select_related("decided_by", "findings"))
    known = _answers(before[0]) if before else {}
    form = ScreeningForm(request.POST if request.method == "POST" else None, answers=known)
    if form.is_valid():
        try:
            screening = record_screening(
                client=client,
                outcome=form.cleaned_data["outcome"],
                answers=form.answers(),
                reason=form.cleaned_data["reason"],
                review_on=form.cleaned_data["review_on"],
                by=request.user,
            )
        except RuleBroken as error:
            form.add_error("reason", error.sentence)
        else:
            outcome = str(screening.get_outcome_display()).lower()
            done(request, _("%(name)s: %(outcome)s.") % {"name": client.name, "outcome": outcome})
            return redirect("members:screenings")
    audit.record(action="screening.read", by=request.user, target=client, client=client)
    context = {
        "client": client,
        "form": form,
        "before": [(one, getattr(one, "findings", None), _told(one, form)) for one in before],
        "nav_current": "members:screenings",
    }
    return render(request, "members/screen.html", context)


def _answers(screening: Screening) -> dict[str, Answer]:
    """What was answered; a decision taken over from elsewhere has no checklist."""
    findings = getattr(screening, "findings", None)
    return answers_of(findings) if findings else {}


def _told(screening: Screening, form: ScreeningForm) -> list[tuple[str, Answer]]:
    """What an earlier screening answered, in the words of the checklist."""
    answers = _answers(screening)
    return [(item.label, answers[item.code]) for item in form.items if item.code in answers]


@require_POST
@permitted("members.ask_for_screening")
def ask(request: SignedIn, pk: UUID) -> HttpResponse:
    """Ask a therapist to screen one client."""
    client = get_object_or_404(Client.objects.visible_to(request.user), pk=pk)
    form = AskForm(request.POST)
    if form.is_valid():
        therapist = form.cleaned_data["therapist"]
        _ask(request, [client], therapist)
    else:
        messages.error(request, _("Choose the therapist who is asked."))
    return redirect("members:detail", client.pk)


@require_POST
@permitted("members.ask_for_screening")
def ask_waiting(request: SignedIn) -> HttpResponse:
    """Ask a therapist to screen all who wait, as far as the list is narrowed, and whom nobody has screened."""
    waiting = WaitingListEntry.objects.visible_to(request.user).open()
    narrowed = WaitingFilter(request.GET, queryset=waiting).qs.to_be_screened().select_related("client")
    form = AskForm(request.POST)
    if form.is_valid():
        _ask(request, [entry.client for entry in narrowed], form.cleaned_data["therapist"])
    else:
        messages.error(request, _("Choose the therapist who is asked."))
    return redirect(list_as_narrowed(request))


def _ask(request: SignedIn, clients: list[Client], therapist: User) -> None:
    try:
        asked = ask_for_screening(clients=clients, therapist=therapist, by=request.user)
    except RuleBroken as error:
        messages.error(request, error.sentence)
        return
    sentence = ngettext(
        "%(name)s is asked to screen %(asked)d person.", "%(name)s is asked to screen %(asked)d people.", asked
    )
    done(request, sentence % {"name": therapist.name, "asked": asked})
