"""Who is told in Kith of a record opened in an emergency is asked by mail to sign in (R41)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse

from members.models import Client, EmergencyAccess, EmergencyNotice, Verdict
from members.services import emergency
from practice.models import User
from reminders import services
from reminders.models import Kind, Message, Outcome, Via
from tests.factories.groups_app import GroupFactory, MembershipFactory
from tests.factories.members import ClientFactory
from tests.factories.practice import CoordinatorFactory, SupervisorFactory, TherapistFactory, UserFactory
from tests.mail_server import MailServer

pytestmark = pytest.mark.django_db

NIGHT = datetime(2026, 11, 24, 4, tzinfo=UTC)  # eleven at night in New York
REASON = "Called from the emergency room"


@pytest.fixture(autouse=True)
def clock(settings: Any) -> Iterator[Any]:
    """The middle of a night; ``clock.shift`` goes on."""
    settings.REQUIRE_STAFF_MFA = False
    with time_machine.travel(NIGHT, tick=False) as traveller:
        yield traveller


@pytest.fixture
def leaders(named_practice: Any) -> list[User]:
    """Two who lead Noor's group; one of them has not opened the account yet."""
    return [TherapistFactory(email="dana@kith.example"), UserFactory(password=None, roles=["therapist"])]


@pytest.fixture
def noor(leaders: list[User]) -> Client:
    """Somebody in their group."""
    client: Client = ClientFactory(first_name="Noor", last_name="Haddad")
    MembershipFactory(group=GroupFactory(leaders=leaders), client=client)
    return client


@pytest.fixture
def access(noor: Client) -> EmergencyAccess:
    """Ruth opened Noor's record."""
    return emergency.open_in_emergency(client=noor, reason=REASON, by=TherapistFactory())


def tick(clock: Any, **later: float) -> None:
    """Let time pass, then let beat wake the worker."""
    clock.shift(timedelta(**later))
    services.send_due(at=datetime.now(UTC))


def test_who_leads_is_asked_at_once_at_any_hour_and_once(
    clock: Any, mail_server: MailServer, access: EmergencyAccess
) -> None:
    CoordinatorFactory()
    tick(clock)
    tick(clock, hours=1)
    (message,) = mail_server.messages
    assert (message["To"], message["Subject"]) == ("dana@kith.example", "Please sign in")
    whole = message.as_string()
    for secret in ("Noor", "Haddad", "emergency", "record", REASON, str(access.pk), str(access.client_id)):
        assert secret not in whole
    assert whole.count("http") == 2  # the front door, in both parts
    # In Kith the front page tells it already.
    assert [row.channel for row in Message.objects.all()] == [Via.EMAIL]


def test_without_a_leader_the_coordinators_are(clock: Any, mail_server: MailServer, named_practice: Any) -> None:
    desk = CoordinatorFactory()
    emergency.open_in_emergency(client=ClientFactory(), reason=REASON, by=TherapistFactory())
    tick(clock)
    assert [message["To"] for message in mail_server.messages] == [desk.email]


def test_who_has_seen_it_needs_no_mail(clock: Any, mail_server: MailServer, access: EmergencyAccess) -> None:
    services.materialize(at=NIGHT)
    EmergencyNotice.objects.update(seen_at=NIGHT)
    tick(clock)
    assert mail_server.messages == []
    assert [row.outcome for row in Message.objects.all()] == [Outcome.SETTLED]


def test_coordinators_see_that_it_went_out_and_not_about_whom(
    clock: Any, mail_server: MailServer, access: EmergencyAccess, leaders: list[User], client: Browser
) -> None:
    tick(clock)
    client.force_login(CoordinatorFactory())
    text = client.get(reverse("reminders:deliveries"), {"kind": "alert"}).text
    assert leaders[0].name in text
    assert "Please sign in" in text
    assert "Haddad" not in text


def test_a_mail_that_came_back_is_somebodys_to_follow_up(
    clock: Any, mail_server: MailServer, access: EmergencyAccess
) -> None:
    desk = CoordinatorFactory()
    mail_server.refused_recipients = {"dana@kith.example": "550 no such user"}
    tick(clock)
    tick(clock)
    tick(clock)
    assert [message["To"] for message in mail_server.messages] == [desk.email]


def test_an_overdue_review_is_every_other_supervisors(clock: Any, mail_server: MailServer, noor: Client) -> None:
    by, other = SupervisorFactory(), SupervisorFactory()
    access = emergency.open_in_emergency(client=noor, reason=REASON, by=by)
    EmergencyNotice.objects.update(seen_at=NIGHT)
    tick(clock, days=2)
    assert mail_server.messages == []
    tick(clock, days=1)
    tick(clock, days=1)
    assert [message["To"] for message in mail_server.messages] == [other.email]
    assert Message.objects.get(kind=Kind.ALERT).subject_id == access.pk


def test_a_review_in_time_is_not(clock: Any, mail_server: MailServer, access: EmergencyAccess) -> None:
    supervisor = SupervisorFactory()
    EmergencyNotice.objects.update(seen_at=NIGHT)
    emergency.review_emergency(access=access, verdict=Verdict.JUSTIFIED, note="", by=supervisor)
    tick(clock, days=3)
    assert mail_server.messages == []
