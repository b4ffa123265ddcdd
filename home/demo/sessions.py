"""The sessions of a demo group: when they are, who came, what was written, who was reminded."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from common.clock import moment
from home.demo import names, texts
from home.demo.groups import Part, Plan
from home.demo.messages import add_messages
from home.demo.scene import Scene
from practice.models import User
from sessions_log.models import (
    AWAY,
    IN_PART,
    AbsenceNotice,
    Addendum,
    AskedAfter,
    Attendance,
    AttendanceStatus,
    AttendanceVersion,
    BoundaryEvent,
    BoundaryKind,
    CoSignature,
    GroupNote,
    Intervention,
    MemberNote,
    Session,
    SessionLeader,
    SessionStatus,
    Snippet,
    Tag,
    TherapeuticFactor,
)

_WRITTEN_AFTER = timedelta(hours=3)
_FIRST_WORDS_AFTER = timedelta(minutes=40)
_SIGNED_AFTER = timedelta(minutes=45)
_GIVEN_UP_AFTER = 12  # minutes

_NOT_THERE = (AttendanceStatus.ABSENT_WITH_NOTICE, AttendanceStatus.NO_SHOW)
_NOT_ALL_THERE = (AttendanceStatus.LATE, AttendanceStatus.LEFT_EARLY, AttendanceStatus.WALKED_OUT)


def add_sessions(scene: Scene, plan: Plan) -> list[Session]:
    """Write all sessions of the group, and for those before today what they left behind; return them in their order."""
    sessions = [_add_session(scene, plan, number) for number in range(1, len(plan.days) + 1)]
    for session in sessions:
        add_messages(scene, plan, session)
        if not session.is_cancelled and _is_over(scene, session):
            _add_record(scene, plan, session)
    return sessions


def add_second_looks(scene: Scene, sessions: Sequence[Session], *, author: User, colleague: User) -> None:
    """A co-leader stands behind the signed records; the last of them got an addendum (R37)."""
    signed = [(session, session.documented_at) for session in sessions if session.documented_at]
    for session, signed_at in signed:
        at = min(scene.at, signed_at + timedelta(hours=20))
        key = scene.keys.next("co-signature")
        scene.sink.add(CoSignature(id=key, created_at=at, session_id=session.pk, by_id=colleague.pk, signed_at=at))
    last, signed_at = signed[-1]
    at = min(scene.at, signed_at + timedelta(hours=26))
    scene.sink.add(
        Addendum(
            id=scene.keys.next("addendum"),
            created_at=at,
            session=last,
            text=texts.ADDENDUM,
            author_id=author.pk,
            written_at=at,
        )
    )


def add_snippets(scene: Scene, author: User) -> None:
    """Two sentences that the author often needs."""
    for name, text in texts.SNIPPETS.items():
        scene.sink.add(
            Snippet(id=scene.keys.next("snippet"), created_at=scene.at, author_id=author.pk, name=name, text=text)
        )


def _is_over(scene: Scene, session: Session) -> bool:
    """Whether the leaders have had the time to write."""
    return session.local_day < scene.today and session.ends_at + _WRITTEN_AFTER <= scene.at


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


def add_asking(scene: Scene, part: Part, *, by: User, days_ago: int) -> None:
    """Note that a leader asked after somebody who stayed away."""
    noted_at = scene.when(days_ago, 13)
    scene.sink.add(
        AskedAfter(
            id=scene.keys.next("asking"),
            created_at=noted_at,
            membership=part.membership,
            asked_on=scene.today - timedelta(days=days_ago),
            by=by,
            noted_at=noted_at,
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
    elif _is_over(scene, session) and number not in plan.drafts:
        session.documented_at = session.ends_at + _SIGNED_AFTER
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
    signed = {"signed_at": session.documented_at, "signed_by_id": plan.lead.pk} if session.is_documented else {}
    written_at = session.ends_at + _FIRST_WORDS_AFTER
    note = {"author_id": plan.lead.pk, "updated_at": written_at, "created_at": session.ends_at, **signed}
    _add_group_note(scene, session, note)
    came = [(part, _attendance(scene, part)) for part in plan.parts if part.attends(session.local_day)]
    came = [
        (part, AttendanceStatus.NO_SHOW if part.away_since and session.number >= part.away_since else status)
        for part, status in came
    ]
    for part, status in came:
        attendance = Attendance(
            id=scene.keys.next("attendance"),
            created_at=session.ends_at,
            session_id=session.pk,
            membership_id=part.membership.pk,
            status=status,
            minutes_missed=scene.random.choice((5, 8, 10, 12, 20)) if status in IN_PART else None,
            recorded_by_id=plan.lead.pk,
            recorded_at=session.ends_at,
        )
        scene.sink.add(attendance)
        if status == AttendanceStatus.LATE and (attendance.minutes_missed or 0) >= _GIVEN_UP_AFTER:
            _add_correction(scene, session, attendance)
        if status == AttendanceStatus.WALKED_OUT:
            _add_boundary_event(scene, plan, session, part)
    plan.away[session.number] = {part.membership.pk for part, status in came if status in AWAY}
    there = [part for part, status in came if status not in AWAY]
    for position, part in enumerate(there[: len(there) - plan.member_notes_missing.get(session.number, 0)]):
        slip = plan.slips.get(session.number) if position == 1 else None
        scene.sink.add(
            MemberNote(
                id=scene.keys.next("member note"),
                session=session,
                membership_id=part.membership.pk,
                parts={"note": slip or texts.member_text(scene.random)},
                **note,
            )
        )


def _add_correction(scene: Scene, session: Session, attendance: Attendance) -> None:
    """Note that nobody expected the person any more, until the door opened (R33)."""
    scene.sink.add(
        AttendanceVersion(
            id=attendance.pk,
            session_id=session.pk,
            membership_id=attendance.membership_id,
            status=AttendanceStatus.NO_SHOW,
            recorded_by_id=attendance.recorded_by_id,
            recorded_at=session.starts_at + timedelta(minutes=_GIVEN_UP_AFTER - 1),
            pgh_label="changed",
            pgh_created_at=attendance.recorded_at,
            changed_by_id=attendance.recorded_by_id,
        )
    )


def _add_boundary_event(scene: Scene, plan: Plan, session: Session, part: Part) -> None:
    """Note that somebody left the room, and how it went on (R5)."""
    scene.sink.add(
        BoundaryEvent(
            id=scene.keys.next("boundary event"),
            created_at=session.ends_at,
            session=session,
            membership_id=part.membership.pk,
            kind=BoundaryKind.WALKING_OUT,
            words=scene.random.choice(texts.WALKED_OUT),
            recorded_by_id=plan.lead.pk,
            recorded_at=session.ends_at,
        )
    )


def _add_group_note(scene: Scene, session: Session, note: Mapping[str, object]) -> None:
    random = scene.random
    scene.sink.add(
        GroupNote(
            id=scene.keys.next("group note"),
            session=session,
            parts={
                "theme": f"{random.choice(texts.THEMES)}.",
                "dynamics": random.choice(texts.DYNAMICS),
                "observations": texts.group_observations(random),
                "plan": random.choice(texts.PLANS),
            },
            tags=sorted(random.sample(Tag.values, random.randint(1, 3))),
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
        return random.choices(_NOT_THERE, weights=(5, 1))[0]
    return random.choices(_NOT_ALL_THERE, weights=(12, 4, 1))[0]
