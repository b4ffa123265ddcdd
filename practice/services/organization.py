"""The practice itself: name, policy, sites, rooms, closures."""

from collections.abc import Iterable
from functools import partial

from django.db import transaction
from django.db.models import BaseConstraint
from django.utils.translation import gettext as _

from audit.services import record
from common.clock import today_in
from common.db import constraint_errors
from common.errors import RuleBroken
from practice.models import Closure, Policy, Practice, Room, Site, User


class PolicyImpossible(RuleBroken):
    """The numbers of the policy contradict each other."""


class NameTaken(RuleBroken):
    """Another site, or another room of the same site, has this name."""


class RoomsAtOnlineSite(RuleBroken):
    """A site that is online only has no rooms."""


class ClosureExists(RuleBroken):
    """These days are closed already."""

    def __init__(self) -> None:
        super().__init__(_("These days are already closed there."))


class ClosureBegun(RuleBroken):
    """Closed days that have begun are history."""

    def __init__(self, closure: Closure) -> None:
        super().__init__(_("“%(name)s” has begun already, so it stays in the calendar.") % {"name": closure.name})


def save_practice(*, practice: Practice) -> Practice:
    """Change name and phone."""
    practice.save()
    return practice


@transaction.atomic
def save_policy(*, policy: Policy, by: User) -> Policy:
    """Change the policy; raise ``PolicyImpossible`` when sizes or hours contradict each other (R23, R48)."""
    with constraint_errors(
        {str(constraint.name): partial(_impossible, constraint) for constraint in Policy._meta.constraints}
    ):
        policy.save()
    record(action="practice.policy_changed", by=by)
    return policy


@transaction.atomic
def save_site(*, site: Site) -> Site:
    """Add or change a site; raise ``NameTaken``, or ``RoomsAtOnlineSite`` when one with rooms shall be online only."""
    Site.objects.select_for_update().filter(pk=site.pk).first()
    if site.is_online and site.rooms.exists():
        raise RoomsAtOnlineSite(_("%(site)s has rooms, so it cannot be online only.") % {"site": site.name})
    with constraint_errors({"practice_site_name_key": lambda: NameTaken(_("There is already a site of that name."))}):
        site.save()
    return site


@transaction.atomic
def save_room(*, room: Room) -> Room:
    """Add or change a room; raise ``NameTaken`` or ``RoomsAtOnlineSite``."""
    site = Site.objects.select_for_update().get(pk=room.site_id)
    if site.is_online:
        raise RoomsAtOnlineSite(_("%(site)s is online only and has no rooms.") % {"site": site.name})
    with constraint_errors(
        {"room_name_once_a_site": lambda: NameTaken(_("This site already has a room of that name."))}
    ):
        room.save()
    return room


def add_closure(*, closure: Closure) -> Closure:
    """Close days at one site or, without a site, at all (R32); raise ``ClosureExists``.

    Sessions that were planned before stay: a person decides about each.
    """
    with constraint_errors({"closure_once": ClosureExists}):
        closure.save()
    return closure


@transaction.atomic
def remove_closure(*, closure: Closure) -> None:
    """Open the days again; raise ``ClosureBegun`` when the first of them has come. Doing it again changes nothing."""
    current = Closure.objects.select_for_update(of=("self",)).select_related("site").filter(pk=closure.pk).first()
    if current is None:
        return
    if has_begun(current, zones=site_zones()):
        raise ClosureBegun(current)
    current.delete()


def has_begun(closure: Closure, *, zones: Iterable[str]) -> bool:
    """Return whether the first closed day has come at the closure's site or, without one, in any of ``zones``."""
    return any(closure.first_day <= today_in(zone) for zone in ([closure.site.zone] if closure.site else zones))


def site_zones() -> list[str]:
    """Return the zones in which the practice has sites."""
    return list(Site.objects.values_list("zone", flat=True).distinct().order_by("zone")) or ["UTC"]


def _impossible(constraint: BaseConstraint) -> PolicyImpossible:
    return PolicyImpossible(constraint.get_violation_error_message())
