"""The check-in and the group's climate in a real browser: accessible, and no wider than a small phone."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from playwright.sync_api import Page

from climate.items import ITEMS
from climate.models import CheckIn
from climate.services import answer
from groups_app.models import Membership
from practice.models import User
from sessions_log.models import Session
from tests.factories.groups_app import MembershipFactory

pytestmark = pytest.mark.django_db(transaction=True)
Open = Callable[[Page, User, str], None]


def test_a_member_answers_with_a_thumb(
    open_as: Open,
    phone: Page,
    past_session: Session,
    members: list[Membership],
    assert_accessible: Callable[[Page], None],
) -> None:
    open_as(phone, members[0].client.user, "/home/")
    phone.get_by_role("link", name="Four short questions").tap()
    phone.wait_for_url("**/climate/**")
    assert_accessible(phone)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 320
    for item in ITEMS:
        phone.get_by_role("group", name=str(item.sentence)).get_by_role("radio", name="Mostly").check()
    phone.get_by_role("button", name="Send my answer").tap()
    phone.get_by_text("Thank you.").wait_for()
    assert CheckIn.objects.get().answers == 1


def test_the_climate_of_a_group(
    request: pytest.FixtureRequest, past_session: Session, members: list[Membership], clock: time_machine.Traveller
) -> None:
    open_as, assert_accessible, phone = (
        request.getfixturevalue(name) for name in ("open_as", "assert_accessible", "phone")
    )
    for membership in members + MembershipFactory.create_batch(2, group=past_session.group):
        answer(session=past_session, membership=membership, ratings={item.code: 4 for item in ITEMS})
    clock.move_to(past_session.ends_at + timedelta(hours=72))
    open_as(phone, past_session.leaders.get().user, f"/climate/groups/{past_session.group_id}/")
    assert_accessible(phone)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 320
