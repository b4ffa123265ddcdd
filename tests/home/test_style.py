"""The component page."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from practice.models import Role
from tests.factories.practice import UserFactory

pytestmark = pytest.mark.django_db


def test_staff_see_it_while_developing(
    client: Client, settings: Settings, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    settings.DEBUG = True
    settings.REQUIRE_STAFF_MFA = False
    client.force_login(UserFactory())
    client.get("/style/")
    with django_assert_num_queries(4):  # savepoint and its release, session, account
        response = client.get("/style/")
    html = response.content.decode()
    assert response.status_code == 200
    assert "<style" not in html
    assert " style=" not in html
    assert "<script>" not in html


def test_it_does_not_exist_in_production(client: Client, settings: Settings) -> None:
    settings.DEBUG = False
    settings.REQUIRE_STAFF_MFA = False
    client.force_login(UserFactory())
    assert client.get("/style/").status_code == 404


def test_members_do_not_see_it(client: Client, settings: Settings) -> None:
    settings.DEBUG = True
    client.force_login(UserFactory(roles=[Role.MEMBER]))
    assert client.get("/style/").status_code == 404


def test_it_only_reads(client: Client, settings: Settings) -> None:
    settings.DEBUG = True
    settings.REQUIRE_STAFF_MFA = False
    client.force_login(UserFactory())
    assert client.post("/style/").status_code == 405
