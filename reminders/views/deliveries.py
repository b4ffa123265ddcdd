"""What was sent, to whom, through what, and what became of it: for coordinators."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common.clock import now
from common.errors import RuleBroken
from common.flash import done
from members.models import Client
from practice.access import SignedIn, permitted
from practice.models import User
from reminders import services
from reminders.forms import DeliveryFilter
from reminders.models import Message
from reminders.reads import awaited_account, contact_of
from sessions_log.models import Session

PAGE_SIZE = 50


@require_safe
@permitted("reminders.see_deliveries")
def deliveries(request: SignedIn) -> HttpResponse:
    """List what was sent, what waits and what could not be sent, and how the queue is."""
    visible = Message.objects.visible_to(request.user)
    narrowed = DeliveryFilter(request.GET, queryset=visible)
    rows = narrowed.qs.with_line().order_by("-due_at", "id")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    at = now()
    context = {"form": narrowed.form, "page_obj": page, "health": visible.health(at), "now": at}
    return render(request, "reminders/deliveries.html", context)


@require_safe
@permitted("reminders.see_deliveries")
def client(request: SignedIn, pk: UUID) -> HttpResponse:
    """Show how one client is reached, and everything that was sent to them."""
    found = get_object_or_404(Client.objects.visible_to(request.user).select_related("site", "user"), pk=pk)
    rows = Message.objects.visible_to(request.user).filter(client=found).with_line().order_by("-due_at", "id")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "client": found,
        "page_obj": page,
        "contact": contact_of(found),
        "awaited": awaited_account(found.user),
        "now": now(),
        "nav_current": "reminders:deliveries",
    }
    return render(request, "reminders/client.html", context)


@require_safe
@permitted("reminders.see_staff_deliveries")
def account(request: SignedIn, pk: UUID) -> HttpResponse:
    """Show everything that was sent to somebody who works here."""
    found = get_object_or_404(User.objects.staff(), pk=pk)
    rows = Message.objects.visible_to(request.user).filter(account=found).with_line().order_by("-due_at", "id")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    is_of_the_desk = request.user.has_perm("reminders.see_deliveries")
    context = {
        "person": found,
        "page_obj": page,
        "now": now(),
        "nav_current": "reminders:deliveries" if is_of_the_desk else "practice:people",
    }
    return render(request, "reminders/account.html", context)


@require_safe
@permitted("reminders.see_deliveries")
def session(request: SignedIn, pk: UUID) -> HttpResponse:
    """Show everything that was sent about one session."""
    found = get_object_or_404(Session.objects.visible_to(request.user).select_related("group"), pk=pk)
    rows = Message.objects.visible_to(request.user).filter(session=found).with_line().order_by("-due_at", "id")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"session": found, "page_obj": page, "now": now(), "nav_current": "reminders:deliveries"}
    return render(request, "reminders/session.html", context)


@require_POST
@permitted("reminders.see_staff_deliveries")
def retry(request: SignedIn, pk: UUID) -> HttpResponse:
    """Let a message that could not be sent wait for the next tick again."""
    message = get_object_or_404(Message.objects.visible_to(request.user), pk=pk)
    try:
        services.retry(message=message, by=request.user)
    except RuleBroken as refusal:
        messages.error(request, refusal.sentence)
    else:
        done(request, _("It goes out with the next round, within a minute."))
    return redirect(_back_to(request))


def _back_to(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if is_ours else reverse("reminders:deliveries")
