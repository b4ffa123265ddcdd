"""Changing a series: this session and those that follow, or all that are still to come (R32)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Self
from uuid import UUID

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from audit.services import record
from common.clock import local, moment, now
from groups_app.models import Group
from groups_app.services import set_rhythm
from practice.models import Room, User
from sessions_log.models import Session
from sessions_log.series import Rule, Slot, counted
from sessions_log.services.errors import AlreadyCancelled, AlreadyStarted, Clash
from sessions_log.services.locking import locked_coming, locked_group, on_the_clock
from sessions_log.services.moving import PUT_FIELDS, ensure_open, move_session, put, withdraw_notices
from sessions_log.services.places import Booking, booking_of, clashes_of, guarded, lock_places
from sessions_log.services.rhythm import days_off
from sessions_log.services.venues import Venue, venue_for


class Scope(models.TextChoices):
    """How far a change reaches."""

    ONE = "one", _("Only this session")
    FOLLOWING = "following", _("This and all later sessions")
    ALL = "all", _("All coming sessions")

    def reaches(self, number: int, chosen: int) -> bool:
        """Whether a coming session of that number changes along with the ``chosen`` one."""
        return self == Scope.ALL or number == chosen or (self == Scope.FOLLOWING and number > chosen)


@dataclass(frozen=True)
class Wish:
    """When and where the chosen session is to be; the others follow it.

    Without a ``room`` it is online, by ``link`` or, if that is empty, by the link that it or its group has.
    """

    day: date
    wall: time
    minutes: int
    room: Room | None
    link: str = ""


@dataclass(frozen=True)
class Step:
    """One session of a series and where it goes. ``planned`` is the new planned start of one that was moved by hand."""

    session: Session
    slot: Slot
    wall: time
    minutes: int
    venue: Venue
    planned: datetime | None

    @property
    def changes_place(self) -> bool:
        """Whether it is at another time or elsewhere."""
        one = self.session
        return (self.slot.starts_at, self.slot.ends_at, self.venue) != (one.starts_at, one.ends_at, Venue.of(one))

    @property
    def changes_anything(self) -> bool:
        """Whether the session's row changes at all."""
        return self.changes_place or self.planned != self.session.moved_from

    @property
    def booking(self) -> Booking:
        """What the session takes afterward."""
        return booking_of(self.session, self.slot, self.venue.room)


@dataclass(frozen=True)
class Proposal:
    """What a change would do, before anybody does it. ``kept`` stay where somebody put them by hand."""

    steps: Sequence[Step]
    kept: Sequence[Session]
    clashes: Sequence[Clash]


def propose_change(*, session: Session, scope: Scope, wish: Wish, by: User) -> Proposal:
    """Say which sessions would go where, and what is in the way; nothing is written or locked.

    Raises what ``change_sessions`` raises, except for clashes.
    """
    coming = list(
        session.group.sessions.coming(now()).select_related("room").with_leaders().order_by("starts_at", "pk")
    )
    steps = _steps(session.group, coming, session, scope, wish)
    besides = {step.session.pk for step in steps}
    return Proposal(
        steps=[step for step in steps if step.changes_anything],
        kept=[step.session for step in steps if not step.changes_anything],
        clashes=clashes_of([step.booking for step in steps], by=by, besides=besides),
    )


@transaction.atomic
def change_sessions(*, session: Session, scope: Scope, wish: Wish, by: User) -> list[Session]:
    """Put the chosen session where ``wish`` says, and with it, as ``scope`` says, those that are to come.

    What differs from the chosen session now is taken over by every session that is like it, or as usual in the group: a
    session that was moved by hand keeps its day and time, one with a room or link of its own keeps that. A series may
    go from a room online and back. Another day begins the rhythm anew; closures are skipped. Later sessions of an
    ongoing group are made by the new rule. All of it or nothing; returns the sessions that changed. One session alone
    is moved (``move_session``).

    Raises ``AlreadyStarted``, ``AlreadyCancelled``, ``SiteClosed``, ``RoomElsewhere``, ``NoLink``, ``NoOpenDay``, or,
    with every clash, ``RoomTaken`` or ``LeaderTaken``.
    """
    if scope == Scope.ONE:
        return [move_session(session=session, **vars(wish), by=by)]
    group = locked_group(session.group_id)
    coming = locked_coming(group)
    steps = _steps(group, coming, session, scope, wish)
    chosen = next(one for one in coming if one.pk == session.pk)
    rhythm = _Rhythm.after(group, steps, chosen, wish)
    changing = [step for step in steps if step.changes_anything]
    on_the_clock()
    bookings = [step.booking for step in steps]
    lock_places(bookings)
    withdraw_notices([step.session for step in changing if step.slot.day != step.session.local_day])
    for step in changing:
        if step.changes_place:
            put(step.session, step.slot, wall=step.wall, minutes=step.minutes, venue=step.venue)
        step.session.moved_from = step.planned
    with guarded(bookings, by=by, besides={step.session.pk for step in steps}):
        Session.objects.bulk_update([step.session for step in changing], PUT_FIELDS)
    set_rhythm(group=group, **vars(rhythm))
    record(action="series.changed", by=by, target=group)
    return [step.session for step in changing]


def _steps(group: Group, coming: Sequence[Session], chosen: Session, scope: Scope, wish: Wish) -> list[Step]:
    """Return where each session goes that takes place and lies within ``scope``, in the order of their planned days."""
    found = next((one for one in coming if one.pk == chosen.pk), None)
    if found is None:
        raise AlreadyStarted
    if found.is_cancelled:
        raise AlreadyCancelled
    found.group = group
    venue = venue_for(group, wish.room, wish.link or found.online_link)
    within = sorted(
        (one for one in coming if scope.reaches(one.number, found.number)),
        key=lambda one: (one.planned_start, one.number),
    )
    days = _new_days(group, within, found, scope, wish)
    steps = [_step(one, found, wish, venue, days) for one in within if not one.is_cancelled]
    if any(step.slot.starts_at <= now() for step in steps):
        raise AlreadyStarted
    return steps


def _new_days(group: Group, within: Sequence[Session], chosen: Session, scope: Scope, wish: Wish) -> dict[UUID, date]:
    """Return the planned day of each session of the rhythm by its key: as before, or from the new day on.

    Canceled sessions and those moved by hand use up a day of the rhythm, as they did before.
    """
    rhythmic = [one for one in within if not one.is_extra or one.pk == chosen.pk]
    planned = {one.pk: local(one.planned_start, one.zone).date() for one in rhythmic}
    if wish.day == chosen.local_day:
        return {**planned, chosen.pk: wish.day}
    ensure_open(group.site_id, wish.day)
    anchor = wish.day
    if scope == Scope.ALL:
        anchor = planned[rhythmic[0].pk] + (wish.day - planned[chosen.pk])
    rule = Rule(anchor, wish.wall, wish.minutes, group.cadence, group.site.zone)
    slots = counted(rule, days_off(group, anchor), len(rhythmic))
    return {one.pk: slot.day for one, slot in zip(rhythmic, slots, strict=True)}


def _step(one: Session, chosen: Session, wish: Wish, venue: Venue, days: dict[UUID, date]) -> Step:
    usual = chosen.group
    is_chosen = one.pk == chosen.pk
    was_moved = one.moved_from is not None and not is_chosen
    follows = is_chosen or not (was_moved or one.is_extra)
    wall, minutes, where = one.local_time, one.minutes, Venue.of(one)
    # What was asked for reaches sessions that are like the chosen one, or as usual in the group.
    if is_chosen or (follows and wish.wall != chosen.local_time and wall in (chosen.local_time, usual.start_time)):
        wall = wish.wall
    if is_chosen or (wish.minutes != chosen.minutes and minutes in (chosen.minutes, usual.minutes)):
        minutes = wish.minutes
    if is_chosen or (venue != Venue.of(chosen) and where in (Venue.of(chosen), Venue.of(usual))):
        where = venue
    day = days[one.pk] if follows else one.local_day
    planned = _replanned(one, chosen, wish, days) if was_moved else None
    return Step(one, Rule(day, wall, minutes, 1, one.zone).slot_on(day), wall, minutes, where, planned)


def _replanned(one: Session, chosen: Session, wish: Wish, days: dict[UUID, date]) -> datetime:
    """Return the planned start of a session moved by hand: it stands for the day that its series now has there."""
    before = local(one.planned_start, one.zone)
    follows = wish.wall != chosen.local_time and before.time() in (chosen.local_time, chosen.group.start_time)
    return moment(days.get(one.pk, before.date()), wish.wall if follows else before.time(), one.zone)


@dataclass(frozen=True)
class _Rhythm:
    """How the group meets afterward: what was asked for, and what nobody asked to change as it was."""

    wall: time
    minutes: int
    room: Room | None
    link: str
    rhythm_day: date | None
    first_day: date | None

    @classmethod
    def after(cls, group: Group, steps: Sequence[Step], chosen: Session, wish: Wish) -> Self:
        """Read what differs from the chosen session as it still is."""
        new_day = None
        if wish.day != chosen.local_day:
            new_day = min(step.slot.day for step in steps if step.planned is None and not _is_beside(step, chosen))
        begins = steps[0].session.number == 1
        venue = next(step.venue for step in steps if step.session.pk == chosen.pk)
        where = venue if venue != Venue.of(chosen) else Venue.of(group)
        return cls(
            wall=wish.wall if wish.wall != chosen.local_time else group.start_time,
            minutes=wish.minutes if wish.minutes != chosen.minutes else group.minutes,
            room=where.room,
            link=where.link,
            rhythm_day=new_day,
            first_day=new_day if begins else None,
        )


def _is_beside(step: Step, chosen: Session) -> bool:
    return step.session.is_extra and step.session.pk != chosen.pk
