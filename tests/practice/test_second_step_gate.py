"""Staff without a second factor reach only the pages to set one up (R41). allauth enforces nothing by itself."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings as project_settings
from django.test import Client
from django.urls import NoReverseMatch, reverse

from practice.middleware import SETUP_VIEWS
from practice.models import Policy, User
from tests.factories.members import ClientFactory
from tests.factories.practice import (
    AdministratorFactory,
    CoordinatorFactory,
    MemberUserFactory,
    SupervisorFactory,
    TherapistFactory,
)
from tests.practice.test_sign_in import confirm_identity, totp_code

STAFF = [TherapistFactory, SupervisorFactory, CoordinatorFactory, AdministratorFactory]
BEHIND_THE_GATE = ["practice:settings", "practice:people", "account_email", "usersessions_list", "home:front"]
SETUP_PAGES = ["mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "mfa_list_webauthn", "account_logout"]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _second_step_is_required(settings: Any, _second_step_is_not_required: None) -> None:
    settings.REQUIRE_STAFF_MFA = True


def add_passkey(user: User) -> None:
    Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data={"name": "Key", "credential": {}})


def add_app(user: User) -> None:
    TOTP.activate(user, generate_totp_secret())


def test_it_is_required_unless_turned_off() -> None:
    assert project_settings.REQUIRE_STAFF_MFA is True


def test_every_page_for_setting_up_exists() -> None:
    for name in SETUP_VIEWS:
        try:
            assert reverse(name)
        except NoReverseMatch:
            pytest.fail(f"{name} is no view")


@pytest.mark.parametrize("factory", STAFF)
@pytest.mark.parametrize("name", BEHIND_THE_GATE)
@pytest.mark.parametrize("method", ["get", "post"])
def test_staff_without_a_factor_are_sent_to_set_one_up(client: Client, factory: Any, name: str, method: str) -> None:
    client.force_login(factory())
    response = getattr(client, method)(reverse(name))
    assert (response.status_code, response.url) == (302, reverse("mfa_index"))


@pytest.mark.parametrize("name", SETUP_PAGES)
def test_staff_without_a_factor_reach_the_setup_pages(client: Client, name: str) -> None:
    client.force_login(TherapistFactory())
    confirm_identity(client)
    assert client.get(reverse(name)).status_code == 200


def test_recovery_codes_alone_are_no_factor(client: Client) -> None:
    person = TherapistFactory()
    RecoveryCodes.activate(person)
    client.force_login(person)
    assert client.get(reverse("account_email")).url == reverse("mfa_index")


@pytest.mark.parametrize("add_factor", [add_passkey, add_app])
def test_staff_with_a_factor_pass(client: Client, add_factor: Any) -> None:
    person = AdministratorFactory()
    add_factor(person)
    client.force_login(person)
    assert client.get(reverse("practice:settings")).status_code == 200


def test_removing_the_factor_shuts_the_gate_at_once(client: Client) -> None:
    person = AdministratorFactory()
    add_app(person)
    client.force_login(person)
    assert client.get(reverse("practice:settings")).status_code == 200
    Authenticator.objects.all().delete()
    assert client.get(reverse("practice:settings")).status_code == 302


def test_members_need_no_factor(client: Client) -> None:
    client.force_login(MemberUserFactory())
    assert client.get(reverse("account_email")).status_code == 200


def test_members_need_one_where_the_practice_says_so(client: Client, settings: Any) -> None:
    """ASVS 6.3.3: from the next page on, whatever holds for staff; who has one goes on."""
    settings.REQUIRE_STAFF_MFA = False
    member = ClientFactory(with_account=True).user
    client.force_login(member)
    assert client.get(reverse("home:member")).status_code == 200
    Policy.objects.update(members_need_second_step=True)
    for method in ("get", "post"):
        assert getattr(client, method)(reverse("home:member")).url == reverse("mfa_index")
    assert "Then all pages open." in client.get(reverse("mfa_index"), follow=True).text
    assert client.get(reverse("home:crisis")).status_code == 200
    add_app(member)
    assert client.get(reverse("home:member")).status_code == 200
    client.force_login(TherapistFactory())
    assert client.get(reverse("home:today")).status_code == 200


def test_the_gate_can_be_left_open(client: Client, settings: Any) -> None:
    settings.REQUIRE_STAFF_MFA = False
    client.force_login(AdministratorFactory())
    page = client.get(reverse("practice:settings"))
    assert page.status_code == 200
    assert page.context["shell"].is_mfa_off


def test_anybody_reaches_pages_that_need_no_account(client: Client) -> None:
    assert client.get(reverse("account_login")).status_code == 200
    assert client.get(reverse("home:crisis")).status_code == 200
    client.force_login(TherapistFactory())
    assert client.get(reverse("home:crisis")).status_code == 200


def test_setting_up_the_app_opens_the_gate(client: Client) -> None:
    person = AdministratorFactory()
    client.force_login(person)
    confirm_identity(client)
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    response = client.post(reverse("mfa_activate_totp"), {"code": totp_code(secret)})
    assert response.url == reverse("mfa_view_recovery_codes")
    assert client.get(response.url).status_code == 200
    assert client.get(reverse("practice:settings")).status_code == 200


def test_the_gate_costs_no_query(client: Client, django_assert_num_queries: Any) -> None:
    person = AdministratorFactory()
    add_app(person)
    client.force_login(person)
    with django_assert_num_queries(4):  # the request's transaction (two), the session, the account
        client.get(reverse("account_login"))
