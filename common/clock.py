"""The one place that knows what time it is and how a wall clock maps to UTC.

Moments are stored in UTC. A calendar calculation always names its zone; a page's zone is its site's (R18, R32).
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return timezone.now()


def today_in(zone: str) -> date:
    """Return the calendar day it is now in ``zone`` (an IANA name)."""
    return now().astimezone(ZoneInfo(zone)).date()


def moment(day: date, wall: time, zone: str) -> datetime:
    """Return the UTC moment at which clocks in ``zone`` show ``wall`` on ``day`` (RFC 5545).

    A time that the zone skips in spring moves forward by the length of the gap; a time that happens twice in autumn is
    the first of the two.
    """
    # With fold=0 Python reads a skipped time with the offset before the gap, which is the shift forward we want.
    return datetime.combine(day, wall, tzinfo=ZoneInfo(zone)).replace(fold=0).astimezone(UTC)


def local(instant: datetime, zone: str) -> datetime:
    """Return ``instant`` as clocks in ``zone`` show it."""
    return instant.astimezone(ZoneInfo(zone))


def day_bounds(day: date, zone: str, days: int = 1) -> tuple[datetime, datetime]:
    """Return the UTC moments at which ``day`` begins in ``zone`` and at which it, or ``days`` days from it, ends."""
    return moment(day, time.min, zone), moment(day + timedelta(days=days), time.min, zone)


# What people in these zones call their time; elsewhere the zone's city says it.
_ZONE_NAMES = {
    "America/New_York": _("Eastern Time"),
    "America/Detroit": _("Eastern Time"),
    "America/Chicago": _("Central Time"),
    "America/Denver": _("Mountain Time"),
    "America/Phoenix": _("Arizona Time"),
    "America/Los_Angeles": _("Pacific Time"),
    "America/Anchorage": _("Alaska Time"),
    "Pacific/Honolulu": _("Hawaii Time"),
}


def zone_name(zone: str) -> str:
    """Return what to write after a time that might be mistaken: "Eastern Time", "Lisbon time"."""
    known = _ZONE_NAMES.get(zone)
    return str(known) if known else gettext("%(city)s time") % {"city": zone.rpartition("/")[2].replace("_", " ")}
