"""The practice itself: name, policy, sites, rooms, closures."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.clock import today_in
from common.flash import done
from practice import services
from practice.access import SignedIn, permitted
from practice.forms import ClosureForm, PolicyForm, PracticeForm, RoomForm, SiteForm
from practice.models import Closure, License, Practice, Room, Site, User
from practice.views.saving import saves, sent

form_page = require_http_methods(["GET", "HEAD", "POST"])

SHOWN_AT_ONCE = 8
EARLIER_CLOSURES = 20


@permitted("practice.administer")
@form_page
def settings(request: SignedIn) -> HttpResponse:
    """Show and change name and phone; beside it what an administrator should look at."""
    practice = Practice.objects.get()
    form = PracticeForm(sent(request), instance=practice)
    if saves(form, lambda: services.save_practice(practice=form.instance)):
        done(request, _("Name and phone are saved."))
        return redirect("practice:settings")
    today = today_in(services.site_zones()[0])
    context = {
        "form": form,
        "licenses": License.objects.to_renew(today).select_related("user")[:SHOWN_AT_ONCE],
        "awaited": User.objects.staff().awaited()[:SHOWN_AT_ONCE],
    }
    return render(request, "practice/settings.html", context)


@permitted("practice.administer")
@form_page
def policy(request: SignedIn) -> HttpResponse:
    """Show and change what the practice decides for itself."""
    form = PolicyForm(sent(request), instance=Practice.objects.current().policy)
    if saves(form, lambda: services.save_policy(policy=form.instance, by=request.user)):
        done(request, _("The policy is saved."))
        return redirect("practice:policy")
    return render(request, "practice/policy.html", {"form": form, "nav_current": "practice:settings"})


@permitted("practice.administer")
@require_safe
def sites(request: SignedIn) -> HttpResponse:
    """List the sites."""
    rows = Site.objects.annotate(room_count=Count("rooms"))
    return render(request, "practice/sites.html", {"sites": rows})


@permitted("practice.administer")
@form_page
def site_new(request: SignedIn) -> HttpResponse:
    """Add a site."""
    form = SiteForm(sent(request))
    if saves(form, lambda: services.save_site(site=form.instance)):
        done(request, _("%(site)s is added.") % {"site": form.instance.name})
        return redirect("practice:site", pk=form.instance.pk)
    return render(request, "practice/site_new.html", {"form": form, "nav_current": "practice:sites"})


@permitted("practice.administer")
@form_page
def site(request: SignedIn, pk: UUID) -> HttpResponse:
    """Show and change a site; list its rooms."""
    found = get_object_or_404(Site, pk=pk)
    name = found.name
    form = SiteForm(sent(request), instance=found)
    if saves(form, lambda: services.save_site(site=form.instance)):
        done(request, _("%(site)s is saved.") % {"site": found.name})
        return redirect("practice:sites")
    context = {"form": form, "site": found, "name": name, "rooms": found.rooms.all(), "nav_current": "practice:sites"}
    return render(request, "practice/site.html", context)


@permitted("practice.administer")
@form_page
def room_new(request: SignedIn, pk: UUID) -> HttpResponse:
    """Add a room to a site."""
    found = get_object_or_404(Site, pk=pk)
    return _room_page(request, Room(site=found), title=_("Add a room"))


@permitted("practice.administer")
@form_page
def room(request: SignedIn, pk: UUID) -> HttpResponse:
    """Change a room."""
    found = get_object_or_404(Room.objects.select_related("site"), pk=pk)
    return _room_page(request, found, title=found.name)


def _room_page(request: SignedIn, room: Room, *, title: str) -> HttpResponse:
    form = RoomForm(sent(request), instance=room)
    if saves(form, lambda: services.save_room(room=form.instance)):
        done(request, _("%(room)s is saved.") % {"room": room.name})
        return redirect("practice:site", pk=room.site_id)
    context = {"form": form, "site": room.site, "page_title": title, "nav_current": "practice:sites"}
    return render(request, "practice/room.html", context)


@permitted("practice.administer")
@require_safe
def closures(request: SignedIn) -> HttpResponse:
    """List days without sessions: those to come, then those that were."""
    zones = services.site_zones()
    earliest_today = min(today_in(zone) for zone in zones)
    rows = Closure.objects.select_related("site")
    coming = rows.filter(last_day__gte=earliest_today)
    context = {
        "coming": [(closure, not services.has_begun(closure, zones=zones)) for closure in coming],
        "earlier": rows.filter(last_day__lt=earliest_today).order_by("-first_day")[:EARLIER_CLOSURES],
        "nav_current": "practice:settings",
    }
    return render(request, "practice/closures.html", context)


@permitted("practice.administer")
@form_page
def closure_new(request: SignedIn) -> HttpResponse:
    """Close days."""
    form = ClosureForm(sent(request))
    if saves(form, lambda: services.add_closure(closure=form.instance)):
        done(request, _("“%(name)s” is in the calendar.") % {"name": form.instance.name})
        return redirect("practice:closures")
    return render(request, "practice/closure_new.html", {"form": form, "nav_current": "practice:settings"})


@permitted("practice.administer")
@require_POST
def closure_delete(request: SignedIn, pk: UUID) -> HttpResponse:
    """Open days again that have not begun."""
    closure = get_object_or_404(Closure, pk=pk)
    try:
        services.remove_closure(closure=closure)
    except services.ClosureBegun as refusal:
        messages.error(request, refusal.sentence)
    else:
        done(request, _("“%(name)s” is removed; sessions may be planned on these days.") % {"name": closure.name})
    return redirect("practice:closures")
