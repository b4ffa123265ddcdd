"""Messages about other things than sessions: agreements, news, questions, what could not be sent."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from common.clock import now
from groups_app.models import MemberNotice, Membership, MembershipState, NoticeKind, Signature
from members.models import Client
from practice.models import Policy
from reminders import services
from reminders.models import Kind, Message, Outcome
from sessions_log.models import AbsenceNotice, Session
from tests.factories.groups_app import AgreementFactory, GroupFactory, MembershipFactory
from tests.factories.members import ClientFactory, ConsentFactory
from tests.factories.messages import MessageFactory
from tests.factories.practice import CoordinatorFactory, TherapistFactory
from tests.mail_server import MailServer

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 9, 17, tzinfo=UTC)  # Monday in New York


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    """A Monday at noon; ``clock.shift`` goes on."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def joining(named_practice: Any) -> Membership:
    """Somebody with an account on the way into a group."""
    client = ClientFactory(with_account=True)
    ConsentFactory(client=client)
    return MembershipFactory(client=client, state=MembershipState.PREPARING, pregroup_met_on=None, starts_on=None)


def tick(clock: Any, hours: float = 0) -> None:
    """Let time pass, then let beat wake the worker."""
    clock.shift(timedelta(hours=hours))
    services.send_due(at=datetime.now(UTC))


def outcomes(kind: Kind) -> list[tuple[str, int, str, str]]:
    """Channel, lead, state and outcome of what was written of a kind."""
    rows = Message.objects.filter(kind=kind).order_by("channel", "lead_hours")
    return list(rows.values_list("channel", "lead_hours", "state", "outcome"))


# --- Agreements -----------------------------------------------------------------------------------------------------
def test_an_unsigned_agreement_is_told_and_told_again(clock: Any, mail_server: MailServer, joining: Membership) -> None:
    AgreementFactory(group=joining.group)
    tick(clock)
    assert mail_server.messages == []  # who has just been asked signs within the hour
    tick(clock, 1)
    tick(clock, 1)
    (message,) = mail_server.messages
    assert message["Subject"] == "Something to read and sign"
    tick(clock, 71)
    assert len(mail_server.messages) == 2
    assert outcomes(Kind.AGREEMENT)[0] == ("app", 1, "sent", "")


def test_who_signs_hears_no_more(clock: Any, mail_server: MailServer, joining: Membership) -> None:
    version = AgreementFactory(group=joining.group)
    tick(clock)
    Signature.objects.create(
        membership=joining,
        version=version,
        account=joining.client.user,
        text="x",
        sha256="x",
        typed_name="x",
        has_read=True,
        intends_to_sign=True,
        signed_at=now(),
    )
    tick(clock, 1)
    assert mail_server.messages == []
    assert ("email", 1, "void", Outcome.SETTLED) in outcomes(Kind.AGREEMENT)


def test_a_newer_version_voids_the_older_and_is_told_itself(
    clock: Any, mail_server: MailServer, joining: Membership
) -> None:
    AgreementFactory(group=joining.group)
    tick(clock)
    newer = AgreementFactory(group=joining.group, number=2)
    tick(clock)
    tick(clock, 1)
    assert len(mail_server.messages) == 1
    assert Message.objects.get(state="sent", channel="email").subject_id == newer.pk


def test_who_lost_the_place_hears_nothing(clock: Any, mail_server: MailServer, joining: Membership) -> None:
    AgreementFactory(group=joining.group)
    tick(clock)
    Membership.objects.update(state=MembershipState.WITHDRAWN, seat=None)
    tick(clock, 1)
    assert mail_server.messages == []
    assert ("email", 1, "void", Outcome.NOT_EXPECTED) in outcomes(Kind.AGREEMENT)


# --- News of a group ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", list(NoticeKind))
def test_unread_news_are_told_without_saying_what(
    clock: Any, mail_server: MailServer, joining: Membership, kind: NoticeKind
) -> None:
    MemberNotice.objects.create(membership=joining, kind=kind, day=NOON.date())
    tick(clock)
    tick(clock, 1)
    tick(clock, 1)
    (message,) = mail_server.messages
    assert message["Subject"] == "News about your appointments"


@pytest.mark.parametrize("change", ["seen_at", "withdrawn_at"])
def test_news_that_were_read_or_withdrawn_are_not_told(
    clock: Any, mail_server: MailServer, joining: Membership, change: str
) -> None:
    MemberNotice.objects.create(membership=joining, kind=NoticeKind.DOOR, day=NOON.date())
    tick(clock)
    MemberNotice.objects.update(**{change: NOON})
    tick(clock, 1)
    assert mail_server.messages == []
    assert outcomes(Kind.DOOR) == [("email", 0, "void", Outcome.SETTLED)]


# --- Questions after a session --------------------------------------------------------------------------------------
def test_who_was_there_is_asked_the_next_day(clock: Any, mail_server: MailServer, session: Session) -> None:
    people = [ClientFactory(with_account=True) for _ in range(2)]
    for client in people:
        ConsentFactory(client=client)
        MembershipFactory(group=session.group, client=client)
    away = people[1].memberships.get()
    AbsenceNotice.objects.create(session=session, membership=away, given_at=NOON)
    clock.move_to(session.ends_at)
    services.materialize(at=session.ends_at)
    tick(clock, 11)
    assert mail_server.messages == []
    tick(clock, 4)
    tick(clock, 4)
    (message,) = mail_server.messages
    assert (message["To"], message["Subject"]) == (people[0].email, "A few short questions")
    assert ("void", Outcome.ABSENCE_KNOWN) in [row[2:] for row in outcomes(Kind.QUESTIONS)]


def test_a_practice_that_does_not_ask_sends_none(clock: Any, mail_server: MailServer, session: Session) -> None:
    Policy.objects.update(climate_hours=0)
    client = ClientFactory(with_account=True)
    ConsentFactory(client=client)
    MembershipFactory(group=session.group, client=client)
    clock.move_to(session.ends_at)
    services.materialize(at=session.ends_at)
    assert outcomes(Kind.QUESTIONS) == []


# --- What could not be sent -----------------------------------------------------------------------------------------
def test_coordinators_are_asked_to_look_once_a_day(clock: Any, mail_server: MailServer, named_practice: Any) -> None:
    desk = CoordinatorFactory(email="desk@kith.example")
    TherapistFactory()
    MessageFactory(state="failed", outcome=Outcome.REFUSED)
    tick(clock)
    tick(clock, 1)
    (message,) = mail_server.messages
    assert (message["To"], message["Subject"]) == (desk.email, "Please sign in")
    tick(clock, 24)
    assert len(mail_server.messages) == 2


def test_not_when_calling_helps_nobody_any_more(clock: Any, mail_server: MailServer, named_practice: Any) -> None:
    CoordinatorFactory()
    MessageFactory(state="failed", useful_until=NOON)
    tick(clock)
    assert outcomes(Kind.ALERT) == []


# --- Reading in Kith ------------------------------------------------------------------------------------------------
def test_news_are_new_until_they_are_read(client: Any, session: Any) -> None:
    person: Client = ClientFactory(with_account=True)
    MessageFactory(
        session=session,
        membership=MembershipFactory(group=session.group, client=person),
        kind=Kind.MOVED,
        channel="app",
        previous_at=session.starts_at - timedelta(days=1),
        sent_at=NOON,
    )
    MessageFactory(session=session, kind=Kind.CANCELLED, channel="app", sent_at=NOON)  # somebody else's
    client.force_login(person.user)
    assert "You have 1 new message" in client.get("/home/").text
    text = client.get("/messages/news/").text
    assert "on Monday, November 23, 6:00 PM has moved" in text
    assert text.count("<b>") == 1
    for _ in range(2):
        assert client.post("/messages/news/read/").status_code == 302
    assert "is new" not in client.get("/home/").text
    assert client.get("/messages/news/read/").status_code == 405


def test_a_group_that_waits_tells_nobody_outside(clock: Any, mail_server: MailServer, joining: Membership) -> None:
    other = MembershipFactory(group=GroupFactory())
    ConsentFactory(client=other.client)
    MemberNotice.objects.create(membership=joining, kind=NoticeKind.DOOR, day=NOON.date())
    tick(clock)
    assert Message.objects.exclude(client=joining.client).count() == 0
