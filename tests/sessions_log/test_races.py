"""Two people at the same moment: one wins, the other hears a sentence (TRUST, races)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time
from threading import Barrier
from typing import Any

import pytest
import time_machine
from django.db import connection

from common.acting import SYSTEM, go_on_as
from common.errors import RuleBroken
from groups_app.models import Membership
from sessions_log.models import AbsenceNotice, MemberNote, Session, SessionLeader
from sessions_log.services import (
    LeaderTaken,
    MemberNoteDraft,
    RoomTaken,
    StaleNote,
    give_absence_notice,
    move_session,
    save_member_note,
    schedule_series,
)
from tests.factories.groups_app import GroupFactory, MembershipFactory
from tests.factories.practice import CoordinatorFactory, RoomFactory, TherapistFactory

pytestmark = pytest.mark.django_db(transaction=True)

RACERS = 6


def race(verbs: list[Callable[[], Any]]) -> list[RuleBroken | None]:
    """Run all verbs at once, each on a connection of its own; return what each was refused with."""
    barrier = Barrier(len(verbs))

    def run(verb: Callable[[], Any]) -> RuleBroken | None:
        try:
            barrier.wait()
            verb()
        except RuleBroken as refusal:
            return refusal
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(len(verbs), initializer=go_on_as, initargs=[SYSTEM]) as pool:
        return list(pool.map(run, verbs))


def test_one_room_many_groups() -> None:
    coordinator, room = CoordinatorFactory(), RoomFactory()
    groups = [GroupFactory(room=room, session_count=4) for _ in range(RACERS)]
    refusals = race([lambda group=group: schedule_series(group=group, by=coordinator) for group in groups])
    assert refusals.count(None) == 1
    assert {type(refusal) for refusal in refusals if refusal} == {RoomTaken}
    assert Session.objects.count() == 4


def test_leaders_in_any_order_many_groups() -> None:
    coordinator, one, other = CoordinatorFactory(), TherapistFactory(), TherapistFactory()
    groups = [GroupFactory(leaders=[one, other][:: 1 if even else -1]) for even in [True, False] * (RACERS // 2)]
    refusals = race([lambda group=group: schedule_series(group=group, by=coordinator) for group in groups])
    assert refusals.count(None) == 1
    assert {type(refusal) for refusal in refusals if refusal} == {LeaderTaken}
    assert SessionLeader.objects.count() == 2 * 14


def test_one_group_scheduled_by_many() -> None:
    coordinator, group = CoordinatorFactory(), GroupFactory()
    refusals = race([lambda: schedule_series(group=group, by=coordinator)] * RACERS)
    assert refusals.count(None) == 1
    assert group.sessions.count() == 14


def test_sessions_moved_into_the_same_hour() -> None:
    coordinator, room = CoordinatorFactory(), RoomFactory()
    with time_machine.travel(datetime(2026, 11, 20, 17, tzinfo=UTC), tick=False):
        groups = [GroupFactory(room=room, session_count=1, start_time=time(8 + 2 * hour)) for hour in range(RACERS)]
        sessions = [schedule_series(group=group, by=coordinator)[0] for group in groups]
        refusals = race(
            [
                lambda session=session: move_session(
                    session=session, day=date(2026, 11, 27), wall=time(9), room=room, by=coordinator
                )
                for session in sessions
            ]
        )
    assert refusals.count(None) == 1
    assert {type(refusal) for refusal in refusals if refusal} == {RoomTaken}
    assert Session.objects.filter(local_day=date(2026, 11, 27)).count() == 1


@pytest.fixture
def membership() -> Membership:
    return MembershipFactory(client__with_account=True)


def test_the_same_note_by_many(membership: Membership) -> None:
    coordinator = CoordinatorFactory()
    session = schedule_series(group=membership.group, by=coordinator)[0]
    with time_machine.travel(session.ends_at, tick=False):
        refusals = race(
            [
                lambda text=text: save_member_note(
                    session=session, draft=MemberNoteDraft(membership.pk, {"note": f"Text {text}"}), by=coordinator
                )
                for text in range(RACERS)
            ]
        )
    assert refusals.count(None) == 1
    assert {type(refusal) for refusal in refusals if refusal} == {StaleNote}
    assert MemberNote.objects.get().text == f"Text {refusals.index(None)}"


def test_an_impatient_member(membership: Membership) -> None:
    by = membership.client.user
    with time_machine.travel(datetime(2026, 11, 20, 17, tzinfo=UTC), tick=False):
        session = schedule_series(group=membership.group, by=by)[0]
        verb = lambda: give_absence_notice(session=session, membership=membership, by=by)  # noqa: E731
        assert race([verb] * RACERS) == [None] * RACERS
    assert AbsenceNotice.objects.count() == 1
