"""What was sent about the sessions of a demo group: reminders, a move, an answer, an address that was refused."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from groups_app.models import MembershipState
from home.demo.groups import Part, Plan
from home.demo.scene import Scene
from reminders.models import Answer, Kind, Message, MessageState, Outcome, Via
from sessions_log.models import Session

_KEPT = timedelta(days=9)  # older messages would only be ballast here
_AHEAD = 48
_TOLD_AHEAD = timedelta(days=6)
_ATTENDING = (MembershipState.ACTIVE, MembershipState.LEAVING)
_REFUSED, _ANSWERED = 0.02, 0.2  # how often


def add_messages(scene: Scene, plan: Plan, session: Session) -> None:
    """Write what went out about a session: by mail, by text, and in Kith to those with an account.

    Reminders of one that is near; a move, however far ahead, for it is told when it is decided.
    """
    if not (session.starts_at - _KEPT < scene.at or session.moved_from) or scene.at >= session.starts_at + _KEPT:
        return
    for part in _expected(plan, session):
        channels = scene.reached.get(part.client.pk, ())
        for channel in channels:
            if not session.is_cancelled:
                _add_reminder(scene, part, session, channel)
        if session.moved_from or session.is_cancelled:
            told = Kind.CANCELLED if session.is_cancelled else Kind.MOVED
            for channel in (*channels, *((Via.APP,) if part.client.user_id else ())):
                _add_change(scene, part, session, channel, told)


def _expected(plan: Plan, session: Session) -> Iterator[Part]:
    return (part for part in plan.parts if part.state in _ATTENDING and part.attends(session.local_day))


def _add_reminder(scene: Scene, part: Part, session: Session, channel: str) -> None:
    due_at = session.starts_at.astimezone(UTC) - timedelta(hours=_AHEAD)
    if due_at > scene.at:
        return
    is_refused = channel == Via.EMAIL and scene.random.random() < _REFUSED
    has_answered = not is_refused and scene.random.random() < _ANSWERED
    outcome: dict[str, Any] = {"state": MessageState.FAILED, "outcome": Outcome.REFUSED} if is_refused else {}
    if has_answered:
        outcome |= {"answer": Answer.COMING, "answered_at": min(due_at + timedelta(hours=3), scene.at)}
    _add(scene, part, session, channel, Kind.SESSION, due_at=due_at, lead_hours=_AHEAD, **outcome)


def _add_change(scene: Scene, part: Part, session: Session, channel: str, kind: Kind) -> None:
    told_at = session.cancelled_at or min(session.starts_at - _TOLD_AHEAD, scene.at - timedelta(hours=2))
    _add(scene, part, session, channel, kind, due_at=told_at, previous_at=session.moved_from)


def _add(
    scene: Scene, part: Part, session: Session, channel: str, kind: Kind, *, due_at: datetime, **fields: Any
) -> None:
    sent_at = min(due_at + timedelta(seconds=scene.random.randint(2, 29)), scene.at)
    is_sent = fields.get("state", MessageState.SENT) == MessageState.SENT
    is_text = is_sent and channel == Via.TEXT
    scene.sink.add(
        Message(
            id=scene.keys.next("message"),
            created_at=due_at,
            kind=kind,
            channel=channel,
            client_id=part.client.pk,
            subject_id=session.pk,
            session_id=session.pk,
            membership_id=part.membership.pk,
            version=session.schedule_version,
            due_at=due_at,
            useful_until=session.starts_at,
            attempts=1,
            sent_at=sent_at if is_sent else None,
            texted_on=sent_at.date() if is_text else None,
            segments=1 if is_text else None,
            delivered_at=sent_at if is_text else None,
            **{"state": MessageState.SENT, **fields},
        )
    )
