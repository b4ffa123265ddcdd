"""How an author likes to write: the format of new notes about members, and sentences of one's own (R34)."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common.flash import done
from practice.access import SignedIn, permitted
from sessions_log import services
from sessions_log.models import Session, Snippet
from sessions_log.note_forms import SnippetForm, StyleForm


@require_http_methods(["GET", "POST"])
@permitted("sessions_log.write_notes")
def writing(request: SignedIn) -> HttpResponse:
    """Choose the format; add a snippet. ``session`` in the address leads back to the page the person came from."""
    is_snippet = "snippet" in request.POST
    style = StyleForm(None if is_snippet else request.POST or None, user=request.user)
    snippet = SnippetForm(request.POST if is_snippet else None)
    if request.method == "POST" and is_snippet and snippet.is_valid():
        name, text = snippet.cleaned_data["name"], snippet.cleaned_data["text"]
        services.keep_snippet(author=request.user, name=name, text=text)
        done(request, _("“%(name)s” is among your snippets.") % {"name": name})
        return redirect(request.get_full_path())
    if request.method == "POST" and not is_snippet and style.is_valid():
        services.choose_format(user=request.user, member_format=style.cleaned_data["member_format"])
        done(request, _("New notes about members begin in this format."))
        return redirect(_way_back(request) or reverse("sessions_log:writing"))
    context = {
        "style": style,
        "snippet": snippet,
        "snippets": Snippet.objects.filter(author=request.user),
        "back": _way_back(request),
        "nav_current": "sessions_log:notes",
        "page_has_errors": bool(style.errors or snippet.errors),
    }
    return render(request, "sessions_log/writing.html", context)


@require_GET
@permitted("sessions_log.write_notes")
def snippets(request: SignedIn) -> HttpResponse:
    """Return one's own snippets, for the menu on a session's page."""
    return render(request, "sessions_log/_snippets.html", {"snippets": Snippet.objects.filter(author=request.user)})


@require_POST
@permitted("sessions_log.write_notes")
def snippet_delete(request: SignedIn, pk: UUID) -> HttpResponse:
    """Remove one of one's own snippets; notes that hold its words keep them."""
    snippet = get_object_or_404(Snippet, pk=pk, author=request.user)
    snippet.delete()
    done(request, _("“%(name)s” is removed.") % {"name": snippet.name})
    return redirect("sessions_log:writing")


def _way_back(request: SignedIn) -> str:
    """Return the address of the session the person came from, if it is one."""
    try:
        key = UUID(request.GET.get("session", ""))
    except ValueError:
        return ""
    known = Session.objects.visible_to(request.user).filter(pk=key).exists()
    return reverse("sessions_log:session", args=[key]) if known else ""
