"""Keeping apart: the client's private list, pairs by staff and their end (R22)."""

from typing import Any

import pytest
from django.urls import reverse

from members.models import Client, KeepApart, KnownPerson
from members.services.acquaintance import (
    MOST_KNOWN,
    EndingReasonMissing,
    ListFull,
    PairEnded,
    end_keep_apart,
    keep_apart,
    list_known,
    unlist_known,
)
from practice.models import User
from tests.factories.groups_app import MembershipFactory
from tests.factories.members import ClientFactory
from tests.factories.practice import CoordinatorFactory, SupervisorFactory


@pytest.fixture
def imani(db: None) -> Client:
    return ClientFactory(first_name="Imani", with_account=True)


@pytest.fixture
def supervisor(db: None) -> User:
    return SupervisorFactory()


def apart(client: Client) -> set[Any]:
    return KeepApart.objects.counterparts_of({client.pk}).get(client.pk, set())


# --- The private list -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("first", "last"), [("José", "Núñez"), ("jose", "NUNEZ"), ("Pepe", "Núñez")], ids=["as is", "folded", "called"]
)
def test_who_has_a_listed_name_is_kept_apart_both_ways(imani: Client, first: str, last: str) -> None:
    jose = ClientFactory(first_name="José", last_name="Núñez", preferred_name="Pepe")
    stranger = ClientFactory()
    list_known(client=imani, first_name=first, last_name=last)
    assert apart(imani) == {jose.pk}
    assert apart(jose) == {imani.pk}
    assert apart(stranger) == set()


def test_who_comes_later_is_found_too(imani: Client) -> None:
    list_known(client=imani, first_name="José", last_name="Núñez")
    assert apart(imani) == set()
    assert apart(imani) == set() != apart(ClientFactory(first_name="José", last_name="Núñez"))


def test_taking_a_name_off_ends_it(imani: Client) -> None:
    jose = ClientFactory(first_name="José", last_name="Núñez")
    known = list_known(client=imani, first_name="José", last_name="Núñez")
    for _again in range(2):
        unlist_known(known=known)
    assert apart(jose) == set()
    list_known(client=imani, first_name="José", last_name="Núñez")
    assert apart(jose) == {imani.pk}


def test_listing_twice_and_too_many(imani: Client) -> None:
    first = list_known(client=imani, first_name="José", last_name="Núñez")
    assert list_known(client=imani, first_name=" jose ", last_name="Nunez") == first
    for number in range(MOST_KNOWN - 1):
        list_known(client=imani, first_name="A", last_name=str(number))
    with pytest.raises(ListFull):
        list_known(client=imani, first_name="B", last_name="B")


def test_own_name_keeps_nobody_apart(imani: Client) -> None:
    list_known(client=imani, first_name=imani.first_name, last_name=imani.last_name)
    assert apart(imani) == set()


def test_member_keeps_the_list(imani: Client, signed_in: Any) -> None:
    browser = signed_in(imani.user)
    address = reverse("members:known")
    browser.post(address, {"first_name": "José", "last_name": "Núñez"})
    assert "José Núñez" in browser.get(address).content.decode()
    assert "Fill this in." in browser.post(address, {"first_name": "José"}).content.decode()
    person = KnownPerson.objects.get()
    remove = reverse("members:known_remove", args=[person.pk])
    assert browser.get(remove).status_code == 405
    for _again in range(2):
        assert browser.post(remove)["Location"] == address
    assert "José Núñez" not in browser.get(address).content.decode()


def test_nobody_else_reads_the_list(imani: Client, signed_in: Any, supervisor: User) -> None:
    known = list_known(client=imani, first_name="Zebulon", last_name="Quist")
    for user in (supervisor, CoordinatorFactory(), ClientFactory(with_account=True).user):
        browser = signed_in(user)
        assert "Zebulon" not in browser.get(reverse("members:detail", args=[imani.pk])).content.decode()
        assert "Zebulon" not in browser.get(reverse("members:known")).content.decode()
        assert browser.post(reverse("members:known_remove", args=[known.pk])).status_code == 404


# --- Ending a pair --------------------------------------------------------------------------------------------------
def test_ending_a_pair(imani: Client, supervisor: User) -> None:
    other = ClientFactory()
    pair = keep_apart(one=imani, other=other, by=supervisor)
    with pytest.raises(EndingReasonMissing):
        end_keep_apart(pair=pair, by=supervisor, reason=" ")
    end_keep_apart(pair=pair, by=supervisor, reason="Reconciled.")
    assert apart(imani) == set()
    with pytest.raises(PairEnded):
        end_keep_apart(pair=pair, by=supervisor, reason="Again.")
    assert keep_apart(one=other, other=imani, by=supervisor) != pair
    assert apart(imani) == {other.pk}


def test_ending_a_pair_on_its_page(imani: Client, supervisor: User, signed_in: Any) -> None:
    membership = MembershipFactory(client=imani)
    other = MembershipFactory(group=membership.group).client
    pair = keep_apart(one=imani, other=other, by=None)
    address = reverse("members:keep_apart_end", args=[imani.pk, pair.pk])
    assert address in signed_in(supervisor).get(reverse("members:detail", args=[imani.pk])).content.decode()
    assert signed_in(CoordinatorFactory()).post(address, {"reason": "x"}).status_code == 404
    browser = signed_in(membership.group.leaders.get().user)
    assert "Fill this in." in browser.post(address, {"reason": ""}).content.decode()
    assert browser.post(address, {"reason": "Reconciled."}).status_code == 302
    assert "ended already" in browser.post(address, {"reason": "Reconciled."}).content.decode()
