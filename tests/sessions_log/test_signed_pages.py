"""What leaders and supervisors do with signed notes: co-sign, addend, read on paper (R37)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from audit.querysets import Entries
from groups_app.models import Membership
from practice.models import User
from sessions_log.models import Addendum, CoSignature, Session
from sessions_log.services import (
    AlreadyCoSigned,
    GroupNoteDraft,
    MemberNoteDraft,
    NotSigned,
    OwnSignature,
    SignScope,
    add_addendum,
    cosign_session,
    document_session,
)
from tests.factories.practice import CoordinatorFactory, SupervisorFactory, TherapistFactory

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]


@pytest.fixture
def signed(past_session: Session, members: list[Membership], therapist: User) -> Session:
    """The session, signed by its leader an hour ago."""
    document_session(
        session=past_session,
        statuses={membership.pk: "present" for membership in members},
        group_note=GroupNoteDraft(theme="Anger"),
        member_notes=[MemberNoteDraft(membership.pk, {"note": "Spoke."}) for membership in members],
        sign=SignScope.ALL,
        by=therapist,
    )
    past_session.refresh_from_db()
    return past_session


@pytest.fixture
def co_leader(signed: Session) -> User:
    """Somebody else who leads the group now."""
    user = TherapistFactory(first_name="Rosa", last_name="Osei")
    signed.group.leaders.create(user=user, position=2, since=signed.group.first_day)
    return user


class TestCoSigning:
    @pytest.fixture
    def url(self, signed: Session) -> str:
        return reverse("sessions_log:cosign", args=[signed.pk])

    @pytest.mark.parametrize("who", ["co-leader", "supervisor"])
    def test_stands_beside_the_signature_once(
        self, request: pytest.FixtureRequest, sign_in: SignIn, signed: Session, url: str, who: str
    ) -> None:
        clock, co_leader = (request.getfixturevalue(name) for name in ("clock", "co_leader"))
        leader = signed.group.leaders.get(position=1).user
        user = co_leader if who == "co-leader" else SupervisorFactory(of=[leader], first_name="Rosa", last_name="Osei")
        clock.shift(timedelta(hours=1))
        browser = sign_in(user)
        page = reverse("sessions_log:session", args=[signed.pk])
        assert f'action="{url}"' in browser.get(page).content.decode()
        for _twice in range(2):
            assert browser.post(url).status_code == 302
        row = CoSignature.objects.get()
        assert (row.by, row.signed_at - signed.ends_at) == (user, timedelta(hours=1, minutes=30))
        shown = browser.get(page).content.decode()
        assert "Signed by Dana Whitfield on November 24, 2026 at 8:00 PM." in shown
        assert "Co-signed by Rosa Osei on November 24, 2026 at 9:00 PM." in shown
        assert f'action="{url}"' not in shown
        assert len(Entries(actor=user.pk, actions=("session.co_signed",))) == 1

    def test_is_nothing_for_others(self, sign_in: SignIn, url: str, members: list[Membership]) -> None:
        for outsider in (TherapistFactory(), CoordinatorFactory(), members[0].client.user):
            assert sign_in(outsider).post(url).status_code == 404
        assert not CoSignature.objects.exists()

    def test_who_signed_everything_alone_needs_somebody_else(
        self, sign_in: SignIn, url: str, signed: Session, therapist: User
    ) -> None:
        with pytest.raises(OwnSignature):
            cosign_session(session=signed, by=therapist)
        page = sign_in(therapist).post(url, follow=True).content.decode()
        assert str(OwnSignature().sentence) in page
        assert not CoSignature.objects.exists()

    def test_not_before_it_is_signed_and_not_twice(self, signed: Session, co_leader: User) -> None:
        with pytest.raises(NotSigned):
            cosign_session(session=signed.group.sessions.get(number=2), by=co_leader)
        cosign_session(session=signed, by=co_leader)
        with pytest.raises(AlreadyCoSigned):
            cosign_session(session=signed, by=co_leader)

    def test_other_verbs_are_refused(self, sign_in: SignIn, url: str, co_leader: User) -> None:
        for verb in ("get", "put", "delete"):
            assert getattr(sign_in(co_leader), verb)(url).status_code == 405

    def test_can_never_be_taken_back(self, signed: Session, co_leader: User) -> None:
        row = cosign_session(session=signed, by=co_leader)
        for change in (row.delete, lambda: CoSignature.objects.update(by=TherapistFactory())):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()


class TestAddenda:
    @pytest.fixture
    def url(self, signed: Session) -> str:
        return reverse("sessions_log:addendum", args=[signed.pk])

    def test_stands_beside_the_note_once(
        self, request: pytest.FixtureRequest, sign_in: SignIn, signed: Session, url: str, members: list[Membership]
    ) -> None:
        clock, therapist = (request.getfixturevalue(name) for name in ("clock", "therapist"))
        clock.shift(timedelta(days=1))
        browser = sign_in(therapist)
        assert browser.get(url).status_code == 200
        words = {"about": str(members[1].pk), "text": "Called on Wednesday."}
        for _twice in range(2):
            assert browser.post(url, words).status_code == 302
        browser.post(url, {"about": "", "text": "The room was cold."})
        assert {(row.membership, row.text) for row in Addendum.objects.all()} == {
            (members[1], "Called on Wednesday."),
            (None, "The room was cold."),
        }
        page = browser.get(reverse("sessions_log:session", args=[signed.pk])).content.decode()
        assert "Called on Wednesday." in page
        assert "The room was cold." in page
        own = browser.get(reverse("sessions_log:member_notes", args=[members[1].pk])).content.decode()
        assert "Called on Wednesday." in own

    def test_what_is_missing_keeps_the_words(self, sign_in: SignIn, url: str, therapist: User) -> None:
        browser = sign_in(therapist)
        response = browser.post(url, {"about": "nobody", "text": "Called on Wednesday."})
        assert response.status_code == 200
        assert "Called on Wednesday." in response.content.decode()
        assert browser.post(url, {"about": "", "text": " "}).status_code == 200
        assert not Addendum.objects.exists()

    def test_is_nothing_for_others_nor_before_signing(
        self, sign_in: SignIn, url: str, signed: Session, therapist: User, members: list[Membership]
    ) -> None:
        words = {"about": "", "text": "Mine"}
        for outsider in (TherapistFactory(), CoordinatorFactory(), SupervisorFactory(), members[0].client.user):
            assert sign_in(outsider).post(url, words).status_code == 404
        draft = signed.group.sessions.get(number=2)
        address = reverse("sessions_log:addendum", args=[draft.pk])
        assert sign_in(therapist).post(address, words).status_code == 404
        with pytest.raises(NotSigned):
            add_addendum(session=draft, membership=None, text="Mine", by=therapist)
        assert not Addendum.objects.exists()

    def test_other_verbs_are_refused(self, sign_in: SignIn, url: str, therapist: User) -> None:
        for verb in ("put", "delete"):
            assert getattr(sign_in(therapist), verb)(url).status_code == 405

    def test_can_never_be_changed(self, signed: Session, therapist: User) -> None:
        row = add_addendum(session=signed, membership=None, text="The room was cold.", by=therapist)
        for change in (row.delete, lambda: Addendum.objects.update(written_at=signed.ends_at)):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()


def test_the_record_on_paper(sign_in: SignIn, signed: Session, members: list[Membership], therapist: User) -> None:
    url = reverse("sessions_log:note_pdf", args=[signed.pk])
    response = sign_in(therapist).get(url)
    assert response["Content-Type"] == "application/pdf"
    assert b"".join(response)[:5] == b"%PDF-"
    # One entry a person whose record left the page.
    entries = Entries(actor=therapist.pk, actions=("session.copy_read",))
    assert sorted(entry.client_id for entry in entries if entry.client_id) == sorted(m.client_id for m in members)
    assert sign_in(therapist).post(url).status_code == 405
    draft = reverse("sessions_log:note_pdf", args=[signed.group.sessions.get(number=2).pk])
    assert sign_in(therapist).get(draft).status_code == 404
    assert sign_in(TherapistFactory()).get(url).status_code == 404
