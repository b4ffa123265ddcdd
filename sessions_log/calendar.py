"""A week or a month of sessions, day by day, for the calendar and the agenda."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils.dateformat import format as date_text
from django.utils.translation import gettext as _

from common.clock import local
from groups_app.models import Group
from practice.models import Closure, Room, Site, User
from sessions_log.models import Session
from sessions_log.words import place_of, title_of

MOST_IN_A_CELL = 3  # of a month's day; the others are one click away
# The calendar's two ends; within them every week and month has neighbors.
_EARLIEST, _LATEST = date(1900, 2, 5), date(9999, 10, 1)


@dataclass(frozen=True)
class Narrowed:
    """What of the practice is shown; empty: everything the person may see."""

    site: Site | None = None
    room: Room | None = None
    leader: User | None = None
    group: Group | None = None

    @property
    def only_site(self) -> Site | None:
        """The one site that all shown sessions are at, as far as that was asked for."""
        if self.room:
            return self.room.site
        return self.site or (self.group.site if self.group else None)


@dataclass(frozen=True)
class Entry:
    """One session as it stands in a calendar. ``look`` is "", "moved", "off", "past" or "clash"."""

    session: Session
    time: str
    short_time: str
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
    is_beside: bool  # of the month before or after
    entries: list[Entry]
    closures: list[str]

    @property
    def first_entries(self) -> list[Entry]:
        """As many as fit into a month's cell; one more is better than "one more"."""
        most = MOST_IN_A_CELL + 1 if len(self.entries) == MOST_IN_A_CELL + 1 else MOST_IN_A_CELL
        return self.entries[:most]

    @property
    def more(self) -> int:
        """How many do not fit."""
        return len(self.entries) - len(self.first_entries)


@dataclass(frozen=True)
class Period:
    """A week, or the whole weeks around a month."""

    day: date  # what was asked for: any day of it
    is_month: bool
    today: date
    days: list[Day]

    @property
    def previous(self) -> date:
        """A day of the period before."""
        return (self.day.replace(day=1) if self.is_month else self.days[0].day) - timedelta(days=1)

    @property
    def following(self) -> date:
        """A day of the period after."""
        return _month_after(self.day) if self.is_month else self.days[-1].day + timedelta(days=1)

    @property
    def is_now(self) -> bool:
        """Whether today is in it."""
        if self.is_month:
            return (self.day.year, self.day.month) == (self.today.year, self.today.month)
        return self.days[0].day <= self.today <= self.days[-1].day

    @property
    def title(self) -> str:
        """Return "November 2026", "November 23–29, 2026" or "November 30 – December 6, 2026"."""
        if self.is_month:
            return date_text(self.day, "F Y")
        monday, sunday = self.days[0].day, self.days[-1].day
        if monday.month == sunday.month:
            return f"{date_text(monday, 'F j')}–{date_text(sunday, 'j, Y')}"
        first = date_text(monday, "F j" if monday.year == sunday.year else "F j, Y")
        return f"{first} – {date_text(sunday, 'F j, Y')}"

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all happens."""
        return not any(day.entries for day in self.days)


def week_of(user: User, *, day: date | None, narrowed: Narrowed, sites: Sequence[Site], at: datetime) -> Period:
    """Return the week around ``day`` (``None``: today) as ``user`` may see it; two queries and one for the leaders.

    ``sites`` are all sites; today is what it is at the site asked for, else at the person's home site, else at the
    first.
    """
    today = _today(user, narrowed, sites, at)
    asked = _within(day or today)
    return _period(user, _Span(asked, today, _monday(asked), 7), narrowed, sites, at=at)


def month_of(user: User, *, day: date | None, narrowed: Narrowed, sites: Sequence[Site], at: datetime) -> Period:
    """Return the whole weeks around the month of ``day``, as ``week_of`` does a week."""
    today = _today(user, narrowed, sites, at)
    asked = _within(day or today)
    first = _monday(asked.replace(day=1))
    weeks = -(-(_month_after(asked) - first).days // 7)
    return _period(user, _Span(asked, today, first, 7 * weeks, month=asked.month), narrowed, sites, at=at)


@dataclass(frozen=True)
class _Span:
    """The days to show, around the one asked for; ``month`` is its number if a month was asked for."""

    asked: date
    today: date
    first: date
    length: int
    month: int | None = None

    @property
    def last(self) -> date:
        return self.first + timedelta(days=self.length - 1)


def _period(user: User, span: _Span, narrowed: Narrowed, sites: Sequence[Site], *, at: datetime) -> Period:
    site = narrowed.only_site
    several_sites = len(sites) > 1 and site is None
    several_zones = several_sites and len({one.zone for one in sites}) > 1
    closures = _closures(span.first, span.last, site)
    entries: dict[date, list[Entry]] = defaultdict(list)
    for session in _sessions(user, span.first, span.last, narrowed):
        clash = next((one.name for one in closures if _closes(one, session)), "")
        entries[session.local_day].append(
            _entry(session, at=at, closed=clash, names_site=several_sites, names_zone=several_zones)
        )
    spans = [(closure.first_day, closure.last_day, _closed(closure, several_sites)) for closure in closures]
    return Period(
        day=span.asked,
        is_month=span.month is not None,
        today=span.today,
        days=[
            Day(
                day=one,
                is_today=one == span.today,
                is_beside=span.month not in (None, one.month),
                entries=entries[one],
                closures=[words for begins, ends, words in spans if begins <= one <= ends],
            )
            for one in (span.first + timedelta(days=step) for step in range(span.length))
        ],
    )


def _sessions(user: User, first: date, last: date, narrowed: Narrowed) -> Iterable[Session]:
    sessions = Session.objects.visible_to(user).in_days(first, last).with_place().with_leaders()
    if narrowed.site:
        sessions = sessions.filter(group__site=narrowed.site)
    if narrowed.room:
        sessions = sessions.filter(room=narrowed.room)
    if narrowed.leader:
        sessions = sessions.filter(leaders__user=narrowed.leader)
    if narrowed.group:
        sessions = sessions.filter(group=narrowed.group)
    return sessions


def _closures(first: date, last: date, site: Site | None) -> list[Closure]:
    closures = Closure.objects.filter(first_day__lte=last, last_day__gte=first).select_related("site")
    return list(closures.filter(Q(site=site) | Q(site=None)) if site else closures)


def _closes(closure: Closure, session: Session) -> bool:
    is_there = closure.site_id in (None, session.group.site_id)
    return is_there and closure.first_day <= session.local_day <= closure.last_day


def _today(user: User, narrowed: Narrowed, sites: Sequence[Site], at: datetime) -> date:
    home = narrowed.only_site or next(
        (one for one in sites if one.pk == user.home_site_id), sites[0] if sites else None
    )
    return local(at, home.zone if home else "UTC").date()


def _within(day: date) -> date:
    return min(max(day, _EARLIEST), _LATEST)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _month_after(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def _entry(session: Session, *, at: datetime, closed: str, names_site: bool, names_zone: bool) -> Entry:
    starts = local(session.starts_at, session.zone)
    time = date_text(starts, "g:i A")
    place = place_of(session)
    clashes = bool(closed) and not session.is_cancelled and session.starts_at > at
    return Entry(
        session=session,
        time=f"{time} {starts:%Z}" if names_zone else time,
        short_time=date_text(starts, "g A" if starts.minute == 0 else "g:i A"),
        ends=date_text(local(session.ends_at, session.zone), "g:i A"),
        place=f"{place}, {session.group.site.name}" if names_site and session.room else place,
        title=title_of(session),
        leaders=", ".join(row.user.short_name for row in session.leaders.all()),
        remark=_("On a closed day: %(reason)s") % {"reason": closed} if clashes else _remark(session),
        look="clash" if clashes else _look(session, at),
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
