"""What messages say: the administrator's pages (R48)."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.flash import done
from practice.access import SignedIn, permitted
from practice.models import Practice
from reminders import services
from reminders.forms import WordsForm
from reminders.models import Kind, MessageText, Via
from reminders.texts.preview import Preview, preview
from reminders.texts.words import CHANNELS, PLACEHOLDERS, words


@require_safe
@permitted("reminders.edit_texts")
def texts(request: SignedIn) -> HttpResponse:
    """List what there is to say, through what, and which texts are the practice's own."""
    own = set(MessageText.objects.values_list("kind", "channel"))
    rows = [(kind, [(via, (kind.value, via.value) in own) for via in Via if via in CHANNELS[kind]]) for kind in Kind]
    return render(request, "reminders/texts.html", {"rows": rows, "nav_current": "practice:settings"})


@require_http_methods(["GET", "HEAD", "POST"])
@permitted("reminders.edit_texts")
def text(request: SignedIn, kind: str, channel: str) -> HttpResponse:
    """Show one text as its recipients get it, try other words, and keep them."""
    _ensure_known(kind, channel)
    own = MessageText.objects.filter(kind=kind, channel=channel).select_related("changed_by").first()
    current = own or words(kind, channel)
    initial = {"heading": str(current.heading), "body": str(current.body)}
    form = WordsForm(request.POST if request.method == "POST" else None, initial=initial, channel=channel)
    shown = initial
    if form.is_valid():
        shown = dict(form.cleaned_data)
        try:
            if "keep" in request.POST:
                services.save_words(kind=kind, channel=channel, by=request.user, **shown)
                done(request, _("The text is saved. It holds from the next message on."))
                return redirect("reminders:text", kind, channel)
            services.ensure_harmless(kind=kind, channel=channel, **shown)
        except services.WordsRefused as refusal:
            for reason in refusal.reasons:
                form.add_error("body", reason)
    context: dict[str, Any] = {
        "form": form,
        "kind": Kind(kind),
        "channel": Via(channel),
        "own": own,
        "preview": _preview(kind, channel, shown),
        "placeholders": [f"{{{name}}}" for name in PLACEHOLDERS[kind]],
        "nav_current": "practice:settings",
    }
    return render(request, "reminders/text.html", context)


@require_POST
@permitted("reminders.edit_texts")
def text_reset(request: SignedIn, kind: str, channel: str) -> HttpResponse:
    """Go back to the words Kith comes with."""
    _ensure_known(kind, channel)
    services.reset_words(kind=kind, channel=channel, by=request.user)
    done(request, _("Kith’s own words are used again."))
    return redirect("reminders:text", kind, channel)


def _preview(kind: str, channel: str, shown: dict[str, str]) -> Preview:
    return preview(kind, channel, practice=Practice.objects.get(), **shown)


def _ensure_known(kind: str, channel: str) -> None:
    if kind not in Kind.values or channel not in CHANNELS[kind]:
        raise Http404
