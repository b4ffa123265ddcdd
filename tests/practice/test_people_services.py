"""Staff: changes, licenses, and the end of an account (R4, R41)."""

import datetime
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.db import IntegrityError, connection, transaction
from django.test import Client

from common.acting import SYSTEM, go_on_as
from practice import services
from practice.models import Invitation, License, Role, User
from tests.factories.practice import (
    PASSWORD,
    AdministratorFactory,
    LicenseFactory,
    MemberUserFactory,
    SiteFactory,
    TherapistFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def changed(person: User, *, by: User, **changes: Any) -> User:
    """Change only what is named."""
    fields = {
        "email": person.email,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "credentials": person.credentials,
        "roles": person.roles,
        "home_site": person.home_site,
        **changes,
    }
    return services.change_person(user=person, by=by, **fields)


@pytest.fixture
def administrator() -> User:
    return AdministratorFactory()


def test_a_new_account_keeps_its_address_in_lower_case_and_opens_by_invitation_only() -> None:
    person = services.create_staff(
        email="Naomi.Whitfield@Kith.Example", first_name="Naomi", last_name="Whitfield", roles=[Role.THERAPIST]
    )
    assert person.email == "naomi.whitfield@kith.example"
    assert not person.has_usable_password()


def test_an_address_belongs_to_one_account() -> None:
    UserFactory(email="naomi@kith.example")
    with pytest.raises(services.AddressTaken, match=r"already an account for NAOMI@kith\.example"):
        services.create_staff(email="NAOMI@kith.example", first_name="N", last_name="W", roles=[Role.COORDINATOR])


def test_the_database_refuses_an_address_in_upper_case() -> None:
    with pytest.raises(IntegrityError, match="user_email_lower_case"), transaction.atomic():
        UserFactory(email="Naomi@kith.example")


@pytest.mark.parametrize("roles", [[], ["owner"], [Role.MEMBER, Role.THERAPIST]])
def test_the_database_refuses_odd_roles(roles: list[str]) -> None:
    with pytest.raises(IntegrityError, match=r"user_roles_known|user_member_is_member_only"), transaction.atomic():
        UserFactory(roles=roles)


def test_a_person_is_changed(administrator: User) -> None:
    site = SiteFactory()
    person = changed(
        TherapistFactory(),
        by=administrator,
        last_name="Ödön",
        credentials="PsyD",
        roles=[Role.THERAPIST, Role.SUPERVISOR],
        home_site=site,
    )
    person.refresh_from_db()
    assert (person.last_name, person.credentials, person.home_site) == ("Ödön", "PsyD", site)
    assert person.roles == ["therapist", "supervisor"]
    assert person.sort_key.startswith("odon")


def test_a_wrong_address_is_corrected_before_the_first_sign_in(administrator: User) -> None:
    person = UserFactory(password=None, email="noami@kith.example")
    first = services.invite(user=person, by=administrator)
    changed(person, by=administrator, email="Naomi@kith.example")
    person.refresh_from_db()
    assert person.email == "naomi@kith.example"
    with pytest.raises(services.InvitationNotValid):
        services.find_invitation(token=services.invitation_token(first))
    assert Invitation.objects.filter(user=person, revoked_at=None).count() == 1


def test_the_address_of_somebody_who_signs_in_with_it_is_theirs_to_change(administrator: User) -> None:
    with pytest.raises(services.AccountInUse, match="only they can change it"):
        changed(TherapistFactory(), by=administrator, email="other@kith.example")


def test_an_address_is_not_changed_to_somebody_elses(administrator: User) -> None:
    with pytest.raises(services.AddressTaken):
        changed(UserFactory(password=None), by=administrator, email=administrator.email)


def test_the_last_administrator_keeps_the_role(administrator: User) -> None:
    # Neither of these could administer.
    AdministratorFactory(is_active=False)
    AdministratorFactory(password=None)
    with pytest.raises(services.LastAdministrator, match="Make somebody else an administrator first"):
        changed(administrator, by=administrator, roles=[Role.THERAPIST])
    AdministratorFactory()
    assert changed(administrator, by=administrator, roles=[Role.THERAPIST]).roles == ["therapist"]


def test_the_last_administrator_is_not_deactivated(administrator: User) -> None:
    with pytest.raises(services.LastAdministrator):
        services.deactivate(user=administrator, by=TherapistFactory())


def test_nobody_deactivates_themselves(administrator: User) -> None:
    AdministratorFactory()
    with pytest.raises(services.OwnAccount, match="Ask another administrator"):
        services.deactivate(user=administrator, by=administrator)


def lose_role(user: User, by: User) -> None:
    changed(user, by=by, roles=[Role.COORDINATOR])


def lose_account(user: User, by: User) -> None:
    services.deactivate(user=user, by=by)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("verbs", [(lose_role, lose_role), (lose_account, lose_account), (lose_role, lose_account)])
def test_two_administrators_removing_each_other_leave_one(
    verbs: tuple[Callable[..., None], Callable[..., None]],
) -> None:
    for _trial in range(10):
        User.objects.with_role(Role.ADMINISTRATOR).update(is_active=False)
        one, other = AdministratorFactory(), AdministratorFactory()
        start = threading.Barrier(2)

        def remove(verb: Callable[..., None], victim: User, by: User, start: threading.Barrier = start) -> bool:
            start.wait()
            try:
                verb(victim, by)
            except services.LastAdministrator:
                return False
            finally:
                connection.close()
            return True

        with ThreadPoolExecutor(2, initializer=go_on_as, initargs=[SYSTEM]) as pool:
            outcomes = list(pool.map(remove, verbs, (one, other), (other, one)))
        assert sorted(outcomes) == [False, True]
        assert User.objects.with_role(Role.ADMINISTRATOR).count() == 1


def test_a_deactivated_person_is_out_at_the_next_request(administrator: User, client: Client) -> None:
    person = TherapistFactory()
    client.post("/account/login/", {"login": person.email, "password": PASSWORD})
    assert UserSession.objects.filter(user=person).count() == 1
    assert client.get("/account/2fa/").status_code == 200

    services.deactivate(user=person, by=administrator)

    assert UserSession.objects.filter(user=person).count() == 0
    response = client.get("/account/2fa/")
    assert response.status_code == 302
    assert response.url.startswith("/account/login/")
    client.post("/account/login/", {"login": person.email, "password": PASSWORD})
    assert client.get("/account/2fa/").status_code == 302


def test_deactivating_ends_an_open_invitation_and_may_be_repeated(administrator: User) -> None:
    person = UserFactory(password=None)
    token = services.invitation_token(services.invite(user=person, by=administrator))
    services.deactivate(user=person, by=administrator)
    services.deactivate(user=person, by=administrator)
    with pytest.raises(services.InvitationNotValid):
        services.find_invitation(token=token)
    services.reactivate(user=person, by=administrator)
    services.reactivate(user=person, by=administrator)
    person.refresh_from_db()
    assert person.is_active
    with pytest.raises(services.InvitationNotValid):
        services.find_invitation(token=token)


def test_a_person_has_one_license_a_state(administrator: User) -> None:
    person = UserFactory()
    services.save_license(
        license=License(user=person, state="NY", number="1", expires_on=datetime.date(2027, 1, 1)), by=administrator
    )
    with pytest.raises(services.LicenseExists, match="license for NY"):
        services.save_license(
            license=License(user=person, state="NY", number="2", expires_on=datetime.date(2027, 1, 1)), by=administrator
        )
    services.save_license(
        license=License(user=person, state="TX", number="1", expires_on=datetime.date(2027, 1, 1)), by=administrator
    )
    assert person.licenses.count() == 2


@pytest.mark.parametrize(
    ("expires", "standing"),
    [("2026-11-23", "expired"), ("2026-11-24", "expiring"), ("2027-01-23", "expiring"), ("2027-01-24", "valid")],
)
def test_a_licenses_standing(expires: str, standing: str) -> None:
    today = datetime.date(2026, 11, 24)
    license_ = LicenseFactory(expires_on=datetime.date.fromisoformat(expires))
    assert License.objects.with_standing(today).get().standing == standing
    assert license_.is_valid_on(today) == (standing != "expired")
    assert License.objects.to_renew(today).exists() == (standing != "valid")


def test_licenses_of_people_who_left_are_not_to_be_renewed() -> None:
    LicenseFactory(expires_on=datetime.date(2020, 1, 1), user__is_active=False)
    assert not License.objects.to_renew(datetime.date(2026, 11, 24)).exists()


def test_the_permission_to_administer() -> None:
    assert AdministratorFactory().has_perm("practice.administer")
    assert not AdministratorFactory(is_active=False).has_perm("practice.administer")
    assert not TherapistFactory().has_perm("practice.administer")
    assert not MemberUserFactory().has_perm("practice.administer")


def test_the_zone_in_which_days_are_told() -> None:
    assert services.zone_of(UserFactory()) == "UTC"
    with time_machine.travel(datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)):
        SiteFactory(name="Austin", zone="America/Chicago", state="TX")
    brooklyn = SiteFactory()
    assert services.zone_of(UserFactory()) == "America/Chicago"
    assert services.zone_of(UserFactory(home_site=brooklyn)) == "America/New_York"
