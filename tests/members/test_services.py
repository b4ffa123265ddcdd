"""What is done with clients."""

import threading
from datetime import UTC, date, datetime, time

import pytest
import time_machine
from django.db import connection

from common.acting import SYSTEM, acting_as
from common.clock import now
from members import services
from members.models import (
    Channel,
    Client,
    DifficultyArea,
    FamilyRole,
    Intake,
    KeepApart,
    ProblemArea,
    WaitingListEntry,
    WaitingOutcome,
)
from members.services import Fit, Span
from tests.factories.members import AvailabilityFactory, ClientFactory, ConsentFactory, WaitingFactory
from tests.factories.practice import CoordinatorFactory, TherapistFactory

pytestmark = pytest.mark.django_db


def test_create_client_with_all_that_belongs_to_it() -> None:
    """R14, R17, R48: one call makes record, hours, areas, consents and wait."""
    coordinator = CoordinatorFactory()
    fit = Fit(
        difficulties=DifficultyArea.objects.filter(code__in=["anger", "trust"]),
        problem_areas=[ProblemArea.objects.get(code="role-disputes"), ProblemArea.objects.get(code="grief")],
        availability=[Span(3, time(18), time(21)), Span(0, time(9), time(11)), Span(0, time(11), time(12))],
    )
    client = services.create_client(
        client=ClientFactory.build(site__name="Brooklyn", site=ClientFactory().site, email="Imani@Mail.Example"),
        fit=fit,
        channels=[Channel.EMAIL, Channel.TEXT],
        waiting_since=date(2026, 9, 1),
        by=coordinator,
    )
    client = Client.objects.with_labels().get(pk=client.pk)
    assert client.email == "imani@mail.example"
    assert client.difficulty_labels == ["anger, frustration or dissatisfaction", "trust"]
    assert client.problem_labels == ["role disputes", "grief"]
    assert client.client_problem_areas.get(is_primary=True).area.code == "role-disputes"
    assert [str(span) for span in client.availabilities.all()] == ["Monday 09:00-12:00", "Thursday 18:00-21:00"]
    assert {consent.channel for consent in client.consents.in_force()} == {Channel.EMAIL, Channel.TEXT}
    assert client.waiting_entries.get().since == date(2026, 9, 1)


def test_one_address_is_one_person() -> None:
    """A second record with the address is refused, whatever its case, and leaves nothing behind."""
    known = ClientFactory(email="imani@mail.example")
    for verb in (
        lambda: services.create_client(
            client=ClientFactory.build(site=known.site, email="IMANI@mail.example"),
            fit=Fit(),
            channels=[Channel.EMAIL],
            waiting_since=date(2026, 9, 1),
            by=None,
        ),
        lambda: services.update_client(client=_with_email(ClientFactory(), "IMANI@mail.example"), fit=Fit()),
    ):
        with pytest.raises(services.EmailTaken, match=r"imani@mail\.example"):
            verb()
    assert not WaitingListEntry.objects.exists()
    assert not Client.objects.exclude(pk=known.pk).filter(email="imani@mail.example").exists()


def _with_email(client: Client, email: str) -> Client:
    client.email = email
    return client


def test_update_replaces_what_matching_looks_at() -> None:
    client = AvailabilityFactory().client
    services.update_client(client=client, fit=Fit(availability=[Span(4, time(8), time(10))]))
    assert [str(span) for span in client.availabilities.all()] == ["Friday 08:00-10:00"]


def test_number_stays_while_texts_are_consented_to() -> None:
    """R48: the number cannot vanish under a consent to texts."""
    client = ConsentFactory(channel=Channel.TEXT).client
    client.mobile = ""
    with pytest.raises(services.NoMobile):
        services.update_client(client=client, fit=Fit())


def test_consent_is_given_and_withdrawn_with_history() -> None:
    """R48: each consent is a row of its own, from a moment to a moment, with who noted it."""
    client, coordinator = ClientFactory(), CoordinatorFactory()
    given = services.give_consent(client=client, channel=Channel.EMAIL, by=coordinator)
    assert services.give_consent(client=client, channel=Channel.EMAIL, by=None) == given
    services.withdraw_consent(client=client, channel=Channel.EMAIL, by=None)
    services.withdraw_consent(client=client, channel=Channel.EMAIL, by=coordinator)
    services.set_consents(client=client, channels=[Channel.EMAIL, Channel.TEXT], by=coordinator)
    services.set_consents(client=client, channels=[Channel.TEXT], by=coordinator)
    history = client.consents.order_by("given_at").values_list("channel", "recorded_by", "withdrawn_by")
    assert list(history) == [
        ("email", coordinator.pk, None),
        ("email", coordinator.pk, coordinator.pk),
        ("text", coordinator.pk, None),
    ]
    assert [consent.channel for consent in client.consents.in_force()] == ["text"]


def test_no_texts_without_a_number() -> None:
    client = ClientFactory(mobile="")
    with pytest.raises(services.NoMobile):
        services.set_consents(client=client, channels=[Channel.EMAIL, Channel.TEXT], by=CoordinatorFactory())
    assert not client.consents.exists()


def test_pairs_have_no_direction() -> None:
    """R22: entered from either side, or twice, it is one pair; nobody is kept apart from themselves."""
    one, other = ClientFactory(), ClientFactory()
    pair = services.keep_apart(one=one, other=other, by=None)
    assert services.keep_apart(one=other, other=one, by=CoordinatorFactory()) == pair
    assert KeepApart.objects.counterparts_of({one.pk, other.pk}) == {one.pk: {other.pk}, other.pk: {one.pk}}
    with pytest.raises(services.SamePerson):
        services.keep_apart(one=one, other=one, by=None)


def test_wait_ends_once_and_can_be_resumed() -> None:
    """R17: days already waited count on; one client waits once at a time."""
    entry = WaitingFactory(since=date(2026, 9, 1))
    client = entry.client
    with pytest.raises(services.AlreadyWaiting):
        services.open_waiting(client=client, since=date(2026, 10, 1))
    assert services.close_waiting(client=client, outcome=WaitingOutcome.WITHDRAWN, on=date(2026, 11, 1)) == entry
    assert services.close_waiting(client=client, outcome=WaitingOutcome.WITHDRAWN, on=date(2026, 11, 2)) is None
    entry.refresh_from_db()
    assert (entry.closed_on, entry.days) == (date(2026, 11, 1), 61)
    services.resume_waiting(entry=entry)
    assert WaitingListEntry.objects.open().get().since == date(2026, 9, 1)
    services.close_waiting(client=client, outcome=WaitingOutcome.WITHDRAWN, on=date(2026, 11, 1))
    services.open_waiting(client=client, since=date(2026, 11, 5))
    with pytest.raises(services.AlreadyWaiting):
        services.resume_waiting(entry=entry)


@time_machine.travel(datetime(2026, 11, 23, 4, tzinfo=UTC), tick=False)
def test_days_are_those_of_the_sites_calendar() -> None:
    """It is still November 22 in Brooklyn when it is November 23 in UTC."""
    assert WaitingFactory(since=date(2026, 11, 1)).days == 21


def test_intake_overwrites_nothing_unread() -> None:
    """R7: encrypted, and two writers do not erase each other."""
    client, first, second = ClientFactory(), TherapistFactory(), TherapistFactory()
    hero = FamilyRole.objects.filter(code="hero")
    intake = services.record_intake(
        intake=Intake(client=client, brings="She fell silent."), family_roles=hero, seen=None, by=first
    )
    with pytest.raises(services.IntakeChanged, match=first.name):
        services.record_intake(intake=Intake(client=client, brings="Other"), family_roles=[], seen=None, by=second)
    seen = intake.recorded_at
    services.record_intake(intake=intake, family_roles=[], seen=seen, by=second)
    with pytest.raises(services.IntakeChanged, match=second.name):
        services.record_intake(intake=intake, family_roles=hero, seen=seen, by=first)
    stored = Intake.objects.get()
    assert (stored.brings, stored.recorded_by, stored.family_roles.count()) == ("She fell silent.", second, 0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT brings FROM members_intake")
        assert b"silent" not in bytes(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_races_end_with_one_of_each() -> None:
    """Eight at once: one consent, one wait, one pair, and nobody sees an error that is not a sentence."""
    client, other = ClientFactory(), ClientFactory()
    failures: list[BaseException] = []
    gate = threading.Barrier(8)

    def work() -> None:
        try:
            gate.wait()
            services.give_consent(client=client, channel=Channel.EMAIL, by=None)
            services.keep_apart(one=client, other=other, by=None)
            services.open_waiting(client=client, since=now().date())
        except services.AlreadyWaiting:
            pass
        except BaseException as error:  # noqa: BLE001 - reported below
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=acting_as(SYSTEM)(work)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert client.consents.count() == KeepApart.objects.count() == WaitingListEntry.objects.count() == 1
