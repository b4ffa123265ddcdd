"""Screening: asked for by the coordinator, decided by a therapist, kept by the database (R21)."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client as Browser
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from members.models import Client, Screening, ScreeningFindings, ScreeningItem, ScreeningOutcome, ScreeningRequest
from members.services.screening import (
    Answer,
    AnswersMissing,
    ScreenerWrong,
    ScreeningReasonMissing,
    answers_of,
    ask_for_screening,
    record_screening,
)
from practice.models import User
from tests.factories.members import ClientFactory, WaitingFactory
from tests.factories.practice import CoordinatorFactory, SupervisorFactory, TherapistFactory

SECRET = "heard voices last week"
# Session and account, savepoint and release, requests, decisions.
QUERIES_OF_THE_LIST = 6


@pytest.fixture
def therapist(db: None) -> User:
    return TherapistFactory(first_name="Dana", last_name="Whitfield")


@pytest.fixture
def coordinator(db: None) -> User:
    return CoordinatorFactory()


@pytest.fixture
def noor(db: None) -> Client:
    """Nobody has screened her."""
    return ClientFactory(first_name="Noor", last_name="Benítez", screening="none")


def favorable(**changes: Answer) -> dict[str, Answer]:
    return {item.code: Answer(item.favors) for item in ScreeningItem.objects.all()} | changes


def typed(outcome: str = "approved", **changes: Any) -> dict[str, Any]:
    answers = {f"answer_{item.code}": "yes" if item.favors else "no" for item in ScreeningItem.objects.all()}
    return {"outcome": outcome, **answers, **changes}


# --- Asking ---------------------------------------------------------------------------------------------------------
def test_asking_lets_the_therapist_see_her_until_the_decision(noor: Client, therapist: User, coordinator: User) -> None:
    """R43: whoever is asked sees the record, and no longer than it takes."""
    assert not Client.objects.visible_to(therapist).filter(pk=noor.pk).exists()
    assert ask_for_screening(clients=[noor], therapist=therapist, by=coordinator) == 1
    assert Client.objects.visible_to(therapist).get() == noor
    record_screening(client=noor, outcome=ScreeningOutcome.APPROVED, answers=favorable(), reason="", by=therapist)
    assert not Client.objects.visible_to(therapist).exists()


def test_asking_twice_and_handing_over(noor: Client, therapist: User, coordinator: User) -> None:
    ask_for_screening(clients=[noor], therapist=therapist, by=coordinator)
    assert ask_for_screening(clients=[noor], therapist=therapist, by=coordinator) == 0
    other = TherapistFactory()
    assert ask_for_screening(clients=[noor], therapist=other, by=coordinator) == 1
    assert ScreeningRequest.objects.get(closed_at__isnull=True).therapist == other


def test_only_therapists_are_asked(noor: Client, coordinator: User) -> None:
    for wrong in (coordinator, TherapistFactory(is_active=False)):
        with pytest.raises(ScreenerWrong):
            ask_for_screening(clients=[noor], therapist=wrong, by=coordinator)


# --- Deciding -------------------------------------------------------------------------------------------------------
def test_a_later_decision_supersedes(noor: Client, therapist: User) -> None:
    first = record_screening(
        client=noor, outcome=ScreeningOutcome.WAIT, answers=favorable(), reason="Later.", by=therapist
    )
    second = record_screening(
        client=noor, outcome=ScreeningOutcome.APPROVED, answers=favorable(), reason="", by=therapist
    )
    assert Screening.objects.current().get() == second
    first.refresh_from_db()
    assert first.superseded_at == second.decided_at


@pytest.mark.parametrize("outcome", [ScreeningOutcome.WAIT, ScreeningOutcome.UNSUITABLE])
def test_keeping_somebody_out_needs_a_reason(noor: Client, therapist: User, outcome: ScreeningOutcome) -> None:
    with pytest.raises(ScreeningReasonMissing):
        record_screening(client=noor, outcome=outcome, answers=favorable(), reason=" ", by=therapist)


def test_approving_in_spite_of_a_crisis_needs_a_reason(noor: Client, therapist: User) -> None:
    answers = favorable(crisis=Answer(True))
    with pytest.raises(ScreeningReasonMissing):
        record_screening(client=noor, outcome=ScreeningOutcome.APPROVED, answers=answers, reason="", by=therapist)
    record_screening(client=noor, outcome=ScreeningOutcome.APPROVED, answers=answers, reason="Held.", by=therapist)


def test_every_question_is_answered(noor: Client, therapist: User) -> None:
    answers = favorable()
    del answers["travel"]
    with pytest.raises(AnswersMissing):
        record_screening(client=noor, outcome=ScreeningOutcome.APPROVED, answers=answers, reason="", by=therapist)


def test_why_is_encrypted(noor: Client, therapist: User) -> None:
    answers = favorable(psychosis=Answer(True, SECRET))
    record_screening(client=noor, outcome=ScreeningOutcome.WAIT, answers=answers, reason=SECRET, by=therapist)
    stored = ScreeningFindings.objects.values_list("answers", "reason").get()
    assert all(SECRET.encode() not in bytes(text) for text in stored)
    assert answers_of(ScreeningFindings.objects.get()) == answers


def test_database_knows_one_decision_in_force(noor: Client, therapist: User) -> None:
    record_screening(client=noor, outcome=ScreeningOutcome.APPROVED, answers=favorable(), reason="", by=therapist)
    with pytest.raises(IntegrityError, match="screening_one_current"), transaction.atomic():
        Screening.objects.create(client=noor, outcome="approved", decided_by=therapist, decided_at=noor.created_at)


# --- Pages ----------------------------------------------------------------------------------------------------------
def test_the_therapists_way(noor: Client, therapist: User, coordinator: User, signed_in: Any) -> None:
    ask_for_screening(clients=[noor], therapist=therapist, by=coordinator)
    browser = signed_in(therapist)
    assert "1 person to screen" in browser.get(reverse("members:screenings")).content.decode()
    address = reverse("members:screen", args=[noor.pk])
    assert "Not screened before." in browser.get(address).content.decode()
    page = browser.post(address, typed("wait")).content.decode()
    assert "Say why" in page
    assert "<title>Error:" in page
    page = browser.post(address, typed(answer_crisis="")).content.decode()
    assert "if only with “not sure”" in page
    sent = typed("wait", answer_travel="yes", remark_travel="In June", reason=SECRET, review_on="8/1/2027")
    assert browser.post(address, sent)["Location"] == reverse("members:screenings")
    assert Screening.objects.current().get().review_on == date(2027, 8, 1)
    assert browser.post(address, sent).status_code == 404  # decided, so the record is closed to her again
    assert "Noor B." in browser.get(reverse("members:screenings")).content.decode()


def test_coordinators_see_the_outcome_only(noor: Client, therapist: User, coordinator: User, signed_in: Any) -> None:
    """R43."""
    record_screening(client=noor, outcome=ScreeningOutcome.WAIT, answers=favorable(), reason=SECRET, by=therapist)
    WaitingFactory(client=noor)
    browser = signed_in(coordinator)
    for address in (reverse("members:detail", args=[noor.pk]), reverse("members:waiting")):
        page = browser.get(address).content.decode()
        assert "Wait</span>" in page
        assert SECRET not in page
    assert browser.get(reverse("members:screen", args=[noor.pk])).status_code == 404
    assert browser.get(reverse("members:screenings")).status_code == 404


def test_supervisors_see_what_was_found(noor: Client, therapist: User, signed_in: Any) -> None:
    record_screening(client=noor, outcome=ScreeningOutcome.WAIT, answers=favorable(), reason=SECRET, by=therapist)
    assert SECRET in signed_in(SupervisorFactory()).get(reverse("members:screen", args=[noor.pk])).content.decode()


def test_asking_for_everybody_shown(noor: Client, therapist: User, coordinator: User, signed_in: Any) -> None:
    """One button after an import; the filter of the list says for whom."""
    WaitingFactory(client=noor)
    for name in ("Ana", "Ben"):
        WaitingFactory(client=ClientFactory(first_name=name, screening="none"))
    WaitingFactory(client=ClientFactory(first_name="Noorah"))  # screened already
    browser = signed_in(coordinator)
    address = reverse("members:screening_ask_waiting")
    back = browser.post(f"{address}?q=Noor", {"therapist": therapist.pk})
    assert back["Location"] == reverse("members:waiting") + "?q=Noor"
    assert ScreeningRequest.objects.get().client == noor
    for _again in range(2):
        browser.post(address, {"therapist": therapist.pk})
    assert ScreeningRequest.objects.count() == 3
    assert "Choose the therapist" in browser.post(address, {"therapist": "x"}, follow=True).content.decode()


def test_asking_about_one(noor: Client, therapist: User, coordinator: User, signed_in: Any) -> None:
    browser = signed_in(coordinator)
    address = reverse("members:screening_ask", args=[noor.pk])
    page = browser.post(address, {"therapist": therapist.pk}, follow=True).content.decode()
    assert "Whitfield screens" in page
    assert browser.get(address).status_code == 405


@pytest.mark.parametrize("rows", [1, 3])
def test_list_asks_the_same_for_any_number(
    rows: int,
    therapist: User,
    coordinator: User,
    client: Browser,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    clients = ClientFactory.create_batch(rows, screening="none")
    ask_for_screening(clients=clients, therapist=therapist, by=coordinator)
    client.force_login(therapist)
    with django_assert_num_queries(QUERIES_OF_THE_LIST):
        client.get(reverse("members:screenings"))
