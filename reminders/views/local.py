"""The mailbox of a local installation: what it would send lands here."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from practice.access import SignedIn, permitted
from reminders.channels.texts.local import written_texts
from reminders.mailbox import find_mail, latest_mails

MAILBOX_SIZE = 100


@require_safe
@permitted("reminders.see_mailbox")
def mailbox(request: SignedIn) -> HttpResponse:
    """List the mails and texts that a local installation wrote instead of sending them."""
    _only_in_debug()
    context = {"mails": latest_mails(MAILBOX_SIZE), "texts": written_texts(MAILBOX_SIZE)}
    return render(request, "reminders/mailbox.html", context)


@require_safe
@permitted("reminders.see_mailbox")
def mail(request: SignedIn, key: str) -> HttpResponse:
    """Show one mail of the local mailbox."""
    _only_in_debug()
    found = find_mail(key)
    if found is None:
        raise Http404
    return render(request, "reminders/mail.html", {"mail": found})


def _only_in_debug() -> None:
    if not settings.DEBUG:
        raise Http404
