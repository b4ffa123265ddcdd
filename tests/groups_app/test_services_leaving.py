"""Leaving with a notice, staying after all, having left, and the meeting afterwards (R27, R29)."""

from datetime import date

import pytest
import time_machine

from groups_app import services
from groups_app.models import Group, LeavingReason, Membership, MembershipState
from groups_app.tasks import finish_leavings
from practice.models import User
from tests.factories.groups_app import MembershipFactory

LAST_DAY = date(2026, 12, 8)


def notice(membership: Membership, by: User) -> Membership:
    """Give notice until ``LAST_DAY``."""
    return services.give_notice(
        membership=membership, last_day=LAST_DAY, why=LeavingReason.MOVED, reason="A job in Austin.", by=by
    )


def test_notice_keeps_the_place_until_the_last_day(group: Group, therapist: User) -> None:
    leaving = notice(MembershipFactory(group=group), therapist)
    assert (leaving.state, leaving.seat, leaving.notice_on) == (MembershipState.LEAVING, 1, date(2026, 11, 14))
    assert (leaving.ends_on, leaving.leaving_reason) == (LAST_DAY, LeavingReason.MOVED)
    with pytest.raises(services.WrongState):
        notice(leaving, therapist)


def test_notice_for_a_day_that_is_over(group: Group, therapist: User) -> None:
    with pytest.raises(services.DayPast, match="still to come"):
        services.give_notice(
            membership=MembershipFactory(group=group), last_day=date(2026, 11, 13), why="moved", by=therapist
        )


def test_staying_after_all(group: Group, therapist: User, clock: time_machine.Traveller) -> None:
    membership = notice(MembershipFactory(group=group), therapist)
    stays = services.take_notice_back(membership=membership, by=therapist)
    assert (stays.state, stays.ends_on, stays.leaving_reason, stays.notice_on) == ("active", None, "", None)
    notice(stays, therapist)
    clock.move_to("2026-12-09T17:00:00+00:00")
    with pytest.raises(services.WrongState, match="new membership"):
        services.take_notice_back(membership=membership, by=therapist)


def test_staying_in_a_group_that_runs_needs_no_open_door(group: Group, therapist: User) -> None:
    membership = notice(MembershipFactory(group=group), therapist)
    Group.objects.update(state="running")
    assert services.take_notice_back(membership=membership, by=therapist).state == MembershipState.ACTIVE


def test_the_night_after_the_last_day_they_have_left(
    group: Group, therapist: User, clock: time_machine.Traveller
) -> None:
    """The day counts as it is at the site; running the task again changes nothing."""
    membership = notice(MembershipFactory(group=group), therapist)
    for moment, state in (
        ("2026-12-09T04:30:00+00:00", MembershipState.LEAVING),  # 11:30 PM of the last day in Brooklyn
        ("2026-12-09T12:30:00+00:00", MembershipState.LEFT),
        ("2026-12-10T12:30:00+00:00", MembershipState.LEFT),
    ):
        clock.move_to(moment)
        finish_leavings()
        membership.refresh_from_db()
        assert membership.state == state
    assert (membership.seat, membership.ends_on, membership.leaving_reason) == (None, LAST_DAY, LeavingReason.MOVED)
    step = membership.transitions.get(to_state="left")
    assert (step.by, step.reason) == (therapist, "A job in Austin.")


def test_who_comes_back_gets_a_new_membership(group: Group, therapist: User) -> None:
    """R31."""
    membership = MembershipFactory(group=group)
    services.withdraw(membership=membership, by=therapist, reason="Moved.", why=LeavingReason.MOVED)
    again = services.propose(group=group, client=membership.client, by=therapist)
    membership.refresh_from_db()
    assert again != membership
    assert (membership.state, membership.leaving_reason) == (MembershipState.LEFT, LeavingReason.MOVED)


def test_the_meeting_afterwards(group: Group, therapist: User, clock: time_machine.Traveller) -> None:
    """R29."""
    membership = MembershipFactory(group=group, state=MembershipState.LEFT)
    with pytest.raises(services.WrongState, match="no follow-up"):
        services.record_follow_up(membership=membership, on=date(2026, 11, 14), by=therapist)
    with pytest.raises(services.DayPast):
        services.plan_follow_up(membership=membership, on=date(2026, 11, 13), by=therapist)
    for day in (date(2027, 1, 5), date(2027, 1, 12)):
        services.plan_follow_up(membership=membership, on=day, by=therapist)
    with pytest.raises(services.MeetingInFuture):
        services.record_follow_up(membership=membership, on=date(2027, 1, 12), by=therapist)
    clock.move_to("2027-01-12T17:00:00+00:00")
    services.record_follow_up(membership=membership, on=date(2027, 1, 12), by=therapist)
    membership.refresh_from_db()
    assert (membership.follow_up_on, membership.follow_up_held_on) == (date(2027, 1, 12), date(2027, 1, 12))
    for verb in (services.plan_follow_up, services.record_follow_up):
        with pytest.raises(services.WrongState):
            verb(membership=membership, on=date(2027, 1, 12), by=therapist)


def test_no_meeting_afterwards_with_somebody_who_stays(group: Group, therapist: User) -> None:
    with pytest.raises(services.WrongState):
        services.plan_follow_up(membership=MembershipFactory(group=group), on=LAST_DAY, by=therapist)
