"""Boundary events: part of the record, locked with the group note (R5)."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from groups_app.models import Membership
from practice.models import User
from sessions_log.models import BoundaryEvent, Session
from sessions_log.services import (
    AlreadySigned,
    BoundaryDraft,
    GroupNoteDraft,
    MemberNoteDraft,
    NotOnRoster,
    SignScope,
    document_session,
)
from tests.factories.groups_app import MembershipFactory
from tests.factories.practice import SupervisorFactory
from tests.sessions_log.test_session_page import form_of

pytestmark = pytest.mark.django_db

CANARY = "canary-b0 met for coffee"


@pytest.fixture
def browser(past_session: Session, therapist: User, sign_in: Callable[[User], Client]) -> Client:
    """The leader's, on the evening of the session."""
    return sign_in(therapist)


@pytest.fixture
def url(past_session: Session) -> str:
    return reverse("sessions_log:session", args=[past_session.pk])


def event(membership: Membership, **changes: str) -> dict[str, str]:
    return {
        "boundary-membership": str(membership.pk),
        "boundary-kind": "outside-contact",
        "boundary-words": CANARY,
        **changes,
    }


def sign(session: Session, members: list[Membership], by: User) -> None:
    document_session(
        session=session,
        statuses={membership.pk: "present" for membership in members},
        group_note=GroupNoteDraft(theme="Anger"),
        member_notes=[MemberNoteDraft(membership.pk, {"note": "Spoke."}) for membership in members],
        sign=SignScope.ALL,
        by=by,
    )


def test_is_added_once_and_can_be_taken_back(browser: Client, url: str, members: list[Membership]) -> None:
    for _twice in range(2):
        assert browser.post(url, form_of(browser.get(url)) | event(members[0])).status_code == 302
    added = BoundaryEvent.objects.get()
    assert (added.membership, added.kind, added.words) == (members[0], "outside-contact", CANARY)
    page = browser.get(url)
    assert CANARY in page.content.decode()
    for _twice in range(2):
        assert browser.post(url, form_of(page) | {"boundary-gone": str(added.pk)}).status_code == 302
    assert not BoundaryEvent.objects.exists()


@pytest.mark.parametrize(
    "changes", [{"boundary-membership": ""}, {"boundary-kind": "x"}, {"boundary-words": "x" * 501}]
)
def test_half_an_event_is_not_taken_and_keeps_every_word(
    browser: Client, url: str, members: list[Membership], changes: dict[str, str]
) -> None:
    data = form_of(browser.get(url)) | {"group-theme": "Anger"} | event(members[0], **changes)
    response = browser.post(url, data)
    assert response.status_code == 200
    page = response.content.decode()
    assert 'href="#id_boundary-membership"' in page
    assert data["boundary-words"] in page
    assert form_of(response)["group-theme"] == "Anger"
    assert not BoundaryEvent.objects.exists()


def test_only_of_somebody_who_was_in_the_group(
    past_session: Session, members: list[Membership], therapist: User
) -> None:
    stranger = BoundaryDraft(MembershipFactory().pk, "contact")
    with pytest.raises(NotOnRoster):
        document_session(session=past_session, boundary=stranger, by=therapist)


def test_is_locked_with_the_group_note(
    browser: Client, url: str, past_session: Session, members: list[Membership], therapist: User
) -> None:
    document_session(session=past_session, boundary=BoundaryDraft(members[0].pk, "contact", CANARY), by=therapist)
    sign(past_session, members, therapist)
    with pytest.raises(AlreadySigned):
        document_session(session=past_session, boundary=BoundaryDraft(members[1].pk, "contact"), by=therapist)
    row = BoundaryEvent.objects.get()
    row.pk = None
    for change in (row.save, lambda: BoundaryEvent.objects.update(kind="other"), BoundaryEvent.objects.all().delete):
        with pytest.raises(DatabaseError, match=r"signed|are kept"), transaction.atomic():
            change()
    page = browser.get(url).content.decode()
    assert CANARY in page
    assert 'name="boundary-words"' not in page


def test_who_reads_it(
    sign_in: Callable[[User], Client], url: str, past_session: Session, members: list[Membership], therapist: User
) -> None:
    document_session(session=past_session, boundary=BoundaryDraft(members[0].pk, "contact", CANARY), by=therapist)
    assert CANARY not in sign_in(SupervisorFactory()).get(url).content.decode()
    assert sign_in(members[0].client.user).get(url).status_code == 404
    sign(past_session, members, therapist)
    assert CANARY not in sign_in(SupervisorFactory()).get(url).content.decode()
    assert CANARY in sign_in(SupervisorFactory(of=[therapist])).get(url).content.decode()


def test_no_word_stands_in_the_database(past_session: Session, members: list[Membership], therapist: User) -> None:
    document_session(session=past_session, boundary=BoundaryDraft(members[0].pk, "contact", CANARY), by=therapist)
    with connection.cursor() as cursor:
        cursor.execute("SELECT words FROM sessions_log_boundaryevent")
        assert b"canary" not in bytes(cursor.fetchone()[0])
