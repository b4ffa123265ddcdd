"""Who leads coming sessions: the group's leaders, or who stands in for one of them (R24). The past stays (R31)."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from audit.services import record
from groups_app.models import Group
from practice.models import Role, User
from sessions_log.models import Session, SessionLeader
from sessions_log.series import Slot
from sessions_log.services.changing import Scope
from sessions_log.services.errors import AlreadyCancelled, AlreadyStarted, NotALeader
from sessions_log.services.locking import locked_coming, locked_group, on_the_clock
from sessions_log.services.places import Booking, guarded, lock_places, places_of

Lineup = list[tuple[User, User | None]]
"""Who leads, in order, each with whom they stand in for."""


@transaction.atomic
def follow_leaders(*, group: Group, by: User) -> None:
    """Give the coming sessions of ``group`` to its leaders of today, or raise ``LeaderTaken`` and change nothing.

    Whoever stands in for a leader who stays goes on doing so.
    """
    group = locked_group(group.pk)
    leaders = places_of(group).leaders
    _lead({session: _lineup(session, leaders) for session in locked_coming(group) if not session.is_cancelled}, by=by)


@transaction.atomic
def stand_in(*, session: Session, scope: Scope, leader: User, substitute: User | None, by: User) -> list[Session]:
    """Let ``substitute`` lead in place of ``leader``, or ``leader`` again (``None``), as far as ``scope`` reaches.

    Returns the sessions that changed. Raises ``AlreadyStarted``, ``AlreadyCancelled``, ``NotALeader``, or, with every
    clash, ``LeaderTaken``; then nothing changed.
    """
    group = locked_group(session.group_id)
    coming = locked_coming(group)
    chosen = next((one for one in coming if one.pk == session.pk), None)
    if chosen is None:
        raise AlreadyStarted
    if chosen.is_cancelled:
        raise AlreadyCancelled
    leaders = places_of(group).leaders
    if leader not in leaders:
        raise NotALeader(_("%(name)s does not lead this group.") % {"name": leader.name})
    if substitute and not (substitute.is_active and substitute.has_role(Role.THERAPIST)):
        raise NotALeader(_("%(name)s is not an active therapist. Choose somebody else.") % {"name": substitute.name})
    changed: dict[Session, Lineup] = {}
    for one in coming:
        if one.is_cancelled or not scope.reaches(one.number, chosen.number):
            continue
        lineup = _lineup(one, leaders, {leader.pk: substitute})
        if substitute and (substitute == leader or [person.pk for person, _for in lineup].count(substitute.pk) > 1):
            raise NotALeader(
                _("%(name)s leads this session already. Choose somebody else.") % {"name": substitute.name}
            )
        if [person.pk for person, _for in lineup] != [row.user_id for row in one.leaders.all()]:
            changed[one] = lineup
    if changed:
        _lead(changed, by=by)
        record(action="session.leader_replaced", by=by, target=group)
    return list(changed)


def _lineup(session: Session, leaders: Sequence[User], wanted: Mapping[UUID, User | None] | None = None) -> Lineup:
    """Return who leads ``session`` when its group has ``leaders``; ``wanted``: stand-ins by whom they stand in for."""
    stand_ins: dict[UUID, User | None] = {
        row.stands_in_for_id: row.user
        for row in session.leaders.all()
        if row.stands_in_for_id and row.user not in leaders
    }
    stand_ins.update(wanted or {})
    return [(stand_ins.get(leader.pk) or leader, leader if stand_ins.get(leader.pk) else None) for leader in leaders]


def _lead(lineups: Mapping[Session, Lineup], *, by: User) -> None:
    """Write the leaders of locked sessions anew."""
    bookings = [
        Booking(
            Slot(session.local_day, session.starts_at, session.ends_at),
            None,
            [person for person, _for in lineup],
            session.zone,
        )
        for session, lineup in lineups.items()
    ]
    on_the_clock()
    lock_places(bookings)
    with guarded(bookings, by=by, besides={session.pk for session in lineups}):
        SessionLeader.objects.filter(session__in=[session.pk for session in lineups]).delete()
        SessionLeader.objects.bulk_create(
            SessionLeader(
                session=session, user=person, position=position, busy=session.span, stands_in_for=stands_in_for
            )
            for session, lineup in lineups.items()
            for position, (person, stands_in_for) in enumerate(lineup, start=1)
        )
