"""The door of a running group: shut, announced, open, shut again (R1, R28)."""

from datetime import date

import pytest
import time_machine
from django.db import IntegrityError, transaction

from groups_app import services
from groups_app.models import Group, GroupState, MemberNotice, Membership, MembershipState, NoticeKind
from practice.models import User
from sessions_log.services import NoSessionBefore
from tests.factories.groups_app import MembershipFactory
from tests.factories.members import ClientFactory
from tests.factories.practice import TherapistFactory
from tests.groups_app.ready import MEETING, make_ready, sign

OPENS_ON = date(2026, 12, 1)  # the group's second session; the first is on November 24


@pytest.fixture
def running(group: Group, therapist: User) -> Group:
    """The group with five members and three sessions to come."""
    make_ready(group)
    services.change_state(group=group, to=GroupState.RUNNING, by=therapist)
    return group


def opened(group: Group, by: User) -> None:
    """Announce the door for ``OPENS_ON``."""
    services.open_door(group=group, opens_on=OPENS_ON, reason="Two places are free.", by=by)


def test_opening_lets_people_be_proposed_and_join_from_the_day_on(
    running: Group, therapist: User, coordinator: User
) -> None:
    client = ClientFactory(with_account=True)
    with pytest.raises(services.DoorShut):
        services.propose(group=running, client=client, by=coordinator)
    opened(running, therapist)
    proposal = services.propose(group=running, client=client, by=coordinator)
    accepted = services.accept(membership=proposal, by=therapist)
    sign(accepted, running.agreements.get())
    joined = services.record_pregroup_meeting(membership=accepted, on=date(2026, 11, 14), by=therapist, **MEETING)
    assert (joined.state, joined.starts_on) == (MembershipState.ACTIVE, OPENS_ON)
    assert joined.door == running.openings.get()


def test_members_are_told_without_a_reason(running: Group, therapist: User) -> None:
    opened(running, therapist)
    assert set(MemberNotice.objects.values_list("kind", "day")) == {(NoticeKind.DOOR, OPENS_ON)}
    assert MemberNotice.objects.count() == 5


@pytest.mark.parametrize("day", [date(2026, 11, 15), date(2026, 11, 24)])
def test_the_group_meets_once_before(running: Group, therapist: User, day: date) -> None:
    """Also for who calls the service from a shell."""
    with pytest.raises(NoSessionBefore, match="November 24"):
        services.open_door(group=running, opens_on=day, reason="Free places.", by=therapist)
    assert not running.openings.exists()


def test_refusals_of_opening(running: Group, therapist: User) -> None:
    with pytest.raises(services.ReasonMissing):
        services.open_door(group=running, opens_on=OPENS_ON, reason=" ", by=therapist)
    with pytest.raises(services.DayPast):
        services.open_door(group=running, opens_on=date(2026, 11, 14), reason="Today.", by=therapist)
    opened(running, therapist)
    with pytest.raises(services.DoorOpenAlready):
        opened(running, therapist)


@pytest.mark.parametrize("state", [GroupState.PLANNED, GroupState.FORMING, GroupState.ENDING, GroupState.ENDED])
def test_only_a_running_group_has_a_door(group: Group, therapist: User, state: str) -> None:
    Group.objects.update(state=state)
    with pytest.raises(services.WrongState):
        opened(group, therapist)


def test_closing_waits_for_who_is_on_the_way(running: Group, therapist: User, coordinator: User) -> None:
    opened(running, therapist)
    proposal = services.propose(group=running, client=ClientFactory(), by=coordinator)
    with pytest.raises(services.DoorInUse, match=r"Given\d+ F\."):
        services.close_door(group=running, by=therapist)
    services.withdraw(membership=proposal, by=coordinator)
    services.close_door(group=running, by=therapist)
    assert running.openings.get().closed_by == therapist
    assert not Group.objects.get().accepts_members
    with pytest.raises(services.WrongState):
        services.close_door(group=running, by=therapist)


def test_who_read_the_announcement_is_told_that_nobody_comes(running: Group, therapist: User) -> None:
    opened(running, therapist)
    read = MemberNotice.objects.first()
    assert read is not None
    services.see_notice(notice=read)
    services.close_door(group=running, by=therapist)
    unseen = MemberNotice.objects.unseen().get()
    assert (unseen.membership, unseen.kind) == (read.membership, NoticeKind.DOOR_SHUT)


def test_others_lead_and_members_hear_of_it(running: Group, therapist: User) -> None:
    """R24."""
    services.update_group(group=running, leaders=[therapist, TherapistFactory()], by=therapist)
    assert set(MemberNotice.objects.values_list("kind", flat=True)) == {NoticeKind.LEADERS}
    unlicensed = TherapistFactory(license=None)
    with pytest.raises(services.NotLicensed, match="no license for NY"):
        services.update_group(group=running, leaders=[therapist, unlicensed], by=therapist)


def test_cover(group: Group, therapist: User) -> None:
    """R24: dated, and nobody who leads."""
    first, second = TherapistFactory.create_batch(2)
    for cover in (first, first, second, None):
        services.set_cover(group=group, cover=cover, by=therapist)
    assert [row.user for row in group.covers.order_by("created_at")] == [first, second]
    assert not group.covers.filter(until__isnull=True).exists()
    with pytest.raises(services.LeadersWrong, match="leads this group"):
        services.set_cover(group=group, cover=therapist, by=therapist)


# --- The database, whoever writes -----------------------------------------------------------------------------------
@pytest.mark.parametrize("state", ["proposed", "accepted", "active"])
@pytest.mark.parametrize("life", ["running", "ending", "ended", "called-off"])
def test_the_database_shuts_the_door(group: Group, coordinator: User, state: str, life: str) -> None:
    """R1: not even a row written by hand gets in."""
    Group.objects.update(state=life)
    membership = MembershipFactory.build(group=group, client=ClientFactory(), state=state, seat=None)
    membership.seat, membership.proposed_by = None if state == "proposed" else 1, coordinator
    with pytest.raises(IntegrityError, match="door of this group is shut"), transaction.atomic():
        membership.save(force_insert=True)


def test_the_database_keeps_the_announced_day(running: Group, therapist: User) -> None:
    opened(running, therapist)
    membership = MembershipFactory(group=running, state=MembershipState.PREPARING, starts_on=None)
    early = {"state": MembershipState.ACTIVE, "starts_on": date(2026, 11, 30)}
    with pytest.raises(IntegrityError, match="door of this group is shut"), transaction.atomic():
        Membership.objects.filter(pk=membership.pk).update(**early)
    Membership.objects.filter(pk=membership.pk).update(**{**early, "starts_on": OPENS_ON})


def test_a_proposal_from_before_the_start_stays_outside(running: Group) -> None:
    left_over = MembershipFactory(group=running, state=MembershipState.PROPOSED)
    with pytest.raises(IntegrityError, match="door of this group is shut"), transaction.atomic():
        Membership.objects.filter(pk=left_over.pk).update(state=MembershipState.ACCEPTED, seat=9)


def test_nobody_on_the_way_becomes_a_member_behind_a_shut_door(
    running: Group, therapist: User, clock: time_machine.Traveller
) -> None:
    membership = MembershipFactory(
        group=running, client__with_account=True, state=MembershipState.PREPARING, pregroup_met_on=None, starts_on=None
    )
    sign(membership, running.agreements.get())
    recorded = services.record_pregroup_meeting(membership=membership, on=date(2026, 11, 13), by=therapist, **MEETING)
    assert recorded.state == MembershipState.PREPARING
