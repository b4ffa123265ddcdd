"""The life of a group: steps with conditions, taken back where harmless, called off, ended (R1, R29)."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import time_machine
from django.db import IntegrityError, ProgrammingError, transaction

from common.errors import RuleBroken
from groups_app import services
from groups_app.models import (
    EndingItem,
    Group,
    GroupState,
    LeavingReason,
    Membership,
    MembershipState,
)
from groups_app.services.conditions import facts_of, start_conditions
from members.models import WaitingListEntry
from practice.models import License, Policy, User
from sessions_log.models import Session, SessionStatus
from sessions_log.services import SeriesIncomplete
from tests.factories.groups_app import AgreementFactory, GroupFactory, MembershipFactory
from tests.factories.members import WaitingFactory
from tests.factories.practice import ClosureFactory
from tests.factories.sessions_log import SessionFactory
from tests.groups_app.ready import make_ready


def at(group: Group, state: str) -> None:
    """Put the group's row into a state, whatever the way there."""
    Group.objects.filter(pk=group.pk).update(state=state)
    group.state = state


def test_a_whole_life(group: Group, therapist: User) -> None:
    at(group, GroupState.PLANNED)
    make_ready(group)
    for state in (GroupState.FORMING, GroupState.RUNNING, GroupState.ENDING, GroupState.ENDED):
        services.change_state(group=group, to=state, by=therapist, reason="It is time.")
        assert Group.objects.get(pk=group.pk).state == state == group.state
    steps = list(group.transitions.order_by("at", "id").values_list("from_state", "to_state", "reason"))
    assert len(steps) == 4
    assert ("forming", "running", "It is time.") in steps
    left = Membership.objects.filter(group=group, state=MembershipState.LEFT)
    assert set(left.values_list("seat", "ends_on", "leaving_reason")) == {(None, date(2026, 11, 14), "completed")}
    assert left.count() == 5


def test_the_end_cancels_what_was_to_come(group: Group, therapist: User, clock: time_machine.Traveller) -> None:
    """R29: what took place stays; rooms and leaders are free again."""
    make_ready(group)
    at(group, GroupState.ENDING)
    clock.move_to("2026-11-25T12:00:00+00:00")  # the day after the first session
    services.change_state(group=group, to=GroupState.ENDED, by=therapist, reason="Everything was said.")
    states = list(Session.objects.order_by("number").values_list("status", "cancel_reason"))
    assert states == [("scheduled", ""), *[("cancelled", "The group ended.")] * 2]
    assert Session.objects.get(number=2).schedule_version == 2


@pytest.mark.parametrize(
    ("now", "to"),
    [
        ("planned", "running"),
        ("running", "forming"),
        ("forming", "ended"),
        ("ended", "planned"),
        ("called-off", "forming"),
        ("forming", "nonsense"),
    ],
)
def test_no_step_is_skipped(group: Group, therapist: User, now: str, to: str) -> None:
    at(group, now)
    with pytest.raises(services.WrongState):
        services.change_state(group=group, to=to, by=therapist)
    assert not group.transitions.exists()


# --- Conditions of the start ----------------------------------------------------------------------------------------
def lose_the_license(group: Group) -> None:
    License.objects.update(expires_on=date(2026, 11, 13))


def have_no_license_there(group: Group) -> None:
    License.objects.update(state="TX")


def lose_the_sessions(group: Group) -> None:
    Session.objects.update(group=GroupFactory())


def close_on_a_session(group: Group) -> None:
    ClosureFactory(first_day=date(2026, 12, 1))


def lose_a_member(group: Group) -> None:
    Membership.objects.filter(seat=1).update(state=MembershipState.WITHDRAWN, seat=None)


def propose_somebody(group: Group) -> None:
    MembershipFactory(group=group, state=MembershipState.PROPOSED)


def seat_somebody_unmet(group: Group) -> None:
    MembershipFactory(group=group, state=MembershipState.INVITED, pregroup_met_on=None, starts_on=None)


def publish_a_new_version(group: Group) -> None:
    AgreementFactory(group=group, number=2, text="## New\nOther words.")


@pytest.mark.parametrize(
    ("spoil", "error", "key"),
    [
        (lose_the_license, services.NotLicensed, "leaders"),
        (have_no_license_there, services.NotLicensed, "leaders"),
        (lose_the_sessions, SeriesIncomplete, "series"),
        (close_on_a_session, SeriesIncomplete, "series"),
        (lose_a_member, services.TooFewMembers, "places"),
        (propose_somebody, services.ProposalsOpen, "proposals"),
        (seat_somebody_unmet, services.NotPrepared, "meetings"),
        (publish_a_new_version, services.NotSigned, "agreements"),
    ],
)
def test_each_condition_stops_the_start(
    group: Group, therapist: User, spoil: Callable[[Group], None], error: type[RuleBroken], key: str
) -> None:
    """R4, R23, R25, R26, R32: the list on the page and the refusal are the same."""
    make_ready(group)
    assert all(condition.is_met for condition in start_conditions(facts_of(group, Policy.objects.get())))
    spoil(group)
    assert key in [
        condition.key for condition in start_conditions(facts_of(group, Policy.objects.get())) if not condition.is_met
    ]
    with pytest.raises(error) as refusal:
        services.change_state(group=group, to=GroupState.RUNNING, by=therapist)
    assert refusal.value.sentence.endswith(".")
    assert Group.objects.get(pk=group.pk).state == GroupState.FORMING


def test_a_license_counts_where_the_group_meets_and_on_its_last_day(group: Group) -> None:
    """R4."""
    make_ready(group)
    License.objects.update(expires_on=date(2026, 11, 14))
    assert start_conditions(facts_of(group, Policy.objects.get()))[0].is_met


# --- Taking a step back ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("before", "after"), [("planned", "forming"), ("forming", "running"), ("running", "ending")])
def test_a_step_is_taken_back_while_nothing_was_built_on_it(
    group: Group, therapist: User, before: str, after: str
) -> None:
    at(group, before)
    if after == "running":
        make_ready(group)
    services.change_state(group=group, to=after, by=therapist)
    back = services.take_step_back(group=group, by=therapist)
    assert Group.objects.get().state == before == group.state
    assert back.undoes.to_state == after
    with pytest.raises(services.WrongState, match="no step"):
        services.take_step_back(group=group, by=therapist)


def test_forming_stays_once_somebody_was_proposed(group: Group, therapist: User) -> None:
    at(group, GroupState.PLANNED)
    services.change_state(group=group, to=GroupState.FORMING, by=therapist)
    propose_somebody(group)
    with pytest.raises(services.StepStays, match="Take the proposals back"):
        services.take_step_back(group=group, by=therapist)


def test_the_start_stays_once_the_group_has_met(group: Group, therapist: User, clock: time_machine.Traveller) -> None:
    make_ready(group)
    services.change_state(group=group, to=GroupState.RUNNING, by=therapist)
    clock.move_to("2026-11-24T23:30:00+00:00")
    with pytest.raises(services.StepStays, match="has met"):
        services.take_step_back(group=group, by=therapist)


def test_the_start_stays_once_the_door_was_opened(group: Group, therapist: User) -> None:
    make_ready(group)
    services.change_state(group=group, to=GroupState.RUNNING, by=therapist)
    services.open_door(group=group, opens_on=date(2026, 11, 25), reason="Two places.", by=therapist)
    services.close_door(group=group, by=therapist)
    with pytest.raises(services.StepStays, match="door"):
        services.take_step_back(group=group, by=therapist)


def test_the_ending_stays_once_begun_in_earnest(group: Group, therapist: User) -> None:
    at(group, GroupState.RUNNING)
    services.change_state(group=group, to=GroupState.ENDING, by=therapist)
    item = EndingItem.objects.first()
    services.check_ending_item(group=group, item=item, is_done=True, by=therapist)
    with pytest.raises(services.StepStays, match="Uncheck"):
        services.take_step_back(group=group, by=therapist)
    services.check_ending_item(group=group, item=item, is_done=False, by=therapist)
    services.take_step_back(group=group, by=therapist)
    assert group.state == GroupState.RUNNING


def test_the_end_stays(group: Group, therapist: User) -> None:
    at(group, GroupState.ENDING)
    services.change_state(group=group, to=GroupState.ENDED, by=therapist, reason="Over.")
    with pytest.raises(services.StepStays, match="new group"):
        services.take_step_back(group=group, by=therapist)


# --- Calling off ----------------------------------------------------------------------------------------------------
def test_call_off_lets_everybody_wait_again(group: Group, therapist: User) -> None:
    """A group that never starts can be closed; nobody loses the days already waited."""
    client = WaitingFactory(since=date(2026, 8, 1)).client
    proposal = MembershipFactory(group=group, client=client, state=MembershipState.PROPOSED)
    services.accept(membership=proposal, by=therapist)
    MembershipFactory(group=group, state=MembershipState.PROPOSED)
    session = SessionFactory(group=group)
    services.call_off(group=group, by=therapist, reason="Too few people.")
    assert Group.objects.get().state == GroupState.CALLED_OFF
    assert set(Membership.objects.values_list("state", "seat")) == {(MembershipState.WITHDRAWN, None)}
    assert WaitingListEntry.objects.open().get(client=client).since == date(2026, 8, 1)
    session.refresh_from_db()
    assert (session.status, session.cancel_reason) == (SessionStatus.CANCELLED, "The group was called off.")
    assert group.transitions.get().reason == "Too few people."


def test_call_off_needs_a_reason_and_a_group_that_never_met(group: Group, therapist: User) -> None:
    with pytest.raises(services.ReasonMissing):
        services.call_off(group=group, by=therapist, reason=" ")
    for state in (GroupState.RUNNING, GroupState.ENDING, GroupState.ENDED, GroupState.CALLED_OFF):
        at(group, state)
        with pytest.raises(services.WrongState):
            services.call_off(group=group, by=therapist, reason="Too late.")


def test_a_member_of_a_group_that_never_met_has_not_left(group: Group, therapist: User) -> None:
    """Whoever was ready from a day to come was never there."""
    MembershipFactory(group=group, starts_on=date(2026, 11, 24))
    services.call_off(group=group, by=therapist, reason="Too few people.")
    assert Membership.objects.get().state == MembershipState.WITHDRAWN


# --- The ending's checklist -----------------------------------------------------------------------------------------
def test_the_end_needs_its_checklist_or_a_reason(group: Group, therapist: User) -> None:
    """R29."""
    at(group, GroupState.ENDING)
    with pytest.raises(services.ReasonMissing, match="checklist"):
        services.change_state(group=group, to=GroupState.ENDED, by=therapist)
    for item in EndingItem.objects.all():
        for _ in range(2):
            services.check_ending_item(group=group, item=item, is_done=True, by=therapist)
    services.change_state(group=group, to=GroupState.ENDED, by=therapist)
    assert group.ending_checks.count() == EndingItem.objects.count()
    with pytest.raises(services.WrongState):
        services.check_ending_item(group=group, item=item, is_done=False, by=therapist)


def test_nobody_is_left_at_the_door_of_an_ending_group(group: Group, therapist: User) -> None:
    at(group, GroupState.RUNNING)
    MembershipFactory(group=group, state=MembershipState.PREPARING)
    with pytest.raises(services.DoorInUse):
        services.change_state(group=group, to=GroupState.ENDING, by=therapist)


def test_the_reason_of_a_notice_outlives_the_end(group: Group, therapist: User) -> None:
    at(group, GroupState.ENDING)
    MembershipFactory(group=group, state=MembershipState.LEAVING, leaving_reason=LeavingReason.MOVED)
    services.change_state(group=group, to=GroupState.ENDED, by=therapist, reason="Over.")
    left = Membership.objects.get()
    assert (left.state, left.leaving_reason, left.ends_on) == ("left", "moved", date(2026, 11, 14))


# --- What the database keeps ----------------------------------------------------------------------------------------
def test_steps_cannot_be_rewritten(group: Group, therapist: User) -> None:
    at(group, GroupState.PLANNED)
    step = services.change_state(group=group, to=GroupState.FORMING, by=therapist)
    step.at -= timedelta(days=1)
    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        step.save()
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        step.delete()


def test_a_membership_stays_itself(group: Group) -> None:
    """R31, R45: attendance hangs on it."""
    membership = MembershipFactory(group=group)
    other = MembershipFactory()
    for change in ({"group": other.group}, {"client": other.client}):
        with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
            Membership.objects.filter(pk=membership.pk).update(**change)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        membership.delete()


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"state": "left", "seat": None, "ends_on": date(2026, 11, 14)}, "membership_leaving_is_dated"),
        ({"state": "leaving", "leaving_reason": "moved"}, "membership_leaving_is_dated"),
        ({"leaving_reason": "moved"}, "membership_reason_iff_leaving"),
        ({"follow_up_held_on": date(2026, 11, 14)}, "membership_follow_up_was_planned"),
    ],
)
def test_the_database_wants_leaving_to_be_explained(group: Group, changes: dict[str, object], constraint: str) -> None:
    """R27."""
    membership = MembershipFactory(group=group)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Membership.objects.filter(pk=membership.pk).update(**changes)
