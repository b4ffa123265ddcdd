"""When could these leaders and a room meet?"""

from collections.abc import Callable
from datetime import date, time

import pytest
from django.test import Client as Browser
from django.urls import reverse

from groups_app.models import Group
from practice.models import User
from sessions_log.finding import Search, find_times
from sessions_log.models import Session
from sessions_log.services import schedule_series
from tests.factories.groups_app import GroupFactory
from tests.factories.practice import ClosureFactory, CoordinatorFactory, RoomFactory, SiteFactory, TherapistFactory

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Browser]
PAGE = reverse("sessions_log:find_time")


def search(group: Group, *leaders: User, **other: object) -> Search:
    """Tuesdays from 4:00 to 9:00 PM, 90 minutes, 14 weeks from the group's first one."""
    return Search(
        **{
            "site": group.site,
            "leaders": leaders,
            "minutes": 90,
            "weeks": 1,
            "count": 14,
            "earliest_day": date(2026, 11, 24),
            "earliest_time": time(16),
            "latest_time": time(21),
            "weekdays": [1],
            **other,
        }
    )


def times(found: Search, by: User) -> dict[int, list[time]]:
    answer = find_times(found, by=by)
    return {weekday: [one.wall for one in rows] for weekday, rows in answer.free.items()}


def test_the_room_is_taken_from_six_to_half_past_seven(session: Session, group: Group, therapist: User) -> None:
    assert times(search(group), therapist) == {1: [time(16), time(16, 30), time(19, 30)]}


def test_another_room_is_found_but_the_leader_is_one(session: Session, group: Group, therapist: User) -> None:
    other = RoomFactory(name="Zebra room")
    answer = find_times(search(group), by=therapist)
    assert len(answer.free[1]) == 8
    assert {one.room for one in answer.free[1] if time(16, 30) < one.wall < time(19, 30)} == {other}
    assert times(search(group, therapist), therapist) == {1: [time(16), time(16, 30), time(19, 30)]}
    assert len(times(search(group, TherapistFactory()), therapist)[1]) == 8


def test_closures_are_skipped_and_every_two_weeks_is_less(session: Session, group: Group, therapist: User) -> None:
    ClosureFactory(first_day=date(2026, 11, 24))
    answer = find_times(search(group, weekdays=[0, 1]), by=therapist)
    assert answer.free[1][0].first_day == date(2026, 12, 1)
    assert answer.free[0][0].first_day == date(2026, 11, 30)
    # The group's 14 weeks end in February; a Tuesday after them is free at six.
    assert time(18) in times(search(group, weeks=2, count=4, earliest_day=date(2027, 3, 2)), therapist)[1]


def test_what_is_almost_free_says_what_is_in_the_way(clock: object, therapist: User) -> None:
    once = GroupFactory(name="Once", leaders=[therapist], session_count=1)
    schedule_series(group=once, by=therapist)
    answer = find_times(search(once, therapist, earliest_time=time(18), latest_time=time(19, 30)), by=therapist)
    assert answer.free == {}
    (almost,) = answer.almost
    assert {str(clash) for clash in almost.clashes} == {
        "Dana Whitfield leads Once on Tuesday, November 24 at 6:00 PM.",
        f"{once.room.name} is taken on Tuesday, November 24 at 6:00 PM by Once.",
    }
    hidden = find_times(search(once, earliest_time=time(18), latest_time=time(19, 30)), by=TherapistFactory()).almost[0]
    assert "by another session" in str(hidden.clashes[0])


def test_an_online_site_needs_no_room(clock: object, therapist: User) -> None:
    site = SiteFactory(name="Online", is_online=True)
    group = GroupFactory(site=site, room=None, online_link="https://meet.example/a", leaders=[therapist])
    schedule_series(group=group, by=therapist)
    assert len(times(search(group), therapist)[1]) == 8
    assert len(times(search(group, therapist), therapist)[1]) == 3


def test_few_questions_however_much_there_is(
    session: Session, group: Group, therapist: User, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    for hour in (8, 10):
        schedule_series(group=GroupFactory(room=group.room, start_time=time(hour)), by=therapist)
        with django_assert_num_queries(4):  # one more where almost free times are told
            find_times(search(group, therapist), by=therapist)


class TestPage:
    def query(self, session: Session, leader: User, **other: object) -> dict[str, object]:
        return {
            "site": session.group.site_id,
            "leader_1": leader.pk,
            "count": 14,
            "cadence": 1,
            "minutes": 90,
            "earliest_day": "11/24/2026",
            "earliest_time": "4 pm",
            "latest_time": "9:00 PM",
            "weekdays": [1],
            **other,
        }

    def test_a_time_leads_to_the_filled_in_form(self, sign_in: SignIn, session: Session, therapist: User) -> None:
        browser = sign_in(therapist)
        assert "Say who wants to meet" in browser.get(PAGE).text
        response = browser.get(PAGE, self.query(session, therapist))
        ((_day, chips),) = response.context["free"]
        assert [time for time, _place, _url in chips] == ["4:00 PM", "4:30 PM", "7:30 PM"]
        form = browser.get(chips[0][2]).text
        for words in ('value="11/24/2026"', 'value="16:00"', 'value="14"', f'value="{therapist.pk}" selected',
                      f'value="{session.room_id}" selected'):  # fmt: skip
            assert words in form

    @pytest.mark.parametrize(
        "wrong",
        [
            {"earliest_day": "11/19/2026"},
            {"earliest_day": "12/31/9999"},
            {"latest_time": "5:00 PM"},
            {"weekdays": []},
            {"weekdays": [9]},
            {"count": 0},
            {"count": 100000},
            {"site": "nowhere"},
            {"leader_1": ""},
        ],
    )
    def test_strange_wishes_are_explained(
        self, sign_in: SignIn, session: Session, therapist: User, wrong: dict[str, object]
    ) -> None:
        page = sign_in(therapist).get(PAGE, self.query(session, therapist, **wrong)).text
        assert "Please check this" in page

    def test_a_therapist_does_not_learn_the_names_of_others_groups(
        self, sign_in: SignIn, session: Session, group: Group
    ) -> None:
        page = sign_in(TherapistFactory()).get(PAGE, self.query(session, CoordinatorFactory())).text
        assert group.name not in page
