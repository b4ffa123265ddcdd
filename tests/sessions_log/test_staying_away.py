"""Members who stop coming are found, not forgotten (R27)."""

from collections.abc import Sequence
from datetime import date

import pytest
import time_machine

from common.clock import now
from groups_app.models import Group, GroupState, Membership, MembershipState
from practice.models import Policy
from sessions_log.models import Attendance, AttendanceStatus, SessionStatus
from sessions_log.staying_away import Absences, StayingAway, count_by_group, staying_away, too_often
from tests.factories.groups_app import GroupFactory, MembershipFactory
from tests.factories.practice import TherapistFactory
from tests.factories.sessions_log import SessionFactory

CAME, AWAY, GONE, LATE, OFF = (
    AttendanceStatus.PRESENT,
    AttendanceStatus.ABSENT_WITH_NOTICE,
    AttendanceStatus.NO_SHOW,
    AttendanceStatus.LATE,
    AttendanceStatus.CALLED_OFF,
)
POLICY = Policy(absences_in_a_row=3, early_sessions=4, early_absences=2)


@pytest.mark.parametrize(
    ("marks", "found"),
    [
        ([], None),
        ([CAME] * 5 + [AWAY, GONE], None),
        ([CAME] * 5 + [AWAY, GONE, AWAY], Absences(3, in_a_row=True)),
        ([CAME] * 5 + [AWAY, GONE, OFF, AWAY], Absences(3, in_a_row=True)),
        ([CAME] * 5 + [AWAY, GONE, AWAY, LATE], None),
        ([GONE] * 4, Absences(4, in_a_row=True)),
        ([AWAY, CAME, GONE, CAME], Absences(2, in_a_row=False)),
        ([AWAY, OFF, CAME, CAME, CAME, GONE], None),  # the second absence is in the fifth session that counts
        ([AWAY, CAME, GONE] + [CAME] * 6, None),  # no newcomer any more
        (["", "none", "coming", AWAY, AWAY, AWAY], Absences(3, in_a_row=True)),
    ],
)
def test_how_often_is_too_often(marks: Sequence[str], found: Absences | None) -> None:
    assert too_often(marks, POLICY, from_the_start=True) == found


def test_first_sessions_count_only_where_they_are_known() -> None:
    assert too_often([AWAY, CAME, GONE, CAME], POLICY, from_the_start=False) is None


def recorded(membership: Membership, *marks: str) -> None:
    """A session a mark, one after the other."""
    leader = TherapistFactory()
    for mark in marks:
        Attendance.objects.create(
            session=SessionFactory(group=membership.group),
            membership=membership,
            status=mark,
            recorded_by=leader,
            recorded_at=now(),
        )


@pytest.fixture
def group(db: None) -> Group:
    return GroupFactory(state=GroupState.RUNNING)


@time_machine.travel("2026-12-31T17:00:00+00:00", tick=False)
def test_who_is_in_care_and_stays_away(group: Group) -> None:
    gone, _here, leaving = (
        MembershipFactory(group=group),
        MembershipFactory(group=group),
        MembershipFactory(group=group, state=MembershipState.LEAVING),
    )
    recorded(gone, CAME, CAME, CAME, AWAY, GONE, AWAY)
    recorded(_here, CAME, CAME, CAME)
    recorded(leaving, GONE, GONE, GONE)  # who said that they leave is not looked for
    found = staying_away(Membership.objects.all(), POLICY)
    assert found == [StayingAway(gone.pk, group.pk, Absences(3, in_a_row=True))]
    assert str(found[0].absences) == "Away 3 times in a row"
    assert count_by_group([group.pk], POLICY) == {group.pk: 1}
    assert count_by_group([], POLICY) == {}


@time_machine.travel("2026-12-31T17:00:00+00:00", tick=False)
def test_only_the_last_half_year_is_looked_at(group: Group) -> None:
    member = MembershipFactory(group=group, starts_on=date(2026, 1, 1), pregroup_met_on=date(2026, 1, 1))
    leader = TherapistFactory()
    for day in (date(2026, 2, 3), date(2026, 12, 1), date(2026, 12, 8)):
        Attendance.objects.create(
            session=SessionFactory(group=group, local_day=day, status=SessionStatus.SCHEDULED),
            membership=member,
            status=GONE,
            recorded_by=leader,
            recorded_at=now(),
        )
    assert staying_away(Membership.objects.all(), POLICY) == []
