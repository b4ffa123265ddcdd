"""What somebody tries who means harm: guessing, replaying, forging, flooding (TRUST; R41, R43)."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from unittest import mock

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from common.acting import SYSTEM, go_on_as
from common.clock import now
from members.models import Client as Person
from practice.models import Role, User
from tests.factories.groups_app import GroupFactory
from tests.factories.members import ClientFactory
from tests.factories.practice import (
    PASSWORD,
    AdministratorFactory,
    CoordinatorFactory,
    MemberUserFactory,
    TherapistFactory,
)

pytestmark = pytest.mark.django_db

RACERS = 32
TEN_MEGABYTES = 10_000_000


@pytest.fixture(autouse=True)
def _passwords_are_enough(settings: Settings) -> None:
    settings.REQUIRE_STAFF_MFA = False


def signed_in(person: User, **options: bool) -> Client:
    browser = Client(**options)
    browser.force_login(person)
    return browser


# --- Getting in ---
@pytest.mark.parametrize(
    ("guesses", "proxies", "seen"), [(1_000, 0, ""), (100, 1, ", 203.0.113.9")], ids=["no proxy", "behind ours"]
)
def test_a_thousand_guesses_from_a_thousand_addresses_reach_no_password(
    guesses: int, proxies: int, seen: str, settings: Settings
) -> None:
    """TRUST: whoever says to come from elsewhere each time is slowed down all the same; almost nothing is computed."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    person, browser = MemberUserFactory(), Client()
    with mock.patch.object(Argon2PasswordHasher, "verify", autospec=True, return_value=False) as verify:
        for number in range(guesses):
            browser.post(
                reverse("account_login"),
                {"login": person.email, "password": f"guess {number}"},
                headers={"X-Forwarded-For": f"10.{number // 250}.{number % 250}.7{seen}"},
            )
    assert verify.call_count <= 10
    cache.clear()  # as time does
    assert Client().post(reverse("account_login"), {"login": person.email, "password": PASSWORD}).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_of_many_who_use_one_code_at_once_one_gets_in() -> None:
    person, secret = TherapistFactory(), generate_totp_secret()
    TOTP.activate(person, secret)
    code = format_hotp_value(hotp_value(secret, int(now().timestamp()) // 30))

    def use(_: int) -> bool:
        try:
            return bool(Authenticator.objects.get(user=person).wrap().validate_code(code))
        finally:
            connection.close()

    with ThreadPoolExecutor(RACERS, initializer=go_on_as, initargs=[SYSTEM]) as pool:
        assert sum(pool.map(use, range(RACERS))) == 1


def test_a_session_planted_before_signing_in_is_not_the_one_after() -> None:
    person, victim = MemberUserFactory(), Client()
    planted = victim.session
    planted["planted"] = True
    planted.save()
    victim.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    thief = Client()
    thief.cookies["sessionid"] = planted.session_key
    assert victim.session.session_key != planted.session_key
    assert thief.get(reverse("account_email")).url.startswith(reverse("account_login"))


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example/", "/\\evil.example/", "javascript:alert(1)", "http:evil.example"],
)
def test_signing_in_leads_nowhere_else(target: str) -> None:
    person = MemberUserFactory()
    form = {"login": person.email, "password": PASSWORD, "next": target}
    assert Client().post(reverse("account_login"), form).url == "/"


@pytest.mark.parametrize("host", ["evil.example", "kith.example@evil.example", "127.0.0.1:8000.evil.example", ""])
def test_a_made_up_host_is_refused_and_gets_into_no_mail(host: str, mailoutbox: list[object]) -> None:
    person = MemberUserFactory()
    response = Client().post(reverse("account_reset_password"), {"email": person.email}, headers={"Host": host})
    assert response.status_code == 400
    assert mailoutbox == []


# --- Somebody else's things ---
@pytest.mark.parametrize("address", ["members:detail", "home:group", "sessions_log:session", "groups_app:sign"])
def test_made_up_ids_are_not_found(address: str) -> None:
    for person in (TherapistFactory(), CoordinatorFactory(), MemberUserFactory()):
        assert signed_in(person).get(reverse(address, args=[uuid.uuid4()])).status_code == 404


def test_fields_that_a_form_does_not_have_are_not_written() -> None:
    """Mass assignment: neither a role, nor an owner, nor a state comes in by a name in the body."""
    member = ClientFactory(with_account=True)
    browser = signed_in(member.user)
    for address in ("accounts:stay", "accounts:unlock"):
        browser.post(reverse(address), {"roles": "administrator", "is_active": "", "password": PASSWORD})
    administrator = AdministratorFactory()
    form = {"first_name": "Ann", "last_name": "Lee", "email": administrator.email, "roles": ["administrator"]}
    address = reverse("practice:person", args=[administrator.pk])
    signed_in(administrator).post(address, {**form, "password": "hacked", "id": str(uuid.uuid4()), "is_active": ""})
    member.user.refresh_from_db()
    before = administrator.password
    administrator.refresh_from_db()
    assert member.user.roles == [Role.MEMBER]
    assert (administrator.is_active, administrator.password) == (True, before)


def test_a_group_is_not_started_by_editing_it() -> None:
    leader = TherapistFactory()
    group = GroupFactory(leaders=[leader])
    form = {"name": "Another name", "state": "running", "leaders": [str(leader.pk)]}
    signed_in(leader).post(reverse("groups_app:edit", args=[group.pk]), form)
    before = group.state
    group.refresh_from_db()
    assert group.state == before


# --- Floods and bombs ---
@pytest.mark.parametrize("signed", [True, False])
def test_ten_megabytes_in_a_field_are_refused(signed: bool) -> None:
    browser = signed_in(CoordinatorFactory(), raise_request_exception=False) if signed else Client()
    address = reverse("members:new" if signed else "account_login")
    response = browser.post(address, {"login": "x" * TEN_MEGABYTES, "first_name": "x" * TEN_MEGABYTES})
    assert response.status_code in (400, 413)
    assert not Person.objects.exists()


def test_thousands_of_fields_are_refused() -> None:
    browser = signed_in(CoordinatorFactory(), raise_request_exception=False)
    response = browser.post(reverse("members:new"), {f"field-{number}": "x" for number in range(3_000)})
    assert response.status_code == 400


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("list.xlsx", b"PK\x03\x04" + b"\x00" * 100),
        ("list.csv", b"\xff\xfe" + b"\x00\xd8" * 50),
        ("list.csv", b"first_name,last_name\n" + b"x" * TEN_MEGABYTES),
        ("program.exe", b"MZ\x90\x00" * 100),
        ("list.csv", b"\x00" * 1_000),
    ],
    ids=["broken workbook", "broken text", "too large", "a program", "nothing but zeros"],
)
def test_a_file_that_is_no_list_is_refused_with_a_sentence(name: str, content: bytes) -> None:
    browser = signed_in(CoordinatorFactory(), raise_request_exception=False)
    file = SimpleUploadedFile(name, content)
    response = browser.post(reverse("records:new_import"), {"file": file}, follow=True)
    assert response.status_code < 500
    assert not Person.objects.exists()
