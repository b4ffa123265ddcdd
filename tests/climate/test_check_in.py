"""Who is asked, what is kept of an answer, and what leaders see and when (R39)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from climate.items import ITEMS
from climate.models import CheckIn, Mark
from climate.reads import asked_of, climate_of
from climate.services import AnsweredAlready, NotOpen, WasAway, answer
from common.acting import acting_as
from common.clock import now
from groups_app.models import Group, Membership
from practice.models import Policy, User
from sessions_log.models import Session
from sessions_log.services import GroupNoteDraft, SignScope, document_session, record_attendance
from tests.factories.groups_app import AgreementFactory, MembershipFactory
from tests.factories.practice import TherapistFactory
from tests.factories.sessions_log import SessionFactory
from tests.groups_app.ready import sign

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
FULLY = {item.code: 5 for item in ITEMS}
CLOSED = timedelta(hours=72)


@pytest.fixture
def seven(group: Group, members: list[Membership]) -> list[Membership]:
    """Seven members with accounts."""
    return members + MembershipFactory.create_batch(4, group=group, client__with_account=True)


def answered(session: Session, memberships: list[Membership], rating: int = 4) -> None:
    for membership in memberships:
        answer(session=session, membership=membership, ratings=dict.fromkeys(FULLY, rating))


class TestAnswering:
    def test_once_a_session(self, past_session: Session, members: list[Membership]) -> None:
        answer(session=past_session, membership=members[0], ratings=FULLY)
        with pytest.raises(AnsweredAlready):
            answer(session=past_session, membership=members[0], ratings=FULLY)
        assert CheckIn.objects.get().answers == 1

    def test_after_the_session_and_for_three_days(
        self, session: Session, members: list[Membership], clock: time_machine.Traveller
    ) -> None:
        for moment in (session.ends_at - timedelta(minutes=1), session.ends_at + CLOSED):
            clock.move_to(moment)
            with pytest.raises(NotOpen):
                answer(session=session, membership=members[0], ratings=FULLY)
        assert not Mark.objects.exists()

    def test_a_longer_policy_does_not_open_a_closed_one(
        self, past_session: Session, seven: list[Membership], clock: time_machine.Traveller
    ) -> None:
        answered(past_session, seven[:5])
        Policy.objects.update(climate_hours=200)
        clock.move_to(past_session.ends_at + CLOSED)
        with pytest.raises(NotOpen):
            answer(session=past_session, membership=seven[6], ratings=FULLY)
        assert CheckIn.objects.get().answers == 5

    def test_switched_off(self, past_session: Session, members: list[Membership]) -> None:
        Policy.objects.update(climate_hours=0)
        with pytest.raises(NotOpen):
            answer(session=past_session, membership=members[0], ratings=FULLY)

    def test_not_for_who_was_away(self, past_session: Session, members: list[Membership], therapist: User) -> None:
        record_attendance(session=past_session, statuses={members[0].pk: "no-show"}, by=therapist)
        with pytest.raises(WasAway):
            answer(session=past_session, membership=members[0], ratings=FULLY)


class TestAnonymity:
    def test_no_row_leads_from_an_answer_to_a_member(self, past_session: Session, members: list[Membership]) -> None:
        """Neither a member's nor a membership's nor an account's key stands in this room's tables, nor a rating."""
        answer(session=past_session, membership=members[0], ratings=FULLY)
        with connection.cursor() as cursor:
            rows = []
            for table in ("climate_checkin", "climate_mark"):
                cursor.execute(f"SELECT t::text FROM {table} AS t")  # noqa: S608
                rows += [row for (row,) in cursor.fetchall()]
        text = "".join(rows).replace("-", "")
        for key in (members[0].pk, members[0].client_id, members[0].client.user_id):
            assert key.hex not in text
        assert b'{"speak": 5'.hex() not in text
        assert {field.name for field in Mark._meta.get_fields()} == {"mark", "session"}

    def test_there_is_no_table_of_answers(self, past_session: Session, seven: list[Membership]) -> None:
        answered(past_session, seven)
        assert CheckIn.objects.count() == 1

    def test_no_average_moves_while_answers_come_in(
        self, past_session: Session, seven: list[Membership], group: Group, clock: time_machine.Traveller
    ) -> None:
        """Between the fifth answer and the sixth, the sixth would show: until it closes, nothing is told at all."""
        for count in range(1, 8):
            answered(past_session, seven[count - 1 : count])
            assert not climate_of(group, at=now()).is_told
        clock.move_to(past_session.ends_at + CLOSED)
        assert climate_of(group, at=now()).is_told

    @pytest.mark.parametrize("count", [0, 1, 4])
    def test_four_answers_look_like_none(
        self, count: int, past_session: Session, seven: list[Membership], group: Group, clock: time_machine.Traveller
    ) -> None:
        answered(past_session, seven[:count])
        clock.move_to(past_session.ends_at + CLOSED)
        climate = climate_of(group, at=now())
        assert (climate.curves, [row.means for row in climate.rows]) == ([], [[]])

    def test_everybody_saying_the_same_is_not_told_to_the_end(
        self, past_session: Session, seven: list[Membership], group: Group, clock: time_machine.Traveller
    ) -> None:
        answered(past_session, seven, rating=1)
        clock.move_to(past_session.ends_at + CLOSED)
        assert {curve.latest for curve in climate_of(group, at=now()).curves} == {"≤ 1.5"}

    @pytest.mark.parametrize("count", [4, 7])
    def test_the_next_check_in_forgets_who_answered_the_last_and_what_too_few_said(
        self, count: int, past_session: Session, seven: list[Membership], group: Group, clock: time_machine.Traveller
    ) -> None:
        answered(past_session, seven[:count])
        following = group.sessions.get(number=2)
        clock.move_to(following.ends_at)
        answered(following, seven[:1])
        assert Mark.objects.get().session == following
        assert CheckIn.objects.filter(session=past_session).exists() is (count == 7)

    @pytest.mark.parametrize("count", [4, 7])
    def test_signing_notes_forgets_where_no_check_in_follows(
        self, count: int, past_session: Session, seven: list[Membership], clock: time_machine.Traveller
    ) -> None:
        answered(past_session, seven[:count])
        leader = TherapistFactory()
        later = SessionFactory(number=4, group__leaders=[leader])
        clock.move_to(later.ends_at)
        document_session(session=later, group_note=GroupNoteDraft(theme="T"), sign=SignScope.ALL, by=leader)
        assert not Mark.objects.exists()
        assert CheckIn.objects.filter(session=past_session).exists() is (count == 7)

    @pytest.mark.parametrize("count", [4, 7])
    def test_a_groups_last_session_is_forgotten_with_any_other_groups(
        self, count: int, past_session: Session, seven: list[Membership], clock: time_machine.Traveller
    ) -> None:
        answered(past_session, seven[:count])
        later = SessionFactory(number=4)
        somebody = MembershipFactory(group=later.group, client__with_account=True)
        clock.move_to(later.ends_at)
        with acting_as(somebody.client.user):
            answered(later, [somebody])
        assert Mark.objects.get().session == later
        assert CheckIn.objects.filter(session=past_session).exists() is (count == 7)


class TestAsked:
    def test_of_the_session_that_is_over_until_answered(self, past_session: Session, members: list[Membership]) -> None:
        assert asked_of(members[0].client, at=now()) == [past_session]
        answer(session=past_session, membership=members[0], ratings=FULLY)
        assert asked_of(members[0].client, at=now()) == []
        assert asked_of(members[1].client, at=now()) == [past_session]

    def test_not_who_was_away(self, past_session: Session, members: list[Membership], therapist: User) -> None:
        record_attendance(session=past_session, statuses={members[0].pk: "absent-notice"}, by=therapist)
        assert asked_of(members[0].client, at=now()) == []

    def test_not_before_or_too_late(
        self, session: Session, members: list[Membership], clock: time_machine.Traveller
    ) -> None:
        assert asked_of(members[0].client, at=now()) == []
        assert asked_of(members[0].client, at=session.ends_at + CLOSED) == []


class TestPages:
    def test_a_member_answers_on_a_phone(
        self, sign_in: SignIn, past_session: Session, members: list[Membership]
    ) -> None:
        browser = sign_in(members[0].client.user)
        url = reverse("climate:check_in", args=[past_session.pk])
        assert str(ITEMS[0].sentence) in browser.get(url).content.decode()
        assert browser.post(url, FULLY).status_code == 302
        assert "You have answered already" in browser.get(url).content.decode()
        assert "You have answered already" in browser.post(url, FULLY).content.decode()
        assert CheckIn.objects.get().answers == 1

    def test_after_the_groups_end_those_who_were_there_answer_until_it_closes(
        self,
        sign_in: SignIn,
        past_session: Session,
        members: list[Membership],
        therapist: User,
        clock: time_machine.Traveller,
    ) -> None:
        url = reverse("climate:check_in", args=[past_session.pk])
        version = AgreementFactory(group=past_session.group)
        for membership in members:
            sign(membership, version)
        record_attendance(session=past_session, statuses={members[1].pk: "no-show"}, by=therapist)
        Membership.objects.update(state="left", seat=None, ends_on=past_session.local_day, leaving_reason="completed")
        Group.objects.update(state="ended")
        browser = sign_in(members[0].client.user)
        assert url in browser.get(reverse("home:member")).content.decode()
        assert "You can answer until Friday, November 27, 7:30 PM." in browser.get(url).content.decode()
        assert browser.post(url, FULLY).status_code == 302
        assert CheckIn.objects.get().answers == 1
        assert "for those who were there" in sign_in(members[1].client.user).get(url).content.decode()
        clock.move_to(past_session.ends_at + CLOSED)
        assert "has closed" in sign_in(members[2].client.user).get(url).content.decode()

    def test_leaders_read_until_when_and_not_whether(
        self, sign_in: SignIn, past_session: Session, seven: list[Membership], clock: time_machine.Traveller
    ) -> None:
        browser, url = (
            sign_in(past_session.leaders.get().user),
            reverse("climate:group", args=[past_session.group_id]),
        )
        for count in (0, 4):
            answered(past_session, seven[:count])
            page = browser.get(url).content.decode()
            assert "Members can answer until Friday, November 27, 7:30 PM" in page
        clock.move_to(past_session.ends_at + CLOSED)
        assert "Fewer than 5 answers" in browser.get(url).content.decode()

    @pytest.mark.parametrize("change", [{"speak": ""}, {"speak": "9"}, {"speak": "x"}])
    def test_a_question_left_out_loses_no_other(
        self, change: dict[str, str], sign_in: SignIn, past_session: Session, members: list[Membership]
    ) -> None:
        browser = sign_in(members[0].client.user)
        page = browser.post(reverse("climate:check_in", args=[past_session.pk]), {**FULLY, **change}).content.decode()
        assert 'value="5" id="id_belong_4" required checked' in page or 'id="id_belong_4" checked' in page
        assert not CheckIn.objects.exists()

    def test_the_home_page_asks(self, sign_in: SignIn, past_session: Session, members: list[Membership]) -> None:
        browser = sign_in(members[0].client.user)
        url = reverse("climate:check_in", args=[past_session.pk])
        assert url in browser.get(reverse("home:member")).content.decode()
        browser.post(url, FULLY)
        assert url not in browser.get(reverse("home:member")).content.decode()

    @pytest.mark.parametrize("sessions", [1, 3])
    def test_leaders_see_averages(
        self, sessions: int, sign_in: SignIn, seven: list[Membership], session: Session, clock: time_machine.Traveller
    ) -> None:
        for each in session.group.sessions.all()[:sessions]:
            clock.move_to(each.ends_at)
            answered(each, seven)
        clock.move_to(each.ends_at + CLOSED)
        browser = sign_in(session.leaders.get().user)
        url = reverse("climate:group", args=[session.group_id])
        with CaptureQueriesContext(connection) as queries:
            page = browser.get(url).content.decode()
        assert len(queries) == 9
        assert page.count("4.0") >= 4 * sessions
        part = browser.get(url, headers={"HX-Request": "true"}).content.decode()
        assert "<html" not in part
        assert "<svg" in part
