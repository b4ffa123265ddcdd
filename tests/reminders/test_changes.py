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
from reminders.channels.texts.local import written_texts
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
    assert told() == []  # a slip can still be mended
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
    assert told() == []


def test_nor_is_a_cancellation_that_was_undone_at_once(
    clock: Any, mail_server: MailServer, known: Session, by: User
) -> None:
    cancel_session(session=known, reason="", by=by)
    tick(clock)
    restore_session(session=known, by=by)
    tick(clock)
    tick(clock, SETTLED)
    assert told() == []


def test_nor_is_a_series_that_went_back_at_once(clock: Any, mail_server: MailServer, known: Session, by: User) -> None:
    sessions = [known, *(SessionFactory(group=known.group) for _ in range(2))]
    tick(clock)
    for wall in (time(19), time(18)):
        for session in sessions:
            move(session, by, wall=wall)
        tick(clock, timedelta(minutes=1))
    tick(clock, SETTLED)
    assert told() == []


def test_what_changes_in_the_evening_is_told_in_the_morning_as_it_ends_up(
    clock: Any, mail_server: MailServer, known: Session, by: User
) -> None:
    later = SessionFactory(group=known.group)
    tick(clock)
    clock.shift(timedelta(hours=10))  # ten at night
    move(later, by, days=1)
    tick(clock)
    tick(clock, SETTLED)
    cancel_session(session=known, reason="", by=by)
    tick(clock)
    tick(clock, SETTLED)
    restore_session(session=Session.objects.get(pk=known.pk), by=by)
    tick(clock)
    tick(clock, SETTLED)
    assert told() == []
    tick(clock, timedelta(hours=10))
    assert [message["Subject"] for message in mail_server.messages] == [
        "Your appointment is now on Wednesday, December 2, 6:00 PM"
    ]


def test_what_cannot_wait_for_the_morning_is_somebodys_to_call_about(
    clock: Any, mail_server: MailServer, known: Session, by: User
) -> None:
    Session.objects.filter(pk=known.pk).update(starts_at=TEN_DAYS_BEFORE + timedelta(hours=19))  # seven in the morning
    clock.shift(timedelta(hours=12))
    cancel_session(session=known, reason="", by=by)
    tick(clock)
    tick(clock, SETTLED)
    assert told() == [("cancelled", "email", "failed")]


def test_a_further_session_that_is_moved_at_once_is_news_where_it_ends_up(
    clock: Any, mail_server: MailServer, known: Session, by: User
) -> None:
    extra = SessionFactory(group=known.group, is_extra=True)
    tick(clock)
    move(extra, by, wall=time(19))
    tick(clock)
    tick(clock, SETTLED)
    (message,) = mail_server.messages
    assert message["Subject"] == "A further appointment on Tuesday, December 1, 7:00 PM"


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


def test_a_new_link_is_told_without_it(clock: Any, mail_server: MailServer, known: Session, by: User) -> None:
    """Who keeps the old one would wait where nobody comes."""
    for link in ("https://video.example/old", "https://video.example/new"):
        fresh = Session.objects.get(pk=known.pk)
        move_session(session=fresh, day=fresh.local_day, wall=fresh.local_time, room=None, link=link, by=by)
        tick(clock)
        tick(clock, SETTLED)
    assert [message["Subject"] for message in mail_server.messages] == [
        "The place of your appointment on Tuesday, November 24 has changed"
    ] * 2
    assert "another link to join" in mail_server.messages[1].as_string().replace("=\n", "")
    assert "video.example" not in mail_server.messages[1].as_string()


def test_a_move_that_is_also_elsewhere_says_so(  # noqa: PLR0917 (fixtures)
    clock: Any, mail_server: MailServer, known: Session, by: User, settings: Any, tmp_path: Any
) -> None:
    settings.SMS_OPTIONS = {"path": str(tmp_path)}
    ConsentFactory(client=known.group.memberships.get().client, channel=Channel.TEXT)
    move_session(session=known, day=known.local_day, wall=time(19), room=None, link="https://video.example/a", by=by)
    tick(clock)
    tick(clock, SETTLED)
    (message,) = mail_server.messages
    assert message["Subject"] == "Your appointment is now on Tuesday, November 24, 7:00 PM"
    assert "The place or the link is another one, too" in message.as_string().replace("=\n", "")
    (text,) = written_texts(9)
    assert "New place: sign in. Reply STOP" in text["body"]
    assert len(text["body"]) <= 160


def test_a_change_of_place_that_a_server_did_not_take_is_not_lost_by_a_later_change(
    clock: Any, mail_server: MailServer, known: Session, by: User
) -> None:
    mail_server.refusals = ["451 later"]
    other = known.room.site.rooms.create(name="Blue room")
    move_session(session=known, day=known.local_day, wall=known.local_time, room=other, by=by)
    tick(clock)
    tick(clock, SETTLED)
    assert told() == [("place", "email", "pending")]
    longer = Session.objects.get(pk=known.pk)
    move_session(
        session=longer, day=longer.local_day, wall=longer.local_time, room=other, minutes=longer.minutes + 15, by=by
    )
    tick(clock)
    tick(clock, SETTLED)
    assert [message["Subject"] for message in mail_server.messages] == [
        "The place of your appointment on Tuesday, November 24 has changed"
    ]


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
    tick(clock, SETTLED)
    assert len(told()) == 1


def test_two_sweeps_at_once_tell_it_once(clock: Any, known: Session, by: User) -> None:
    move(known, by, days=1)
    tick(clock)
    clock.shift(SETTLED)
    at = datetime.now(UTC)
    services.materialize(at=at)
    KnownSchedule.objects.update(version=1)  # as the other sweep still saw it
    Message.objects.filter(kind=Kind.MOVED).update(state=MessageState.SENT, sent_at=at)
    services.materialize(at=at)
    assert Message.objects.filter(kind=Kind.MOVED, channel=Via.EMAIL).count() == 1
