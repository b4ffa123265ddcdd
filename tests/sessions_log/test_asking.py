"""Asking after members who stay away (R27): noted, left in peace for a while, pointed out again."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse

from audit.querysets import Entries
from common.clock import now
from groups_app.models import Group, Membership, MembershipState
from groups_app.services.errors import WrongState
from practice.models import Policy, User
from sessions_log.models import AskedAfter, Attendance, AttendanceStatus
from sessions_log.services import AskedInFuture, ask_after, take_asking_back
from sessions_log.staying_away import absences_of, count_by_group
from tests.factories.groups_app import MembershipFactory
from tests.factories.practice import CoordinatorFactory, SupervisorFactory, TherapistFactory
from tests.factories.sessions_log import SessionFactory

MORNING = "2026-12-31T17:00:00+00:00"
TODAY = date(2026, 12, 31)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_morning")]


@pytest.fixture
def _morning() -> Any:
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture
def lost(group: Group) -> Membership:
    """A member who missed the first three sessions."""
    member = MembershipFactory(group=group, client__first_name="Imani", client__last_name="Abara")
    for session in SessionFactory.create_batch(3, group=group):
        Attendance.objects.create(
            session=session,
            membership=member,
            status=AttendanceStatus.NO_SHOW,
            recorded_by=member.proposed_by,
            recorded_at=now(),
        )
    return member


def address(member: Membership) -> str:
    return reverse("sessions_log:ask_after", args=[member.pk])


def waiting(group: Group) -> int:
    return count_by_group([group.pk], Policy.objects.get()).get(group.pk, 0)


def test_who_was_asked_after_is_left_in_peace_for_a_while(group: Group, lost: Membership, therapist: User) -> None:
    assert waiting(group) == 1
    ask_after(membership=lost, on=TODAY - timedelta(days=13), by=therapist)
    assert waiting(group) == 0
    assert str(absences_of(lost, Policy.objects.get())) == "Away 3 times in a row"
    with time_machine.travel("2027-01-01T17:00:00+00:00", tick=False):
        assert waiting(group) == 1


def test_asked_twice_on_a_day_is_asked_once(lost: Membership, therapist: User) -> None:
    first = ask_after(membership=lost, on=TODAY, by=therapist)
    assert ask_after(membership=lost, on=TODAY, by=TherapistFactory()) == first
    assert first.by == therapist
    assert len(Entries(actor=therapist.pk, actions=("membership.asked_after",))) == 1


def test_taken_back_somebody_is_pointed_out_again_and_the_row_stays(
    group: Group, lost: Membership, therapist: User
) -> None:
    asked = ask_after(membership=lost, on=TODAY, by=therapist)
    for _twice in range(2):
        take_asking_back(asked=asked, by=therapist)
    assert waiting(group) == 1
    assert AskedAfter.objects.get().withdrawn_at == now()
    assert len(Entries(actor=therapist.pk, actions=("membership.asking_taken_back",))) == 1


def test_nobody_asks_tomorrow_or_after_the_end(lost: Membership, therapist: User) -> None:
    with pytest.raises(AskedInFuture, match="has not come yet"):
        ask_after(membership=lost, on=TODAY + timedelta(days=1), by=therapist)
    ended = MembershipFactory(group=lost.group, state=MembershipState.WITHDRAWN)
    with pytest.raises(WrongState):
        ask_after(membership=ended, on=TODAY, by=therapist)


# --- The page -------------------------------------------------------------------------------------------------------
def test_a_leader_asks_says_so_and_takes_it_back(sign_in: Any, lost: Membership, therapist: User) -> None:
    browser: Browser = sign_in(therapist)
    page = browser.get(address(lost))
    assert "Away 3 times in a row" in page.text
    assert 'value="12/31/2026"' in page.text
    after = browser.post(address(lost), {"on": "12/30/2026"}, follow=True)
    assert "Noted: you asked after Imani Abara." in after.text
    asked = AskedAfter.objects.get()
    assert (asked.asked_on, asked.by) == (date(2026, 12, 30), therapist)
    page = browser.get(address(lost))
    assert "Asked before" in page.text
    membership = reverse("groups_app:membership", args=[lost.pk])
    assert "December 30, 2026" in browser.get(membership).text
    undo = reverse("sessions_log:ask_after_undo", args=[lost.pk, asked.pk])
    assert undo in page.text
    assert browser.get(undo).status_code == 405
    assert "still to be asked after" in browser.post(undo, follow=True).text


def test_a_day_that_has_not_come_stands_at_its_field(sign_in: Any, lost: Membership, therapist: User) -> None:
    page = sign_in(therapist).post(address(lost), {"on": "1/1/2027"})
    assert "That day has not come yet" in page.text
    assert "<title>Error:" in page.text
    assert not AskedAfter.objects.exists()


def test_nobody_else_learns_that_the_page_exists(sign_in: Any, lost: Membership) -> None:
    asked = ask_after(membership=lost, on=TODAY, by=lost.proposed_by)
    undo = reverse("sessions_log:ask_after_undo", args=[lost.pk, asked.pk])
    for user in (TherapistFactory(), CoordinatorFactory(), SupervisorFactory(), lost.client.user):
        if user is not None:
            assert sign_in(user).get(address(lost)).status_code == 404
            assert sign_in(user).post(undo).status_code == 404
    assert AskedAfter.objects.standing().count() == 1
