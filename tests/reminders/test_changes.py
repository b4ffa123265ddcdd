"""What members are told when their sessions change (R31, R32, R48)."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
import time_machine

from groups_app.models import Membership
from members.models import Channel
from practice.models import User
from reminders import services
from reminders.models import Kind, KnownSchedule, Message, MessageState, Outcome, Via
from sessions_log.models import Session
from sessions_log.services import cancel_session, move_session, restore_session
from tests.factories.groups_app import MembershipFactory
from tests.factories.members import ClientFactory, ConsentFactory
from tests.factories.practice import CoordinatorFactory
from tests.factories.sessions_log import SessionFactory
from tests.mail_server import MailServer

pytestmark = pytest.mark.django_db

START = datetime(2026, 11, 24, 23, tzinfo=UTC)
TEN_DAYS_BEFORE = datetime(2026, 11, 14, 17, tzinfo=UTC)  # Saturday noon in New York
SETTLED = timedelta(minutes=2)


@pytest.fixture
def clock() -> Iterator[Any]:
    """Ten days before the session; ``clock.shift`` goes on."""
    with time_machine.travel(TEN_DAYS_BEFORE, tick=False) as traveller:
        yield traveller


@pytest.fixture
def known(clock: Any, session: Session, membership: Membership) -> Session:
    """A session that members know of."""
    services.materialize(at=TEN_DAYS_BEFORE)
    return session


@pytest.fixture
def by(db: None) -> User:
    """A coordinator."""
    return CoordinatorFactory()


def tick(clock: Any, after: timedelta = timedelta()) -> None:
    """Let time pass, then let beat wake the worker."""
    clock.shift(after)
    services.send_due(at=datetime.now(UTC))


def told() -> list[tuple[str, str, str]]:
    """Kind, channel and state of every message that is no mere reminder."""
    rows = Message.objects.exclude(kind=Kind.SESSION).order_by("created_at", "channel")
    return list(rows.values_list("kind", "channel", "state"))


def move(session: Session, by: User, *, days: int = 0, wall: time = time(18)) -> None:
    """Put the session ``days`` later, at ``wall``."""
    fresh = Session.objects.get(pk=session.pk)
    day = fresh.local_day + timedelta(days=days)
    move_session(session=fresh, day=day, wall=wall, room=fresh.room, by=by)


def test_sessions_seen_for_the_first_time_are_no_news(known: Session, mail_server: MailServer, clock: Any) -> None:
    tick(clock, SETTLED)
    assert told() == []
    assert KnownSchedule.objects.get(session=known).version == 1


def test_a_move_is_told_once_with_the_time_before(
    clock: Any, mail_server: MailServer, known: Session, by: User
) -> None:
    move(known, by, days=1, wall=time(19))
    tick(clock)
    assert told() == [("moved", "email", "pending")]  # a slip can still be mended
    tick(clock, SETTLED)
    tick(clock, SETTLED)
    (message,) = mail_server.messages
    assert message["Subject"] == "Your appointment is now on Wednesday, November 25, 7:00 PM"
    plain = message.get_body(("plain",))
    assert plain is not None
    assert "on Tuesday, November 24, 6:00 PM has moved" in plain.get_content()
    assert told() == [("moved", "email", "sent")]


def test_a_slip_that_is_mended_at_once_is_not_told(
    clock: Any, mail_server: MailServer, known: Session, by: User
) -> None:
    move(known, by, days=1)
    tick(clock)
    move(known, by, days=-1)
    tick(clock)
    tick(clock, SETTLED)
    assert mail_server.messages == []
    assert told() == [("moved", "email", "void")]


def test_a_second_move_is_told_against_what_people_know(
    clock: Any, mail_server: MailServer, known: Session, by: User
) -> None:
    move(known, by, days=1)
    tick(clock)
    move(known, by, days=1)
    tick(clock)
    tick(clock, SETTLED)
    (message,) = mail_server.messages
    assert message["Subject"] == "Your appointment is now on Thursday, November 26, 6:00 PM"
    assert "November 24" in message.as_string()


def test_another_room_is_told_without_its_name(clock: Any, mail_server: MailServer, known: Session, by: User) -> None:
    other = known.room.site.rooms.create(name="Blue room")
    move_session(session=known, day=known.local_day, wall=known.local_time, room=other, by=by)
    tick(clock)
    tick(clock, SETTLED)
    (message,) = mail_server.messages
    assert message["Subject"] == "The place of your appointment on Tuesday, November 24 has changed"
    assert "Blue" not in message.as_string()


def test_a_cancellation_is_told_and_reminders_become_void(
    clock: Any, mail_server: MailServer, known: Session, by: User
) -> None:
    clock.move_to(START - timedelta(days=3))
    services.materialize(at=START - timedelta(days=3))
    cancel_session(session=known, reason="The leader is ill", by=by)
    tick(clock)
    tick(clock, SETTLED)
    (message,) = mail_server.messages
    assert message["Subject"] == "Your appointment on Tuesday, November 24 is canceled"
    assert "ill" not in message.as_string().split("will not")[0]
    tick(clock, timedelta(days=1))
    reminders = Message.objects.filter(kind=Kind.SESSION, lead_hours=48)
    assert list(reminders.values_list("state", "outcome")) == [("void", Outcome.CANCELLED)]


def test_a_session_taken_up_again_is_told_as_a_further_one(
    clock: Any, mail_server: MailServer, known: Session, by: User
) -> None:
    cancel_session(session=known, reason="", by=by)
    tick(clock)
    tick(clock, SETTLED)
    restore_session(session=known, by=by)
    tick(clock)
    tick(clock, SETTLED)
    assert [message["Subject"] for message in mail_server.messages] == [
        "Your appointment on Tuesday, November 24 is canceled",
        "A further appointment on Tuesday, November 24, 6:00 PM",
    ]


def test_an_extra_session_is_told(clock: Any, mail_server: MailServer, known: Session) -> None:
    SessionFactory(group=known.group, is_extra=True)
    tick(clock)
    tick(clock, SETTLED)
    (message,) = mail_server.messages
    assert message["Subject"] == "A further appointment on Tuesday, December 1, 6:00 PM"


def test_a_whole_series_that_moves_is_one_message(
    clock: Any, mail_server: MailServer, known: Session, by: User
) -> None:
    later = [SessionFactory(group=known.group) for _ in range(4)]
    tick(clock)
    for session in [known, *later]:
        move(session, by, wall=time(19))
    tick(clock)
    tick(clock, SETTLED)
    (message,) = mail_server.messages
    assert "4 more appointments have changed, too: sign in to see them." in message.as_string()


def test_is_told_through_every_channel_agreed_to_and_in_kith(  # noqa: PLR0917 (fixtures)
    clock: Any, mail_server: MailServer, known: Session, by: User, settings: Any, tmp_path: Any
) -> None:
    settings.SMS_OPTIONS = {"path": str(tmp_path)}
    client = ClientFactory(with_account=True)
    ConsentFactory(client=client, channel=Channel.TEXT)
    MembershipFactory(group=known.group, client=client)
    move(known, by, days=1)
    tick(clock)
    tick(clock, SETTLED)
    assert set(Message.objects.filter(client=client).values_list("channel", "state")) == {
        ("text", "sent"),
        ("app", "sent"),
    }


def test_who_comes_later_or_left_before_is_told_nothing(
    clock: Any, mail_server: MailServer, known: Session, by: User
) -> None:
    for dates in ({"starts_on": known.local_day + timedelta(days=1)}, {"ends_on": known.local_day - timedelta(days=1)}):
        ConsentFactory(client=MembershipFactory(group=known.group, **dates).client)
    cancel_session(session=known, reason="", by=by)
    tick(clock)
    assert len(told()) == 1


def test_two_sweeps_at_once_tell_it_once(clock: Any, known: Session, by: User) -> None:
    move(known, by, days=1)
    at = datetime.now(UTC)
    services.materialize(at=at)
    KnownSchedule.objects.update(version=1)  # as the other sweep still saw it
    Message.objects.filter(kind=Kind.MOVED).update(state=MessageState.SENT, sent_at=at)
    services.materialize(at=at)
    assert Message.objects.filter(kind=Kind.MOVED, channel=Via.EMAIL).count() == 1
