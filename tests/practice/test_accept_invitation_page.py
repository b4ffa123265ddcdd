"""The page behind the mailed link (R41): no account needed, one password, signed in."""

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse

from practice import services
from practice.models import Invitation, Practice, Role, User
from tests.factories.practice import TherapistFactory, UserFactory

PASSWORD = "a longer secret phrase"
FORM = {"password1": PASSWORD, "password2": PASSWORD}

pytestmark = pytest.mark.django_db


def invited(**fields: Any) -> tuple[User, str]:
    """An invited person and the address of their link."""
    user = UserFactory(password=None, **fields)
    EmailAddress.objects.filter(user=user).delete()
    token = services.invitation_token(services.invite(user=user, by=None))
    return user, reverse("accounts:accept_invitation", kwargs={"token": token})


def test_the_page_says_who_invites_and_for_which_address(client: Client) -> None:
    Practice.objects.update(name="Northside Practice", phone="(718) 555-0142")
    _, link = invited(first_name="Ana", email="ana@kith.example")
    page = client.get(link).content.decode()
    for text in ("Northside Practice", "Hello Ana", "ana@kith.example", "(718) 555-0142"):
        assert text in page
    assert Invitation.objects.filter(accepted_at=None).exists()


def test_it_is_kept_in_no_cache(client: Client) -> None:
    _, link = invited()
    assert "no-store" in client.get(link)["Cache-Control"]


def test_a_member_is_signed_in_and_goes_home(client: Client) -> None:
    user, link = invited(roles=[Role.MEMBER])
    response = client.post(link, FORM)
    assert (response.status_code, response.url) == (302, reverse("home:front"))
    assert client.session["_auth_user_id"] == str(user.pk)
    assert UserSession.objects.filter(user=user).count() == 1
    assert EmailAddress.objects.get(user=user).verified


def test_staff_go_on_to_the_second_step_without_typing_the_password_again(client: Client, settings: Any) -> None:
    settings.REQUIRE_STAFF_MFA = True
    _, link = invited()
    response = client.post(link, FORM)
    assert response.url == reverse("mfa_index")
    assert client.get(reverse("mfa_activate_totp")).status_code == 200


def test_staff_go_home_where_no_second_step_is_required(client: Client) -> None:
    _, link = invited()
    assert client.post(link, FORM).url == reverse("home:front")


def test_who_kept_a_second_step_proves_it_first(client: Client) -> None:
    user, link = invited()
    TOTP.activate(user, generate_totp_secret())
    assert client.post(link, FORM).url == reverse("mfa_authenticate")
    assert "_auth_user_id" not in client.session


def test_somebody_else_at_this_browser_is_signed_out(browser_of: Callable[[User], Client]) -> None:
    browser = browser_of(TherapistFactory())
    user, link = invited(roles=[Role.MEMBER])
    assert browser.get(link).status_code == 200
    browser.post(link, FORM)
    assert browser.session["_auth_user_id"] == str(user.pk)


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({}, "password1"),
        ({"password1": PASSWORD, "password2": "another long phrase"}, "password2"),
        ({"password1": "short", "password2": "short"}, "password1"),
        ({"password1": "1q2w3e4r5t6y", "password2": "1q2w3e4r5t6y"}, "password1"),
        ({"password1": "ana.ruiz@kith.example", "password2": "ana.ruiz@kith.example"}, "password1"),
    ],
)
def test_a_password_that_will_not_do(client: Client, form: dict[str, str], field: str) -> None:
    user, link = invited(email="ana.ruiz@kith.example")
    response = client.post(link, form)
    assert response.status_code == 200
    assert response.context["form"].errors[field]
    assert "Error:" in response.content.decode()
    user.refresh_from_db()
    assert not user.has_usable_password()


def test_a_link_works_once(client: Client) -> None:
    user, link = invited(roles=[Role.MEMBER])
    client.post(link, FORM)
    other = Client()
    for response in (other.get(link), other.post(link, {"password1": "x" * 20, "password2": "x" * 20})):
        assert response.status_code == 404
        assert "This link no longer works" in response.content.decode()
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    assert "_auth_user_id" not in other.session


def test_a_link_that_is_over_or_not_ours(client: Client) -> None:
    user, link = invited()
    with time_machine.travel(Invitation.objects.get(user=user).expires_at):
        assert client.get(link).status_code == 404
    assert client.get(f"{link[:-3]}/").status_code == 404
    assert client.post("/account/invitation/x/", FORM).status_code == 404


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_verbs_are_refused(client: Client, method: str) -> None:
    _, link = invited()
    assert getattr(client, method)(link).status_code == 405


def test_the_page_needs_few_queries(client: Client, django_assert_num_queries: Any) -> None:
    _, link = invited()
    client.get(link)
    with django_assert_num_queries(5):  # the request's transaction (two), practice, invitation, zone of the day
        client.get(link)
