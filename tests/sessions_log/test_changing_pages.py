"""The pages on which a series is changed, a session added, a stand-in named, and what waits is settled."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.test import Client as Browser
from django.urls import reverse

from groups_app.models import Group, Membership
from practice.models import User
from sessions_log.models import SeriesStop, Session
from sessions_log.services import cancel_session, extend_ongoing, schedule_series
from tests.factories.groups_app import GroupFactory
from tests.factories.practice import (
    AdministratorFactory,
    ClosureFactory,
    CoordinatorFactory,
    RoomFactory,
    TherapistFactory,
)

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Browser]
ATTENTION = reverse("sessions_log:attention")


def address(name: str, session: Session) -> str:
    return reverse(f"sessions_log:{name}", args=[session.pk])


def as_it_is(session: Session, **other: object) -> dict[str, object]:
    """What the form holds before anybody touches it, but for ``other``."""
    day = session.local_day.strftime("%m/%d/%Y")
    return {"day": day, "wall": "18:00", "minutes": 90, "room": session.room_id, "scope": "all", **other}


class TestSeries:
    def test_can_be_looked_at_first(self, sign_in: SignIn, session: Session, group: Group, therapist: User) -> None:
        page = sign_in(therapist).post(address("move", session), as_it_is(session, wall="17:00", look="")).text
        assert "Nothing is in the way" in page
        assert page.count("5:00–6:30 PM") == 14
        assert 'value="17:00"' in page
        assert set(group.sessions.values_list("schedule_version", flat=True)) == {1}

    def test_is_changed_in_one_form(self, sign_in: SignIn, session: Session, group: Group, therapist: User) -> None:
        browser = sign_in(therapist)
        form = as_it_is(session, day="11/25/2026", wall="5:30 pm", minutes=75)
        for sentence in ("14 sessions are changed", "0 sessions are changed"):
            page = browser.post(address("move", session), form, follow=True).text
            assert sentence in page
        assert {row.local_day.weekday() for row in group.sessions.all()} == {2}
        assert {row.local_time for row in group.sessions.all()} == {time(17, 30)}

    def test_goes_online_and_back(self, sign_in: SignIn, session: Session, group: Group, therapist: User) -> None:
        browser, room = sign_in(therapist), group.room
        nowhere = as_it_is(session, room="")
        assert "Choose a room, or give the link" in browser.post(address("move", session), nowhere).text
        form = {**nowhere, "link": "meet.example/circle"}
        assert browser.post(address("move", session), {**form, "look": ""}).text.count("Online</small>") == 14
        assert "14 sessions are changed" in browser.post(address("move", session), form, follow=True).text
        assert set(group.sessions.values_list("room", "online_link")) == {(None, "https://meet.example/circle")}
        # The link still stands in the form; a room wins over it.
        page = browser.post(address("move", session), {**form, "room": room.pk}, follow=True).text
        assert "14 sessions are changed" in page
        assert set(group.sessions.values_list("room", "online_link")) == {(room.pk, "")}

    def test_every_clash_is_listed(self, sign_in: SignIn, session: Session, group: Group, therapist: User) -> None:
        room = RoomFactory(name="Blue room")
        rival = GroupFactory(room=room, first_day=date(2026, 12, 1), session_count=3)
        schedule_series(group=rival, by=CoordinatorFactory())
        form = as_it_is(session, room=room.pk)
        for page in (
            sign_in(therapist).post(address("move", session), form).text,
            sign_in(therapist).post(address("move", session), {**form, "look": ""}).text,
        ):
            for day in (1, 8, 15):
                assert f"Blue room is taken on Tuesday, December {day} at 6:00 PM by another session." in page
            assert rival.name not in page
        assert set(group.sessions.values_list("room", flat=True)) == {group.room_id}

    def test_the_last_one_has_no_followers(self, sign_in: SignIn, clock: object, therapist: User) -> None:
        only = schedule_series(group=GroupFactory(leaders=[therapist], session_count=1), by=therapist)[0]
        page = sign_in(therapist).get(address("move", only)).text
        assert "This and all later sessions" not in page
        assert "Move the session" in page

    @pytest.mark.parametrize("minutes", ["0", "14", "481", "-5", "many", ""])
    def test_strange_lengths_are_refused(
        self, sign_in: SignIn, session: Session, therapist: User, minutes: str
    ) -> None:
        page = sign_in(therapist).post(address("move", session), as_it_is(session, minutes=minutes)).text
        assert "Please check this" in page


class TestPutBack:
    def test_undoes_a_cancellation(self, sign_in: SignIn, session: Session, therapist: User) -> None:
        browser = sign_in(therapist)
        page = browser.post(address("cancel", session), {"reason": "Snow"}, follow=True).text
        assert "Undo" in page
        assert address("restore", session) in page
        for _twice in range(2):
            page = browser.post(address("restore", session), follow=True).text
        assert "This session is canceled" not in page
        session.refresh_from_db()
        assert not session.is_cancelled

    def test_says_who_is_there_now(self, sign_in: SignIn, session: Session, group: Group, therapist: User) -> None:
        cancel_session(session=session, reason="Snow", by=therapist)
        schedule_series(group=GroupFactory(room=group.room, session_count=1), by=therapist)
        page = sign_in(therapist).post(address("restore", session), follow=True).text
        assert "is taken on Tuesday, November 24 at 6:00 PM by another session" in page

    def test_only_by_who_may(self, sign_in: SignIn, session: Session, members: list[Membership]) -> None:
        url = address("restore", session)
        for outsider in (TherapistFactory(), AdministratorFactory(), members[0].client.user):
            assert sign_in(outsider).post(url).status_code == 404
        assert sign_in(CoordinatorFactory()).get(url).status_code == 405


class TestExtra:
    def url(self, group: Group) -> str:
        return reverse("sessions_log:extra", args=[group.pk])

    def test_is_added(self, sign_in: SignIn, session: Session, group: Group, therapist: User) -> None:
        browser = sign_in(therapist)
        assert 'value="18:00"' in browser.get(self.url(group)).text
        form = {"day": "12/04/2026", "wall": "9:00", "minutes": 60, "room": group.room_id}
        page = browser.post(self.url(group), form, follow=True).text
        assert "Session 3 of 15 is on Friday, December 4, 9:00 AM." in page
        again = browser.post(self.url(group), form).text
        assert "is taken on Friday, December 4 at 9:00 AM by Tuesday evening circle" in again
        assert group.sessions.count() == 15

    def test_only_by_who_may(self, sign_in: SignIn, session: Session, group: Group, members: list[Membership]) -> None:
        for outsider in (TherapistFactory(), AdministratorFactory(), members[0].client.user):
            assert sign_in(outsider).get(self.url(group)).status_code == 404
            assert sign_in(outsider).post(self.url(group)).status_code == 404
        assert sign_in(CoordinatorFactory()).put(self.url(group)).status_code == 405


class TestStandIn:
    def test_is_named_and_taken_back(self, sign_in: SignIn, session: Session, therapist: User) -> None:
        guest = TherapistFactory(first_name="Rosa", last_name="Osei")
        browser = sign_in(therapist)
        form = {"leader": therapist.pk, "substitute": guest.pk, "scope": "one"}
        page = browser.post(address("stand_in", session), form, follow=True).text
        assert "Rosa Osei leads: 1 session is changed." in page
        assert session.leaders.get().user == guest
        assert "0 sessions are changed" in browser.post(address("stand_in", session), form, follow=True).text
        browser.post(address("stand_in", session), {**form, "substitute": ""})
        assert session.leaders.get().user == therapist

    def test_who_is_busy_is_refused_at_the_field(self, sign_in: SignIn, session: Session, therapist: User) -> None:
        guest = TherapistFactory(first_name="Rosa", last_name="Osei")
        schedule_series(group=GroupFactory(leaders=[guest], session_count=2), by=therapist)
        form = {"leader": therapist.pk, "substitute": guest.pk, "scope": "all"}
        page = sign_in(therapist).post(address("stand_in", session), form).text
        assert page.count("Rosa Osei leads another session on") >= 2

    def test_only_by_who_may(self, sign_in: SignIn, session: Session, members: list[Membership]) -> None:
        url = address("stand_in", session)
        for outsider in (TherapistFactory(), AdministratorFactory(), members[0].client.user):
            assert sign_in(outsider).get(url).status_code == 404
            assert sign_in(outsider).post(url).status_code == 404
        assert sign_in(CoordinatorFactory()).put(url).status_code == 405


class TestToSettle:
    def test_nothing(self, sign_in: SignIn, session: Session, therapist: User) -> None:
        assert "Nothing to settle" in sign_in(therapist).get(ATTENTION).text

    def test_sessions_on_days_closed_later(
        self, sign_in: SignIn, session: Session, group: Group, therapist: User
    ) -> None:
        ClosureFactory(name="Burst pipe", first_day=session.local_day)
        browser = sign_in(therapist)
        page = browser.get(ATTENTION).text
        assert "Closed: Burst pipe" in page
        assert address("move_out", session) in page
        assert ATTENTION in browser.get(reverse("sessions_log:calendar")).text
        page = browser.post(address("move_out", session), follow=True).text
        assert "Session 14 of 14 is on Tuesday, March 2, 6:00 PM now." in page
        assert "Nothing to settle" in page
        assert "The site is open on that day" in browser.post(address("move_out", session), follow=True).text

    def test_series_that_stopped(self, sign_in: SignIn, clock: time_machine.Traveller, therapist: User) -> None:
        group = GroupFactory(length="ongoing", session_count=None, leaders=[therapist], state="running")
        schedule_series(group=group, by=therapist)
        schedule_series(group=GroupFactory(room=group.room, first_day=date(2027, 6, 8), session_count=1), by=therapist)
        clock.move_to(datetime(2026, 12, 15, 12, tzinfo=UTC))
        extend_ongoing(group_id=group.pk)
        stop = SeriesStop.objects.get()
        skip = reverse("sessions_log:skip_taken", args=[stop.pk])
        browser = sign_in(therapist)
        assert "is taken on Tuesday, June 8 at 6:00 PM by another session." in browser.get(ATTENTION).text
        assert sign_in(TherapistFactory()).post(skip).status_code == 404
        browser = sign_in(therapist)
        assert browser.get(skip).status_code == 405
        assert "goes on: 1 session is added" in browser.post(skip, follow=True).text
        assert browser.post(skip).status_code == 404

    def test_others_see_nothing_of_it(self, sign_in: SignIn, session: Session, group: Group) -> None:
        ClosureFactory(first_day=session.local_day)
        outsider = sign_in(TherapistFactory())
        assert group.name not in outsider.get(ATTENTION).text
        assert outsider.post(address("move_out", session)).status_code == 404

    def test_as_many_queries_for_one_as_for_three(
        self, sign_in: SignIn, session: Session, django_assert_num_queries: pytest.FixtureRequest
    ) -> None:
        browser = sign_in(CoordinatorFactory())
        browser.get(ATTENTION)
        for weeks in (0, 2):
            for week in range(weeks + 1):
                closed = session.local_day + timedelta(weeks=week)
                if not week or weeks:
                    ClosureFactory._meta.model.objects.get_or_create(name="Pipe", first_day=closed, last_day=closed)
            with django_assert_num_queries(8):  # two of them a test's savepoint
                browser.get(ATTENTION)
