"""Planning a group with its sessions, moving and cancelling one (R32)."""

from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from groups_app.models import Group, Membership
from groups_app.services import update_group
from practice.models import User
from sessions_log.models import Session
from sessions_log.services import LeaderTaken, give_absence_notice, schedule_series
from tests.factories.groups_app import GroupFactory
from tests.factories.practice import (
    AdministratorFactory,
    ClosureFactory,
    CoordinatorFactory,
    RoomFactory,
    TherapistFactory,
)

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]


def group_data(leader: User, **changes: Any) -> dict[str, Any]:
    """Return the form of a new group: 14 Tuesdays at 6:00 PM in a room of Brooklyn."""
    room = changes.pop("room", None) or RoomFactory()
    return {
        "name": "Tuesday circle",
        "orientation": "interpersonal",
        "site": room.site_id,
        "room": room.pk,
        "first_day": "11/24/2026",
        "start_time": "18:00",
        "minutes": "90",
        "cadence": "1",
        "length": "time-limited",
        "session_count": "14",
        "leader_1": leader.pk,
        **changes,
    }


@pytest.mark.usefixtures("clock")
class TestNewGroup:
    url = "/sessions/new-group/"

    @pytest.mark.parametrize("make_user", [CoordinatorFactory, TherapistFactory])
    def test_plans_the_group_and_all_its_sessions(self, sign_in: SignIn, make_user: Callable[[], User]) -> None:
        user = make_user()
        leader = user if user.has_role("therapist") else TherapistFactory()  # type: ignore[arg-type]
        browser = sign_in(user)
        assert browser.get(self.url).status_code == 200
        response = browser.post(self.url, group_data(leader))
        group = Group.objects.get()
        assert response["Location"] == reverse("home:group", args=[group.pk])
        assert group.sessions.count() == 14
        # Sent twice it is planned once.
        assert "Please check this" in browser.post(self.url, group_data(leader)).content.decode()
        assert Session.objects.count() == 14

    def test_a_clash_is_explained_at_its_field_and_nothing_is_planned(
        self, sign_in: SignIn, session: Session, group: Group
    ) -> None:
        response = sign_in(CoordinatorFactory()).post(self.url, group_data(TherapistFactory(), room=group.room))
        page = response.content.decode()
        assert f"{group.room} is taken on Tuesday, November 24 at 6:00 PM by Tuesday evening circle" in page
        assert 'value="Tuesday circle"' in page
        assert 'href="#id_room"' in page
        assert not Group.objects.filter(name="Tuesday circle").exists()

    def test_closures_without_end_are_explained(self, sign_in: SignIn) -> None:
        ClosureFactory(first_day=date(2026, 1, 1), last_day=date(2090, 1, 1))
        page = sign_in(CoordinatorFactory()).post(self.url, group_data(TherapistFactory())).content.decode()
        assert "There are not enough days for these sessions" in page

    def test_is_for_staff_who_plan(self, sign_in: SignIn, members: list[Membership]) -> None:
        for outsider in (AdministratorFactory(), members[0].client.user):
            browser = sign_in(outsider)
            assert browser.get(self.url).status_code == 404
            assert browser.post(self.url, group_data(TherapistFactory())).status_code == 404
        assert sign_in(CoordinatorFactory()).delete(self.url).status_code == 405


MOVED = {"day": "11/27/2026", "wall": "9:00", "minutes": 90, "scope": "one"}


class TestMove:
    @pytest.fixture
    def url(self, session: Session) -> str:
        return reverse("sessions_log:move", args=[session.pk])

    def test_leaders_and_coordinators_move_a_session(
        self, sign_in: SignIn, session: Session, therapist: User, url: str
    ) -> None:
        for day, user in (("11/27/2026", therapist), ("November 30, 2026", CoordinatorFactory())):
            response = sign_in(user).post(
                url,
                {"day": day, "wall": "9:15 AM", "minutes": 90, "scope": "one", "room": session.room_id},
                follow=True,
            )
            assert "Moved from Tuesday, November 24, 6:00 PM" in response.content.decode()
        session.refresh_from_db()
        assert (session.local_day, session.local_time) == (date(2026, 11, 30), time(9, 15))

    def test_says_whom_it_concerns(
        self, sign_in: SignIn, session: Session, members: list[Membership], therapist: User, url: str
    ) -> None:
        give_absence_notice(session=session, membership=members[0], by=members[0].client.user)
        page = sign_in(therapist).get(url).content.decode()
        assert "3 members see the new time at once" in page
        assert "1 person said they can’t come" in page
        assert 'value="11/24/2026"' in page
        assert 'value="18:00"' in page

    def test_a_clash_is_explained_and_the_values_stay(
        self, sign_in: SignIn, session: Session, group: Group, therapist: User, url: str
    ) -> None:
        rival = GroupFactory(room=group.room, first_day=date(2026, 11, 27), session_count=1)
        schedule_series(group=rival, by=CoordinatorFactory())
        data = {"day": "11/27/2026", "wall": "17:00", "minutes": 90, "scope": "one", "room": group.room_id}
        page = sign_in(therapist).post(url, data).content.decode()
        assert "is taken on Friday, November 27 at 5:00 PM by another session" in page
        assert 'value="11/27/2026"' in page

    def test_the_past_is_refused_at_the_day(self, sign_in: SignIn, session: Session, therapist: User, url: str) -> None:
        data = {"day": "11/19/2026", "wall": "17:00", "minutes": 90, "scope": "one", "room": session.room_id}
        page = sign_in(therapist).post(url, data).content.decode()
        assert "Only coming sessions can be changed" in page

    @pytest.mark.parametrize("day", ["01/01/0001", "12/31/9999", "13/13/2026", ""])
    def test_strange_days_are_no_crash(
        self, sign_in: SignIn, session: Session, therapist: User, url: str, day: str
    ) -> None:
        data = {"day": day, "wall": "23:59", "minutes": 90, "scope": "one", "room": session.room_id}
        assert "Please check this" in sign_in(therapist).post(url, data).content.decode()

    def test_an_online_session_keeps_its_link(self, clock: Any, sign_in: SignIn, therapist: User) -> None:
        group = GroupFactory(room=None, online_link="https://meet.example/abc", leaders=[therapist])
        session = schedule_series(group=group, by=therapist)[0]
        url = reverse("sessions_log:move", args=[session.pk])
        browser = sign_in(therapist)
        assert 'value="https://meet.example/abc"' in browser.get(url).content.decode()
        assert browser.post(url, MOVED).status_code == 302
        session.refresh_from_db()
        assert (session.room, session.online_link) == (None, "https://meet.example/abc")

    def test_others_find_nothing(self, sign_in: SignIn, members: list[Membership], url: str) -> None:
        for outsider in (TherapistFactory(), AdministratorFactory(), members[0].client.user):
            browser = sign_in(outsider)
            assert browser.get(url).status_code == 404
            assert browser.post(url, MOVED).status_code == 404
        assert sign_in(CoordinatorFactory()).delete(url).status_code == 405


class TestCancel:
    @pytest.fixture
    def url(self, session: Session) -> str:
        return reverse("sessions_log:cancel", args=[session.pk])

    def test_asks_says_what_will_happen_and_does_it_once(
        self, sign_in: SignIn, session: Session, therapist: User, url: str
    ) -> None:
        browser = sign_in(therapist)
        page = browser.get(url).content.decode()
        assert "Cancel the session?" in page
        assert "3 members see it as canceled at once" in page
        assert not Session.objects.exclude(status="scheduled").exists()
        for reason in ("Leader ill", "Again"):
            assert browser.post(url, {"reason": reason}).status_code == 302
        session.refresh_from_db()
        assert (session.cancel_reason, session.schedule_version) == ("Leader ill", 2)

    def test_wants_a_reason(self, sign_in: SignIn, session: Session, therapist: User, url: str) -> None:
        assert "Please check this" in sign_in(therapist).post(url, {"reason": " "}).content.decode()
        session.refresh_from_db()
        assert not session.is_cancelled

    def test_others_find_nothing(self, sign_in: SignIn, members: list[Membership], url: str) -> None:
        for outsider in (TherapistFactory(), AdministratorFactory(), members[0].client.user):
            browser = sign_in(outsider)
            assert browser.get(url).status_code == 404
            assert browser.post(url, {"reason": "Mine"}).status_code == 404
        assert sign_in(CoordinatorFactory()).put(url).status_code == 405


class TestNewLeaders:
    """R24: coming sessions follow the group's leaders, past ones keep theirs."""

    def test_take_over_the_coming_sessions(self, past_session: Session, group: Group, therapist: User) -> None:
        successor = TherapistFactory()
        update_group(group=group, leaders=[successor, therapist], by=therapist)
        assert [row.user for row in past_session.leaders.all()] == [therapist]
        assert [row.user for row in group.sessions.get(number=2).leaders.all()] == [successor, therapist]

    def test_are_refused_when_they_are_busy(self, past_session: Session, group: Group, therapist: User) -> None:
        busy = TherapistFactory(first_name="Rosa", last_name="Osei")
        rival = GroupFactory(leaders=[busy], first_day=date(2026, 12, 8), session_count=1)
        schedule_series(group=rival, by=therapist)
        with pytest.raises(LeaderTaken, match="Rosa Osei leads another session on Tuesday, December 8 at 6:00 PM"):
            update_group(group=group, leaders=[therapist, busy], by=therapist)
        assert group.leaders.filter(until=None).count() == 1
        assert [row.user for row in group.sessions.get(number=3).leaders.all()] == [therapist]
