"""The sessions of a demo group: when they are, who came, what was written, who was reminded."""

from datetime import UTC, datetime, timedelta

from common.clock import moment
from groups_app.models import MembershipState
from home.demo import names, texts
from home.demo.groups import Part, Plan
from home.demo.scene import Scene
from members.models import Channel
from reminders.models import Message, MessageState
from sessions_log.models import (
    AbsenceNotice,
    Attendance,
    AttendanceStatus,
    GroupNote,
    Intervention,
    MemberNote,
    Session,
    SessionLeader,
    SessionStatus,
    TherapeuticFactor,
)

_REMINDED_AHEAD = timedelta(hours=48)
_REMINDERS_KEPT = timedelta(days=9)  # older reminders would only be ballast here
_DOCUMENTED_AFTER = timedelta(hours=3)

_AWAY = (AttendanceStatus.ABSENT_WITH_NOTICE, AttendanceStatus.NO_SHOW)
_NOT_ALL_THERE = (AttendanceStatus.LATE, AttendanceStatus.LEFT_EARLY, AttendanceStatus.WALKED_OUT)


def add_sessions(scene: Scene, plan: Plan) -> list[Session]:
    """Write all sessions of the group, and for those before today what they left behind; return them in their order."""
    sessions = [_add_session(scene, plan, number) for number in range(1, len(plan.days) + 1)]
    for session in sessions:
        if session.is_cancelled:
            continue
        if session.local_day < scene.today and session.ends_at + _DOCUMENTED_AFTER <= scene.at:
            _add_record(scene, plan, session)
        if session.starts_at - _REMINDERS_KEPT < scene.at < session.starts_at + _REMINDERS_KEPT:
            _add_reminders(scene, plan, session)
    return sessions


def add_absence_notice(scene: Scene, part: Part, session: Session, *, given_at: datetime) -> None:
    """Record that the client said beforehand that they cannot come."""
    scene.sink.add(
        AbsenceNotice(
            id=scene.keys.next("absence notice"),
            created_at=given_at,
            session=session,
            membership=part.membership,
            given_at=given_at,
            given_by=part.client.user,
        )
    )


def _add_session(scene: Scene, plan: Plan, number: int) -> Session:
    group, day = plan.group, plan.days[number - 1]
    zone = group.site.zone
    usual = moment(day, group.start_time, zone)
    local_time = plan.moved.get(number, group.start_time)
    starts_at = moment(day, local_time, zone)
    is_cancelled = number in plan.cancelled
    session = Session(
        id=scene.keys.next("session"),
        created_at=group.created_at,
        group=group,
        number=number,
        local_day=day,
        local_time=local_time,
        minutes=group.minutes,
        zone=zone,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=group.minutes),
        room=group.room,
        online_link=group.online_link,
        moved_from=usual if usual != starts_at else None,
        schedule_version=1 + (number in plan.moved) + is_cancelled,
    )
    if is_cancelled:
        session.status = SessionStatus.CANCELLED
        session.cancelled_at = min(scene.at, starts_at - timedelta(hours=20))
        session.cancelled_by = plan.lead
        session.cancel_reason = plan.cancel_reason or scene.random.choice(names.CANCELLATIONS)
    scene.sink.add(session)
    for position, user in enumerate(plan.leaders, start=1):
        scene.sink.add(
            SessionLeader(
                id=scene.keys.next("session leader"),
                created_at=group.created_at,
                session_id=session.pk,
                user_id=user.pk,
                position=position,
                busy=session.span,
            )
        )
    return session


def _add_record(scene: Scene, plan: Plan, session: Session) -> None:
    """Write attendance and notes. All notes are signed unless the plan says that they are drafts or missing."""
    is_draft = session.number in plan.drafts
    written_at = session.ends_at + timedelta(minutes=40)
    signed = {} if is_draft else {"signed_at": written_at + timedelta(minutes=5), "signed_by_id": plan.lead.pk}
    note = {"author_id": plan.lead.pk, "updated_at": written_at, "created_at": session.ends_at, **signed}
    _add_group_note(scene, session, note)
    present = [part for part in plan.parts if part.attends(session.local_day)]
    first_missing = len(present) - plan.member_notes_missing.get(session.number, 0)
    for position, part in enumerate(present):
        status = _attendance(scene, part)
        scene.sink.add(
            Attendance(
                id=scene.keys.next("attendance"),
                created_at=session.ends_at,
                session_id=session.pk,
                membership_id=part.membership.pk,
                status=status,
                recorded_by_id=plan.lead.pk,
                recorded_at=session.ends_at,
            )
        )
        if position < first_missing:
            scene.sink.add(
                MemberNote(
                    id=scene.keys.next("member note"),
                    session=session,
                    membership_id=part.membership.pk,
                    text=_member_text(scene, status),
                    **note,
                )
            )


def _add_group_note(scene: Scene, session: Session, note: dict[str, object]) -> None:
    random = scene.random
    scene.sink.add(
        GroupNote(
            id=scene.keys.next("group note"),
            session=session,
            theme=f"{random.choice(texts.THEMES)}.",
            observations=texts.group_observations(random),
            plan=random.choice(texts.PLANS),
            interventions=sorted(random.sample(Intervention.values, random.randint(1, 3))),
            factors=sorted(random.sample(TherapeuticFactor.values, random.randint(1, 4))),
            **note,
        )
    )


def _attendance(scene: Scene, part: Part) -> AttendanceStatus:
    """Return how the client came: most are reliable, everybody is away at times, walking out is rare."""
    random = scene.random
    chance = random.random()
    if chance < part.reliability:
        return AttendanceStatus.PRESENT
    if chance < part.reliability + (1 - part.reliability) * 0.6:
        return random.choices(_AWAY, weights=(5, 1))[0]
    return random.choices(_NOT_ALL_THERE, weights=(12, 4, 1))[0]


def _member_text(scene: Scene, status: AttendanceStatus) -> str:
    if status == AttendanceStatus.ABSENT_WITH_NOTICE:
        return texts.AWAY_WITH_NOTICE
    if status == AttendanceStatus.NO_SHOW:
        return texts.AWAY_WITHOUT_NOTICE
    return texts.member_text(scene.random)


def _add_reminders(scene: Scene, plan: Plan, session: Session) -> None:
    """Write the reminders that went out two days ahead to those who had agreed to email."""
    due_at = session.starts_at.astimezone(UTC) - _REMINDED_AHEAD
    if due_at > scene.at:
        return
    for part in plan.parts:
        is_member = part.state in (MembershipState.ACTIVE, MembershipState.LEAVING)
        if is_member and part.client.pk in scene.reached_by_email and part.attends(session.local_day):
            sent_at = due_at + timedelta(seconds=scene.random.randint(2, 29))
            scene.sink.add(
                Message(
                    id=scene.keys.next("reminder"),
                    created_at=due_at,
                    client_id=part.client.pk,
                    subject_id=session.pk,
                    session_id=session.pk,
                    membership_id=part.membership.pk,
                    channel=Channel.EMAIL,
                    lead_hours=48,
                    version=session.schedule_version,
                    due_at=due_at,
                    useful_until=session.starts_at,
                    state=MessageState.SENT,
                    attempts=1,
                    sent_at=min(sent_at, scene.at),
                )
            )
