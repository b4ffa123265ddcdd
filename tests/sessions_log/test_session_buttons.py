"""The session's page without scripts: carry the plan forward, everybody is here, and back."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from groups_app.models import Membership
from practice.models import User
from sessions_log.models import Attendance, GroupNote, Session
from sessions_log.services import (
    Came,
    GroupNoteDraft,
    MemberNoteDraft,
    choose_format,
    document_session,
    give_absence_notice,
    record_attendance,
)
from tests.factories.practice import SupervisorFactory, TherapistFactory
from tests.sessions_log.test_session_page import form_of, key

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]


class TestCarryingThePlanForward:
    @pytest.fixture
    def second(
        self, clock: time_machine.Traveller, past_session: Session, members: list[Membership], therapist: User
    ) -> Session:
        """The session a week later; the first left plans for the group and for its first member."""
        choose_format(user=therapist, member_format="dap")
        document_session(
            session=past_session,
            group_note=GroupNoteDraft(theme="Anger", plan="Stay with it"),
            member_notes=[MemberNoteDraft(members[0].pk, {"data": "Spoke.", "plan": "Ask again"}, format="dap")],
            by=therapist,
        )
        session: Session = past_session.group.sessions.get(number=2)
        clock.move_to(session.ends_at + timedelta(minutes=30))
        return session

    def test_fills_what_is_empty_and_saves_nothing(
        self, second: Session, sign_in: SignIn, members: list[Membership], therapist: User
    ) -> None:
        browser, url = sign_in(therapist), reverse("sessions_log:session", args=[second.pk])
        data = form_of(browser.get(url)) | {"group-theme": "Silence", key(members[1], "plan"): "My own", "carry": ""}
        for _twice in range(2):
            response = browser.post(url, data)
            shown = form_of(response)
            assert "The plans of session 1 are below" in response.content.decode()
            assert (shown["group-theme"], shown["group-plan"]) == ("Silence", "Stay with it")
            assert [shown[key(membership, "plan")] for membership in members] == ["Ask again", "My own", ""]
        assert not GroupNote.objects.filter(session=second).exists()
        # What was carried is saved with the page.
        assert browser.post(url, shown).status_code == 302
        assert GroupNote.objects.get(session=second).parts["plan"] == "Stay with it"

    def test_without_an_earlier_plan_it_says_so(self, past_session: Session, sign_in: SignIn, therapist: User) -> None:
        url = reverse("sessions_log:session", args=[past_session.pk])
        browser = sign_in(therapist)
        page = browser.post(url, form_of(browser.get(url)) | {"carry": ""}).content.decode()
        assert "There is no earlier plan to carry forward." in page


class TestEverybodyIsHere:
    @pytest.fixture
    def url(self, past_session: Session) -> str:
        return reverse("sessions_log:session", args=[past_session.pk])

    @pytest.fixture
    def undo(self, past_session: Session) -> str:
        return reverse("sessions_log:attendance_undo", args=[past_session.pk])

    def test_marks_all_but_who_gave_notice_and_back(
        self,
        clock: time_machine.Traveller,
        session: Session,
        members: list[Membership],
        therapist: User,
        sign_in: SignIn,
    ) -> None:
        give_absence_notice(session=session, membership=members[2], by=members[2].client.user)
        clock.move_to(session.ends_at)
        record_attendance(session=session, statuses={members[0].pk: Came("late", 12)}, by=therapist)
        browser, url = sign_in(therapist), reverse("sessions_log:session", args=[session.pk])
        undo = reverse("sessions_log:attendance_undo", args=[session.pk])
        page = browser.post(url, form_of(browser.get(url)) | {"everybody": ""}, follow=True).content.decode()
        assert "Everybody who gave no notice is marked as here." in page
        assert f'action="{undo}"' in page
        assert [came(session, membership) for membership in members] == [
            ("present", None),
            ("present", None),
            ("absent-notice", None),
        ]
        browser.post(undo)
        before = [came(session, membership) for membership in members]
        assert before[0] == ("late", 12)
        # Twice changes nothing more.
        browser.post(undo)
        assert [came(session, membership) for membership in members] == before

    def test_undo_is_nothing_for_others(self, undo: str, sign_in: SignIn, members: list[Membership]) -> None:
        for outsider in (TherapistFactory(), SupervisorFactory(), members[0].client.user):
            assert sign_in(outsider).post(undo).status_code == 404

    def test_undo_without_anything_to_undo(self, url: str, undo: str, sign_in: SignIn, therapist: User) -> None:
        response = sign_in(therapist).post(undo)
        assert (response.status_code, response["Location"]) == (302, url)
        assert not Attendance.objects.exists()

    @pytest.mark.parametrize("verb", ["get", "put", "delete"])
    def test_other_verbs_are_refused(self, undo: str, sign_in: SignIn, therapist: User, verb: str) -> None:
        assert getattr(sign_in(therapist), verb)(undo).status_code == 405


def came(session: Session, membership: Membership) -> tuple[str, int | None] | None:
    row = session.attendances.filter(membership=membership).first()
    return (row.status, row.minutes_missed) if row else None
