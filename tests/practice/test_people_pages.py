"""Staff in the browser: the list, a person, licenses, opening and closing accounts (R4, R41)."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from common.clock import now
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
from tests.practice.conftest import PERSON_FORM, texts

LICENSE_FORM = {"state": "ny", "number": "024518", "expires_on": "March 31, 2028"}

pytestmark = pytest.mark.django_db


def test_somebody_is_invited_once(office: Client, administrator: User) -> None:
    response = office.post(reverse("practice:person_new"), PERSON_FORM, follow=True)
    assert texts(response) == ["Naomi Whitfield is invited: the link goes to naomi@kith.example."]
    person = User.objects.get(email="naomi@kith.example")
    assert person.roles == ["therapist", "supervisor"]
    assert Invitation.objects.get(user=person).created_by == administrator
    again = office.post(reverse("practice:person_new"), PERSON_FORM)
    assert "There is already an account for this address." in again.content.decode()
    assert Invitation.objects.count() == 1


def test_somebody_is_signed_out_everywhere_and_may_sign_in_again(office: Client) -> None:
    person, elsewhere = UserFactory(), Client()
    url = reverse("practice:person_sign_out", kwargs={"pk": person.pk})
    elsewhere.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    assert elsewhere.get(reverse("account_email")).status_code == 200
    for _ in range(2):
        assert texts(office.post(url, follow=True)) == [f"{person.name} is signed out everywhere."]
        assert elsewhere.get(reverse("account_email")).url.startswith(reverse("account_login"))
    elsewhere.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    assert elsewhere.session["_auth_user_id"] == str(person.pk)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"first_name": ""}, "first_name"),
        ({"email": "naomi"}, "email"),
        ({"email": ""}, "email"),
        ({"roles": []}, "roles"),
        ({"roles": ["member"]}, "roles"),
        ({"home_site": "x"}, "home_site"),
        ({"last_name": "x\x00y"}, "last_name"),
        ({"last_name": "x" * 101}, "last_name"),
    ],
)
def test_a_person_that_will_not_do(office: Client, changes: dict[str, Any], field: str) -> None:
    response = office.post(reverse("practice:person_new"), {**PERSON_FORM, **changes})
    assert response.context["form"].errors[field]
    assert "PsyD" in response.content.decode()
    assert not Invitation.objects.exists()


def test_a_person_is_changed(office: Client) -> None:
    person = TherapistFactory(email="naomi@kith.example")
    site = SiteFactory()
    url = reverse("practice:person", kwargs={"pk": person.pk})
    form = {**PERSON_FORM, "email": "ignored@kith.example", "home_site": site.pk, "roles": ["coordinator"]}
    assert texts(office.post(url, form, follow=True)) == ["Naomi Whitfield is saved."]
    person.refresh_from_db()
    # Who signs in with an address is the only one to change it.
    assert (person.email, person.roles, person.home_site) == ("naomi@kith.example", ["coordinator"], site)


def test_the_last_administrator_keeps_the_role_and_sees_why(office: Client, administrator: User) -> None:
    url = reverse("practice:person", kwargs={"pk": administrator.pk})
    page = office.post(url, {**PERSON_FORM, "roles": ["therapist"]}).content.decode()
    assert "is the only administrator who can sign in" in page
    assert "Ada Okafor" in page
    administrator.refresh_from_db()
    assert administrator.roles == [Role.ADMINISTRATOR]


def test_a_new_link_is_sent_until_the_first_sign_in(office: Client) -> None:
    person = UserFactory(password=None)
    url = reverse("practice:person_invite", kwargs={"pk": person.pk})
    for _ in range(2):
        assert texts(office.post(url, follow=True)) == [f"A new link goes to {person.email}."]
    assert Invitation.objects.open(now()).filter(user=person).count() == 1
    token = services.invitation_token(Invitation.objects.open(now()).get())
    services.accept_invitation(token=token, password="a longer secret phrase")
    assert "has an account already" in texts(office.post(url, follow=True))[0]


def test_deactivating_says_what_it_means_and_does_it(office: Client) -> None:
    person = TherapistFactory(first_name="Naomi", last_name="Whitfield")
    url = reverse("practice:person_deactivate", kwargs={"pk": person.pk})
    page = office.get(url).content.decode()
    assert "signed out everywhere at once" in page
    assert "Nothing is deleted" in page
    for _ in range(2):
        assert texts(office.post(url, follow=True)) == ["Naomi Whitfield’s account is deactivated."]
    person.refresh_from_db()
    assert not person.is_active
    back = reverse("practice:person_reactivate", kwargs={"pk": person.pk})
    for _ in range(2):
        assert texts(office.post(back, follow=True)) == ["Naomi Whitfield’s account is open again."]


def test_nobody_deactivates_themselves(office: Client, administrator: User) -> None:
    AdministratorFactory()
    url = reverse("practice:person_deactivate", kwargs={"pk": administrator.pk})
    assert "This is your own account" in texts(office.post(url, follow=True))[0]
    page = office.get(reverse("practice:person", kwargs={"pk": administrator.pk})).content.decode()
    assert url not in page


def test_licenses_are_added_changed_and_removed(office: Client) -> None:
    person = UserFactory()
    new = reverse("practice:license_new", kwargs={"pk": person.pk})
    assert office.post(new, LICENSE_FORM).url == reverse("practice:person", kwargs={"pk": person.pk})
    license_ = License.objects.get()
    assert (license_.state, license_.expires_on) == ("NY", datetime.date(2028, 3, 31))
    assert "There is already a license for NY: change that one." in office.post(new, LICENSE_FORM).content.decode()
    edit = reverse("practice:license", kwargs={"pk": license_.pk})
    office.post(edit, {**LICENSE_FORM, "expires_on": "2030-03-31"})
    license_.refresh_from_db()
    assert license_.expires_on == datetime.date(2030, 3, 31)
    remove = reverse("practice:license_delete", kwargs={"pk": license_.pk})
    assert "is removed" in texts(office.post(remove, follow=True))[-1]
    assert office.post(remove).status_code == 404


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"state": "N"}, "state"), ({"number": ""}, "number"), ({"expires_on": "2/30/2028"}, "expires_on")],
)
def test_a_license_that_will_not_do(office: Client, changes: dict[str, str], field: str) -> None:
    new = reverse("practice:license_new", kwargs={"pk": UserFactory().pk})
    response = office.post(new, {**LICENSE_FORM, **changes})
    assert response.context["form"].errors[field]
    assert not License.objects.exists()


def test_the_person_page_marks_licenses_and_the_second_step(office: Client) -> None:
    person = LicenseFactory(expires_on=datetime.date(2020, 1, 1)).user
    LicenseFactory(user=person, state="TX", expires_on=now().date() + datetime.timedelta(days=10))
    page = office.get(reverse("practice:person", kwargs={"pk": person.pk})).content.decode()
    assert "Expired" in page
    assert "Expires soon" in page
    assert "Not set up" in page


def names(response: Any) -> list[str]:
    return [person.last_name for person in response.context["page_obj"]]


def test_people_are_sorted_as_people_expect_and_found(office: Client) -> None:
    UserFactory(last_name="Zamora", email="z@kith.example", roles=[Role.COORDINATOR])
    UserFactory(last_name="Łukasik", first_name="Jan")
    UserFactory(last_name="de Vries", is_active=False)
    MemberUserFactory(last_name="Client")
    url = reverse("practice:people")
    assert names(office.get(url)) == ["Łukasik", "Okafor", "Zamora"]
    assert names(office.get(url, {"q": "lukasik jan"})) == ["Łukasik"]
    assert names(office.get(url, {"q": "Z@KITH"})) == ["Zamora"]
    assert names(office.get(url, {"role": "coordinator"})) == ["Zamora"]
    assert names(office.get(url, {"role": "no such role", "q": "zam"})) == ["Zamora"]
    assert names(office.get(url, {"state": "closed"})) == ["de Vries"]
    assert "Nobody fits" in office.get(url, {"q": "%_\\"}).content.decode()


def test_people_tell_the_state_of_each_account(office: Client) -> None:
    services.invite(user=UserFactory(last_name="Aaa", password=None), by=None)
    UserFactory(last_name="Bbb", password=None)
    UserFactory(last_name="Ccc")
    page = office.get(reverse("practice:people")).content.decode()
    assert page.index("Invited</span>") < page.index("Invitation over</span>") < page.index("Open</span>")
