"""What happened to a group: the steps of its life and the openings of its door, with who, when and why (R1, R28)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.dateformat import format as date_text
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.clock import local
from groups_app.models import DoorOpening, Group, GroupState, GroupTransition, Membership
from groups_app.services.conditions import StepBackFacts, why_step_stays
from sessions_log.models import Session


@dataclass(frozen=True)
class Event:
    """One thing that happened; ``may_undo`` where it can be taken back."""

    what: str
    meta: str
    reason: str
    may_undo: bool = False


@dataclass(frozen=True)
class Door:
    """The door now: "shut", "announced" or "open", and what is said about it; ``history`` are earlier openings."""

    state: str
    sentence: str
    history: list[Event]


def events_of(
    group: Group,
    steps: Sequence[GroupTransition],
    *,
    openings: Sequence[DoorOpening],
    memberships: Sequence[Membership],
    met: Sequence[Session],
    was_ending_begun: bool,
    may_step: bool,
) -> list[Event]:
    """Return the steps, the newest first; the last one may be taken back where ``why_step_stays`` says nothing."""
    zone = group.site.zone
    undone = {step.undoes_id for step in steps if step.undoes_id}
    events = []
    for position, step in enumerate(steps):
        may_undo = (
            may_step
            and position == 0
            and step.undoes_id is None
            and not why_step_stays(
                StepBackFacts(
                    state=group.state,
                    has_open_memberships=any(membership.is_open for membership in memberships),
                    was_door_opened=any(opening.announced_at >= step.at for opening in openings),
                    was_ending_begun=was_ending_begun,
                    has_met=any(session.starts_at > step.at for session in met),
                )
            )
        )
        what = _("Back to %(state)s") if step.undoes_id else "%(state)s"
        state = str(GroupState(step.to_state).label)
        if step.pk in undone:
            state = _("%(state)s (taken back)") % {"state": state}
        meta = _("%(day)s, %(name)s") % {"day": date_text(local(step.at, zone), "F j, Y"), "name": step.by.short_name}
        events.append(Event(what % {"state": state}, meta, step.reason, may_undo))
    return events


def door_of(group: Group, openings: Sequence[DoorOpening], *, today: object, sees_reasons: bool) -> Door:
    """Return the door of a group; reasons are for its leaders."""
    zone = group.site.zone
    history = []
    for opening in openings:
        joined: int = opening.joined  # type: ignore[attr-defined]
        announced = date_text(local(opening.announced_at, zone), "F j")
        who = opening.announced_by.short_name
        what = _("Open from %(day)s") % {"day": date_text(opening.opens_on, "F j, Y")}
        meta = _("Announced %(day)s by %(name)s") % {"day": announced, "name": who}
        if opening.closed_at:
            closed = date_text(local(opening.closed_at, zone), "F j")
            meta = _("%(meta)s, closed %(day)s") % {"meta": meta, "day": closed}
        people = ngettext("%(many)d joined", "%(many)d joined", joined) % {"many": joined}
        history.append(Event(what, f"{meta} · {people}", opening.reason if sees_reasons else ""))
    current = group.door
    if current is None:
        return Door("shut", _("Nobody joins while the group runs."), history)
    day = date_text(current.opens_on, "l, F j")
    if current.opens_on > today:  # type: ignore[operator]
        return Door("announced", _("It opens on %(day)s. People can be proposed and prepared.") % {"day": day}, history)
    return Door("open", _("Open since %(day)s. Close it once everybody is in.") % {"day": day}, history)
