"""Everybody lands on their own front page, and on nobody else's."""

from typing import Any

import pytest
from django.urls import reverse

from practice.models import Role
from tests.factories.practice import UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("roles", "page"),
    [
        (["therapist"], "home:today"),
        (["supervisor"], "home:today"),
        (["coordinator"], "home:desk"),
        (["administrator"], "practice:settings"),
        (["member"], "home:member"),
        (["administrator", "coordinator", "therapist"], "home:today"),
        (["administrator", "coordinator"], "home:desk"),
    ],
)
def test_each_role_has_its_front_page(sign_in: Any, roles: list[str], page: str) -> None:
    response = sign_in(UserFactory(roles=roles)).get(reverse("home:front"))
    assert response["Location"] == reverse(page)


def test_a_stranger_signs_in_first(client: Any) -> None:
    response = client.get(reverse("home:front"))
    assert response["Location"].startswith(reverse("account_login"))


ALLOWED = {
    "home:today": {Role.THERAPIST, Role.SUPERVISOR},
    "home:desk": {Role.COORDINATOR},
    "home:member": {Role.MEMBER},
    "home:schedule": {Role.MEMBER},
    "home:me": {Role.MEMBER},
    "home:search": {Role.THERAPIST, Role.SUPERVISOR, Role.COORDINATOR},
}


@pytest.mark.parametrize(
    ("page", "role"), [(page, role) for page, allowed in ALLOWED.items() for role in Role if role not in allowed]
)
def test_other_roles_do_not_learn_that_a_page_exists(sign_in: Any, page: str, role: Role) -> None:
    assert sign_in(UserFactory(roles=[role])).get(reverse(page)).status_code == 404


@pytest.mark.parametrize("page", ALLOWED)
def test_front_pages_can_only_be_read(sign_in: Any, page: str) -> None:
    user = UserFactory(roles=[next(iter(ALLOWED[page]))])
    assert sign_in(user).post(reverse(page)).status_code == 405


def test_help_needs_no_sign_in(client: Any) -> None:
    """R52: 911, 988 by call or text, the chat."""
    text = client.get(reverse("home:crisis")).text
    for line in ("911", "tel:988", "sms:988", "988lifeline.org"):
        assert line in text
    assert "no risk" not in text.lower()
