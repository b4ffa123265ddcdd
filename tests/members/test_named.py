"""Whose record the keys in an address speak of."""

from typing import Any

import pytest
from django.urls import reverse

from audit.querysets import Entries
from common.acting import acting_as
from common.base import new_id
from members.models import Client
from members.named import Named, named
from members.trail import lines_for_client
from practice.models import Policy
from tests.factories.groups_app import AgreementFactory, GroupFactory, MembershipFactory, sign
from tests.factories.members import ClientFactory, WaitingFactory
from tests.factories.practice import MemberUserFactory, TherapistFactory
from tests.factories.sessions_log import SessionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Client:
    return ClientFactory(user=MemberUserFactory())


def test_a_row_about_one_client_names_them_to_the_trail_whoever_asks(person: Client) -> None:
    group = GroupFactory()
    membership = MembershipFactory(group=group, client=person)
    signature = sign(membership, AgreementFactory(group=group))
    wait = WaitingFactory(client=person)
    with acting_as(TherapistFactory()):
        for row in (person, membership, signature, wait):
            assert named([row.pk]) == Named(exists=True, client=person.pk)
        assert named([group.pk, person.pk]).client == person.pk


def test_rows_about_nobody_or_several_name_nobody(person: Client) -> None:
    session = SessionFactory()
    MembershipFactory(group=session.group, client=person)
    for keys in ([session.pk], [session.group_id], [person.pk, ClientFactory().pk]):
        assert named(keys) == Named(exists=True, client=None)
    assert named([new_id()]) == Named(exists=False, client=None)


def test_it_is_one_query(person: Client, django_assert_num_queries: Any) -> None:
    named([person.pk])
    with django_assert_num_queries(1):
        named([person.pk, new_id()])


def test_what_was_refused_stands_in_the_clients_own_trail(signed_in: Any, person: Client) -> None:
    stranger = TherapistFactory()
    assert signed_in(stranger).get(reverse("members:detail", args=[person.pk])).status_code == 404
    (line,) = lines_for_client(list(Entries(client=person.pk)), person.user)
    assert (line.who, line.what) == ("Therapist", "Asked for a page of your record and was not let in")


def test_another_member_who_was_refused_is_named_to_nobody(signed_in: Any, person: Client) -> None:
    Policy.objects.update(trail_names_staff=True)
    membership = MembershipFactory(client=person)
    curious = MemberUserFactory(first_name="Curious", last_name="Fellow")
    assert signed_in(curious).get(reverse("groups_app:goals", args=[membership.pk])).status_code == 404
    (line,) = lines_for_client(list(Entries(client=person.pk)), person.user)
    assert (line.who, line.role) == ("Member", "")
