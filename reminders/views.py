"""Pages about messages: what was delivered, how to stop, and the local mailbox."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from members.models import Client
from practice.access import SignedIn, role_required
from practice.models import STAFF_ROLES, Practice, Role
from reminders import services
from reminders.forms import DeliveryFilter
from reminders.links import client_of_stop_token
from reminders.mailbox import find_mail, latest_mails
from reminders.models import Reminder

PAGE_SIZE = 50
MAILBOX_SIZE = 100


@require_safe
@role_required(Role.COORDINATOR)
def deliveries(request: SignedIn) -> HttpResponse:
    """List what was sent, what waits and what could not be sent."""
    visible = Reminder.objects.visible_to(request.user)
    narrowed = DeliveryFilter(request.GET, queryset=visible)
    rows = narrowed.qs.select_related("session", "membership__client", "membership__group").order_by("-due_at", "id")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"form": narrowed.form, "page_obj": page, "failed": visible.failed().count()}
    return render(request, "reminders/deliveries.html", context)


# The signed address is the proof, not a cookie: mail programs post to it by themselves (RFC 8058).
@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether e-mails shall stop, and stop them; opening the link alone changes nothing (R48)."""
    client = get_object_or_404(Client, pk=client_of_stop_token(token))
    if request.method == "POST":
        services.stop_email(client=client)
    context = {"practice": Practice.objects.get(), "is_stopped": request.method == "POST"}
    return render(request, "reminders/stop.html", context)


@require_safe
@role_required(*STAFF_ROLES)
def mailbox(request: SignedIn) -> HttpResponse:
    """List the mails that a local installation wrote instead of sending them."""
    _only_in_debug()
    return render(request, "reminders/mailbox.html", {"mails": latest_mails(MAILBOX_SIZE)})


@require_safe
@role_required(*STAFF_ROLES)
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
