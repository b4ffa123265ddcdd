"""A week of sessions, day by day, for the calendar and the agenda."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils.dateformat import format as date_text
from django.utils.translation import gettext as _

from common.clock import local
from practice.models import Closure, Site, User
from sessions_log.models import Session
from sessions_log.words import place_of, title_of


@dataclass(frozen=True)
class Entry:
    """One session as it stands in a calendar. ``look`` is "", "moved", "off" or "past"."""

    session: Session
    time: str
    ends: str
    place: str
    title: str
    leaders: str
    remark: str
    look: str


@dataclass(frozen=True)
class Day:
    """One day: its sessions in the order of their time, and why there may be none."""

    day: date
    is_today: bool
    entries: list[Entry]
    closures: list[str]


@dataclass(frozen=True)
class Week:
    """Monday to Sunday."""

    monday: date
    today: date
    days: list[Day]

    @property
    def previous(self) -> date:
        """The Monday before."""
        return self.monday - timedelta(days=7)

    @property
    def following(self) -> date:
        """The Monday after."""
        return self.monday + timedelta(days=7)

    @property
    def is_this_week(self) -> bool:
        """Whether today is in it."""
        return self.monday <= self.today < self.following

    @property
    def title(self) -> str:
        """Return "November 23–29, 2026" or "November 30 – December 6, 2026"."""
        sunday = self.following - timedelta(days=1)
        if self.monday.month == sunday.month:
            return f"{date_text(self.monday, 'F j')}–{date_text(sunday, 'j, Y')}"
        first = date_text(self.monday, "F j" if self.monday.year == sunday.year else "F j, Y")
        return f"{first} – {date_text(sunday, 'F j, Y')}"

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all happens."""
        return not any(day.entries for day in self.days)


def week_of(user: User, *, day: date | None, site: Site | None, sites: list[Site], at: datetime) -> Week:
    """Return the week around ``day`` (``None``: today) as ``user`` may see it; two queries and one for the leaders.

    ``sites`` are all sites; today is what it is at ``site``, else at the person's home site, else at the first.
    """
    home = site or next((one for one in sites if one.pk == user.home_site_id), sites[0] if sites else None)
    today = local(at, home.zone if home else "UTC").date()
    monday = _monday(day or today)
    sunday = monday + timedelta(days=6)

    sessions = Session.objects.visible_to(user).in_days(monday, sunday).with_place().with_leaders()
    closures = Closure.objects.filter(first_day__lte=sunday, last_day__gte=monday).select_related("site")
    if site:
        sessions = sessions.filter(group__site=site)
        closures = closures.filter(Q(site=site) | Q(site=None))

    entries: dict[date, list[Entry]] = defaultdict(list)
    several_sites = len(sites) > 1 and site is None
    several_zones = several_sites and len({one.zone for one in sites}) > 1
    for session in sessions:
        entry = _entry(session, at=at, names_site=several_sites, names_zone=several_zones)
        entries[session.local_day].append(entry)
    days = [monday + timedelta(days=step) for step in range(7)]
    spans = [(closure.first_day, closure.last_day, _closed(closure, several_sites)) for closure in closures]
    return Week(
        monday=monday,
        today=today,
        days=[
            Day(
                day=one,
                is_today=one == today,
                entries=entries[one],
                closures=[words for first, last, words in spans if first <= one <= last],
            )
            for one in days
        ],
    )


def _monday(day: date) -> date:
    """Return the Monday of the week of ``day``; at the calendar's two ends, a Monday that has neighbors."""
    day = min(max(day, date(1900, 1, 8)), date(9999, 12, 1))
    return day - timedelta(days=day.weekday())


def _entry(session: Session, *, at: datetime, names_site: bool, names_zone: bool) -> Entry:
    starts = local(session.starts_at, session.zone)
    time = date_text(starts, "g:i A")
    place = place_of(session)
    return Entry(
        session=session,
        time=f"{time} {starts:%Z}" if names_zone else time,
        ends=date_text(local(session.ends_at, session.zone), "g:i A"),
        place=f"{place}, {session.group.site.name}" if names_site else place,
        title=title_of(session),
        leaders=", ".join(row.user.short_name for row in session.leaders.all()),
        remark=_remark(session),
        look=_look(session, at),
    )


def _look(session: Session, at: datetime) -> str:
    if session.is_cancelled:
        return "off"
    if session.ends_at < at:
        return "past"
    return "moved" if session.moved_from else ""


def _remark(session: Session) -> str:
    if session.is_cancelled:
        return _("Canceled")
    if session.moved_from:
        return _("Moved from %(day)s") % {"day": date_text(local(session.moved_from, session.zone), "l, F j, g:i A")}
    return ""


def _closed(closure: Closure, names_site: bool) -> str:
    if closure.site and names_site:
        return _("%(site)s closed: %(reason)s") % {"site": closure.site.name, "reason": closure.name}
    return _("Closed: %(reason)s") % {"reason": closure.name}
