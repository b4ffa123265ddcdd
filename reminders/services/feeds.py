"""Calendars that people subscribe to: making the link, showing less or more, making it stop (R55)."""

from django.db import transaction
from django.utils.translation import gettext as _

from audit.services import record
from common.clock import now
from common.errors import RuleBroken
from practice.models import User
from reminders.models import CalendarFeed, Detail


class NotForMembers(RuleBroken):
    """Only who leads sees who will be away."""

    def __init__(self) -> None:
        super().__init__(_("Only leaders can have initials in their calendar."))


def may_show(user: User, detail: Detail) -> bool:
    """Whether the calendar of ``user`` may show as much as ``detail``."""
    return detail != Detail.INITIALS or user.has_perm("reminders.show_initials")


@transaction.atomic
def open_feed(*, user: User, detail: Detail) -> CalendarFeed:
    """Give ``user`` a calendar with a fresh secret link; an earlier link stops working. Raises ``NotForMembers``."""
    _ensure_may(user, detail)
    User.objects.select_for_update(no_key=True).only("pk").get(pk=user.pk)
    close_feed(user=user)
    feed = CalendarFeed.objects.create(user=user, detail=detail)
    record(action="calendar.link_made", by=user, target=feed)
    return feed


@transaction.atomic
def show_in_feed(*, user: User, detail: Detail) -> bool:
    """Let the calendar show less or more under the same link; return whether there is one. Raises ``NotForMembers``."""
    _ensure_may(user, detail)
    return CalendarFeed.objects.filter(user=user, revoked_at__isnull=True).update(detail=detail) == 1


@transaction.atomic
def close_feed(*, user: User) -> bool:
    """Make the link stop working at once; return whether there was one."""
    is_closed = CalendarFeed.objects.filter(user=user, revoked_at__isnull=True).update(revoked_at=now()) == 1
    if is_closed:
        record(action="calendar.link_stopped", by=user)
    return is_closed


def _ensure_may(user: User, detail: Detail) -> None:
    if not may_show(user, detail):
        raise NotForMembers
