"""The pages of sessions in a real browser: accessible, and no wider than a small phone."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from playwright.sync_api import Page

from groups_app.models import Membership
from members.models import Goal
from practice.models import User
from sessions_log.models import Session
from sessions_log.services import MemberNoteDraft, document_session, give_absence_notice
from tests.factories.practice import ClosureFactory, CoordinatorFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("path", "hours"),
    [
        ("/sessions/{pk}/", -24),
        ("/sessions/{pk}/", 2),
        ("/sessions/{pk}/?check", 2),
        ("/sessions/{pk}/move/", -24),
        ("/sessions/{pk}/cancel/", -24),
        ("/sessions/", 2),
        ("/sessions/agenda/", 2),
        ("/sessions/notes/", 100),
        ("/sessions/new-group/", 2),
        ("/sessions/month/", 2),
        ("/sessions/find-a-time/", 2),
        ("/sessions/to-settle/", -24),
        ("/sessions/{pk}/sheet/", 2),
    ],
)
def test_accessible_and_narrow(
    request: pytest.FixtureRequest,
    clock: time_machine.Traveller,
    session: Session,
    path: str,
    hours: int,
) -> None:
    open_as, assert_accessible, phone, members = (
        request.getfixturevalue(name) for name in ("open_as", "assert_accessible", "phone", "members")
    )
    give_absence_notice(session=session, membership=members[1], by=members[1].client.user)
    members[0].client.goals.add(Goal.objects.earliest("position"))
    ClosureFactory()
    clock.move_to(session.starts_at + timedelta(hours=hours))
    open_as(phone, session.leaders.get().user, path.format(pk=session.pk))
    assert_accessible(phone)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_coordinators_view(
    open_as: Callable[[Page, User, str], None],
    assert_accessible: Callable[[Page], None],
    page: Page,
    session: Session,
) -> None:
    open_as(page, CoordinatorFactory(), f"/sessions/{session.pk}/")
    assert_accessible(page)


def test_who_is_away_needs_no_words_and_keeps_those_there_are(
    open_as: Callable[[Page, User, str], None], page: Page, past_session: Session, members: list[Membership]
) -> None:
    therapist = past_session.leaders.get().user
    document_session(
        session=past_session,
        member_notes=[MemberNoteDraft(members[0].pk, {"note": "Spoke before leaving."})],
        by=therapist,
    )
    open_as(page, therapist, f"/sessions/{past_session.pk}/")
    for membership in members[:2]:
        line = page.get_by_role("radiogroup", name=membership.client.roster_name)
        line.get_by_role("radio", name="Away no notice").check()
    assert page.locator(f"#id_{members[0].pk}-note").is_visible()
    assert page.locator(f"#id_{members[1].pk}-note").is_hidden()
    assert page.get_by_text("Away. Nothing to write.").locator("visible=true").count() == 1
