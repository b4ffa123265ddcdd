"""The calendar behind a secret link: what is in it, and whether it changed since somebody last asked (R55).

Three queries for a fresh calendar (the link, its mark, its sessions), two when nothing changed.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import CharField, DateTimeField, Exists, F, Func, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat, Greatest, Left
from django.utils.translation import gettext as _

from groups_app.models import Membership, MembershipState
from practice.models import Role, User
from reminders.calendars.ical import Event, calendar, default_title
from reminders.models import CalendarFeed, Detail
from sessions_log.models import AbsenceNotice, Session, SessionLeader

KEPT_FOR = timedelta(days=180)
_TOOK_PART = (MembershipState.ACTIVE, MembershipState.LEAVING, MembershipState.LEFT)
# Part of the mark: raise it when the same rows come out as other bytes.
_FORMAT = 1
_COLUMNS = (
    "pk", "schedule_version", "starts_at", "ends_at", "zone", "status", "stamp", "number",
    "online_link", "room__name", "address", "away",
)  # fmt: skip


def find_feed(feed_id: UUID | None) -> CalendarFeed | None:
    """Return the open calendar with its owner, in one query."""
    return CalendarFeed.objects.open().filter(pk=feed_id).select_related("user").first() if feed_id else None


def mark_of(feed: CalendarFeed, *, at: datetime) -> str:
    """Return a mark that changes whenever the calendar's bytes would, in one query that fetches no session."""
    row = Func(Value("|"), *(Cast(name, CharField()) for name in _COLUMNS), function="concat_ws")
    whole = Func(StringAgg(row, delimiter=Value("\n"), order_by=("starts_at", "pk")), function="md5")
    found = _sessions(feed, at=at).order_by().aggregate(mark=whole)["mark"]
    return f'"{_FORMAT}-{feed.pk.hex}-{feed.detail}-{found or "empty"}"'


def calendar_of(feed: CalendarFeed, *, at: datetime) -> bytes:
    """Return the calendar as bytes, in one query."""
    # All at once: for a cursor PostgreSQL plans for the first rows, which makes the last ones late.
    rows = list(_sessions(feed, at=at).order_by("starts_at", "pk").values_list(*_COLUMNS))
    return calendar(_events(rows, Detail(feed.detail)), name=_("Appointments"), uid=feed.pk)


def _events(rows: Any, detail: Detail) -> Iterator[Event]:
    title = default_title()
    shows_place = detail != Detail.NEUTRAL
    for key, version, starts_at, ends_at, zone, status, stamp, number, link, room, address, away in rows:
        yield Event(
            key=key,
            version=version,
            starts_at=starts_at,
            ends_at=ends_at,
            zone=zone,
            is_cancelled=status == "cancelled",
            stamp=stamp,
            title=f"{title} {number}" if detail == Detail.INITIALS else title,
            place=(link or ", ".join(part for part in (room, address) if part)) if shows_place else "",
            note=_("Away: %(initials)s") % {"initials": away} if away else "",
        )


def _sessions(feed: CalendarFeed, *, at: datetime) -> QuerySet[Session]:
    sessions = Session.objects.filter(starts_at__gte=at - KEPT_FOR)
    of_owner = _led_by(feed.user) if feed.user.has_role(Role.THERAPIST) else _attended_by(feed.user)
    away = _initials_of_away() if feed.detail == Detail.INITIALS else Value("", CharField())
    return sessions.filter(of_owner).annotate(
        address=F("group__site__address"),
        stamp=Greatest("created_at", Coalesce("cancelled_at", "created_at"), output_field=DateTimeField()),
        away=away,
    )


def _led_by(user: User) -> Q:
    return Q(Exists(SessionLeader.objects.filter(session=OuterRef("pk"), user=user)))


def _attended_by(user: User) -> Q:
    took_part = Membership.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=OuterRef("local_day")),
        group=OuterRef("group"),
        client__user=user,
        state__in=_TOOK_PART,
        starts_on__lte=OuterRef("local_day"),
    )
    return Q(Exists(took_part))


def _initials_of_away() -> Coalesce:
    """ "I.A., N.B.": of a member nothing more leaves the house, also for who leads."""
    first = Left(Func("membership__client__preferred_name", Value(""), function="nullif"), 1)
    initials = Concat(
        Coalesce(first, Left("membership__client__first_name", 1)),
        Value("."),
        Left("membership__client__last_name", 1),
        Value("."),
    )
    notices = AbsenceNotice.objects.standing().filter(session=OuterRef("pk")).order_by()
    joined = notices.values("session").annotate(
        joined=StringAgg(initials, delimiter=Value(", "), order_by=("membership__client__sort_key",))
    )
    return Coalesce(Subquery(joined.values("joined")), Value(""), output_field=CharField())
