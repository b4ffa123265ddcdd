"""What is asked of a member, and what leaders see of a group."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from climate import tally
from climate.items import HIGHEST, HIGHEST_SHOWN, ITEMS, LOWEST, LOWEST_SHOWN, Item
from climate.models import CheckIn, Mark
from climate.services import closes_at, mark_of
from groups_app.models import Group, Membership
from members.models import Client
from practice.models import Policy
from sessions_log.models import AWAY, AbsenceNotice, Attendance, Session
from sessions_log.roster import WAS_MEMBER

Means = Mapping[str, Decimal]  # by the questions' codes

WIDTH, HEIGHT = 260, 84
_LEFT, _RIGHT, _TOP, _BOTTOM = 6, 254, 10, 74


def asked_of(client: Client, *, at: datetime) -> list[Session]:
    """Return the sessions about which ``client`` can answer at the moment ``at``, the latest first.

    Three queries, four after a session.
    """
    hours = Policy.objects.get().climate_hours
    mine = Membership.objects.filter(client=client, group=OuterRef("group"), state__in=WAS_MEMBER)
    on_that_day = mine.filter(starts_on__lte=OuterRef("local_day")).filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=OuterRef("local_day"))
    )
    recorded = Attendance.objects.filter(session=OuterRef("pk"), membership__client=client)
    notices = AbsenceNotice.objects.standing().filter(session=OuterRef("pk"), membership__client=client)
    sessions = (
        Session.objects.scheduled()
        .filter(Exists(on_that_day.order_by()), ends_at__lte=at, ends_at__gt=at - timedelta(hours=hours))
        .exclude(Exists(recorded.filter(status__in=AWAY)))
        .exclude(~Exists(recorded) & Exists(notices))
        .with_place()
        .order_by("-starts_at")
    )
    memberships: dict[UUID, list[Membership]] = {}
    for membership in Membership.objects.filter(client=client, state__in=WAS_MEMBER):
        memberships.setdefault(membership.group_id, []).append(membership)
    marks = {
        mark_of(session, membership): session for session in sessions for membership in memberships[session.group_id]
    }
    answered = {marks[mark] for mark in Mark.objects.filter(pk__in=marks).values_list("pk", flat=True)} if marks else ()
    return [session for session in sessions if session not in answered]


@dataclass(frozen=True)
class Spot:
    """One session's average on a line."""

    x: float
    y: float
    number: int
    value: Decimal


@dataclass(frozen=True)
class Curve:
    """One question over the sessions."""

    item: Item
    spots: list[Spot]
    line: str
    latest: str
    change: str
    words: str


@dataclass(frozen=True)
class Row:
    """One session in the table; ``means`` are empty where fewer than five answered.

    ``open_until`` is when its check-in closes, unless it has: a matter of the clock, whoever answered.
    """

    session: Session
    means: list[tuple[Item, str]]
    open_until: datetime | None = None


@dataclass(frozen=True)
class Climate:
    """What leaders see: a line a question, and the same in a table."""

    group: Group
    curves: list[Curve]
    rows: list[Row]
    latest: Session | None  # the session of the last average: how old the lines are
    levels: tuple[float, float, float]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT
    right: int = _RIGHT

    @property
    def is_told(self) -> bool:
        """Whether there is any average yet."""
        return bool(self.curves)


def climate_of(group: Group, *, at: datetime, last: int | None = None) -> Climate:
    """Return the climate of ``group`` at the moment ``at``, of its ``last`` sessions if a number is given.

    Three queries.

    Whether nobody answered or four did makes no difference to what is returned.
    """
    check_ins = CheckIn.objects.told(at).filter(session__group=group).select_related("session")
    told = {row.session_id: tally.told(tally.read(row.tally), row.answers) for row in check_ins}
    held = list(group.sessions.scheduled().filter(ends_at__lte=at).order_by("number"))
    if last is not None:
        held = held[-last:]
    hours = Policy.objects.get().climate_hours
    shown = [(session, told[session.pk]) for session in held if session.pk in told]
    return Climate(
        group=group,
        curves=[_curve(item, shown) for item in ITEMS] if shown else [],
        rows=[_row(session, told.get(session.pk), closes_at(session, hours=hours), at) for session in reversed(held)],
        latest=shown[-1][0] if shown else None,
        levels=(_level(Decimal(HIGHEST)), _level(Decimal(3)), _level(Decimal(LOWEST))),
    )


def _curve(item: Item, shown: Sequence[tuple[Session, Means]]) -> Curve:
    step = (_RIGHT - _LEFT - 12) / max(len(shown) - 1, 1)
    spots = [
        Spot(round(_LEFT + 6 + position * step, 1), _level(value), session.number, value)
        for position, (session, means) in enumerate(shown)
        for value in [means[item.code]]
    ]
    values = [spot.value for spot in spots]
    change = f"{values[-1] - values[-2]:+.1f}".replace("-", "−") if len(values) > 1 else ""
    return Curve(
        item=item,
        spots=spots,
        line=" ".join(f"{spot.x},{spot.y}" for spot in spots),
        latest=_in_words(values[-1]),
        change="" if change in ("+0.0", "−0.0") else change,
        words=", ".join(f"{spot.number}: {spot.value}" for spot in spots),
    )


def _row(session: Session, told: Means | None, closes: datetime, at: datetime) -> Row:
    means = [(item, _in_words(told[item.code])) for item in ITEMS] if told else []
    return Row(session, means, closes if at < closes else None)


def _in_words(value: Decimal) -> str:
    """Return the average as it may be told: nearer to an end than this it is not."""
    if value >= Decimal(str(HIGHEST_SHOWN)):
        return f"≥ {value}"
    return f"≤ {value}" if value <= Decimal(str(LOWEST_SHOWN)) else str(value)


def _level(value: Decimal) -> float:
    return round(_BOTTOM - (float(value) - LOWEST) / (HIGHEST - LOWEST) * (_BOTTOM - _TOP), 1)
