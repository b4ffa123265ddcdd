"""How an author likes to write: snippets and the format of new notes (R34)."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from groups_app.models import Membership
from groups_app.services.goals import end_goal, set_goal
from members.models import Goal
from practice.models import User
from sessions_log.models import MemberNote, Session, Snippet, WritingStyle
from sessions_log.services import choose_format, keep_snippet
from tests.factories.practice import CoordinatorFactory, SupervisorFactory, TherapistFactory
from tests.sessions_log.test_session_page import form_of, key

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]
PAGE = reverse("sessions_log:writing")
WORDS = {"snippet": "", "name": "check in", "text": "Named a feeling in the check-in."}


class TestSnippets:
    def test_the_same_name_again_replaces_the_words(self, sign_in: SignIn, therapist: User) -> None:
        browser = sign_in(therapist)
        for _twice in range(2):
            assert browser.post(PAGE, WORDS).status_code == 302
        browser.post(PAGE, WORDS | {"text": "Listened."})
        assert [(row.author, row.name, row.text) for row in Snippet.objects.all()] == [
            (therapist, "check in", "Listened.")
        ]
        menu = browser.get(reverse("sessions_log:snippets")).content.decode()
        assert 'data-snippet="Listened."' in menu

    def test_what_is_missing_keeps_the_words(self, sign_in: SignIn, therapist: User) -> None:
        response = sign_in(therapist).post(PAGE, WORDS | {"name": ""})
        assert response.status_code == 200
        assert WORDS["text"] in response.content.decode()
        assert not Snippet.objects.exists()

    def test_are_ones_own(self, sign_in: SignIn, therapist: User) -> None:
        mine = keep_snippet(author=therapist, name="mine", text="Listened.")
        remove = reverse("sessions_log:snippet_delete", args=[mine.pk])
        colleague = sign_in(TherapistFactory())
        assert "Listened." not in colleague.get(reverse("sessions_log:snippets")).content.decode()
        assert "Listened." not in colleague.get(PAGE).content.decode()
        assert colleague.post(remove).status_code == 404
        browser = sign_in(therapist)
        assert browser.get(remove).status_code == 405
        assert [browser.post(remove).status_code for _twice in range(2)] == [302, 404]
        assert not Snippet.objects.exists()

    def test_only_therapists_write(self, sign_in: SignIn) -> None:
        for other in (CoordinatorFactory(), SupervisorFactory()):
            assert sign_in(other).post(PAGE, WORDS).status_code == 404
        assert not Snippet.objects.exists()

    @pytest.mark.parametrize("verb", ["put", "delete"])
    def test_other_verbs_are_refused(self, sign_in: SignIn, therapist: User, verb: str) -> None:
        assert getattr(sign_in(therapist), verb)(PAGE).status_code == 405
        assert sign_in(therapist).post(reverse("sessions_log:snippets")).status_code == 405


class TestFormat:
    def test_new_notes_begin_in_it_and_lead_back_to_the_session(
        self, sign_in: SignIn, past_session: Session, members: list[Membership], therapist: User
    ) -> None:
        browser = sign_in(therapist)
        page = reverse("sessions_log:session", args=[past_session.pk])
        for _twice in range(2):
            response = browser.post(f"{PAGE}?session={past_session.pk}", {"member_format": "dap"})
            assert response["Location"] == page
        assert WritingStyle.objects.get().member_format == "dap"
        shown = form_of(browser.get(page))
        assert {key(members[0], part) for part in ("data", "assessment", "plan")} <= shown.keys()

    def test_girp_pulls_the_goal_of_this_group_before_the_one_somebody_came_with(
        self, sign_in: SignIn, past_session: Session, members: list[Membership], therapist: User
    ) -> None:
        choose_format(user=therapist, member_format="girp")
        came_with, other = Goal.objects.order_by("position")[:2]
        for membership in members:
            membership.client.goals.add(came_with)
        ended = set_goal(membership=members[0], catalogue=other, words="", by=therapist)
        set_goal(membership=members[0], catalogue=None, words="Say no to my sister", by=therapist)
        end_goal(goal=ended, by=therapist)
        set_goal(membership=members[1], catalogue=other, words="", by=therapist)
        page = reverse("sessions_log:session", args=[past_session.pk])
        response = sign_in(therapist).get(page)
        shown = form_of(response)
        assert [shown[key(membership, "goal")] for membership in members] == [
            "Say no to my sister",
            other.label,
            came_with.label,
        ]
        assert "Goal: Say no to my sister" in response.content.decode()
        # A goal that was only pulled is no note.
        sign_in(therapist).post(page, shown | {"group-theme": "Anger"})
        assert not MemberNote.objects.exists()

    def test_a_format_that_does_not_exist(self, sign_in: SignIn, therapist: User) -> None:
        assert sign_in(therapist).post(PAGE, {"member_format": "x"}).status_code == 200
        assert not WritingStyle.objects.exists()
