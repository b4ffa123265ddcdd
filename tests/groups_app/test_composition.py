"""Who is in a group, who would be alone with something, and what a candidate changes (R20)."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from groups_app.composition import Person, age_band, compose
from groups_app.models import Group, MembershipState
from members.models import Identity, ProblemArea
from practice.models import User
from tests.factories.groups_app import MembershipFactory
from tests.factories.members import ClientFactory
from tests.groups_app.pages import signed_in

# Session and account, savepoint and release; group and the leader's right; proposals, places, clients with labels.
QUERIES_OF_THE_PAGE = 9


@pytest.fixture(autouse=True)
def _without_second_step(settings: Settings) -> None:
    settings.REQUIRE_STAFF_MFA = False


def person(name: str, **changes: Any) -> Person:
    return Person(**{"name": name, "gender": "Woman", "age_band": "30 to 44", **changes})


def test_spread_with_candidates() -> None:
    here = [person("A", problem_areas=("grief",)), person("B", problem_areas=("grief", "role disputes"))]
    spread = compose(here, [person("C", problem_areas=("role transitions",))]).sections[0]
    assert [(share.label, share.now, share.after) for share in spread.shares] == [
        ("grief", 2, 2),
        ("role disputes", 1, 1),
        ("role transitions", 0, 1),
    ]
    assert [share.is_new for share in spread.shares] == [False, False, True]


@pytest.mark.parametrize(
    ("odd", "what"),
    [
        ({"gender": "Man"}, "man"),
        ({"age_band": "60 and over"}, "60 and over"),
        ({"identities": ("veteran",)}, "veteran"),
    ],
)
def test_isolates(odd: dict[str, Any], what: str) -> None:
    people = [person("Ana"), person("Bea"), person("Cy", **odd)]
    assert compose(people).alone == [f"Cy: the only one, {what}"]
    with_another = compose(people, [person("Di", **odd)])
    assert with_another.no_longer_alone == with_another.alone
    assert with_another.alone_after == []


def test_a_candidate_who_would_be_alone() -> None:
    composition = compose([person("Ana"), person("Bea")], [person("Cy", gender="Man")])
    assert composition.newly_alone == ["Cy: the only one, man"]
    assert composition.people_after == 3


def test_who_gave_no_gender_is_compared_with_nobody() -> None:
    assert compose([person("A"), person("B"), person("C", gender="")]).alone == []


def test_two_people_are_not_warned_about() -> None:
    assert compose([person("A"), person("B", gender="Man")]).alone == []


@pytest.mark.parametrize(
    ("born", "band"),
    [
        (date(1996, 11, 15), "under 30"),
        (date(1996, 11, 14), "30 to 44"),
        (date(1966, 11, 15), "45 to 59"),
        (date(1966, 11, 14), "60 and over"),
    ],
)
def test_age_bands_begin_on_the_birthday(born: date, band: str) -> None:
    assert age_band(born, date(2026, 11, 14)) == band


# --- The page -------------------------------------------------------------------------------------------------------
def test_page(group: Group, therapist: User) -> None:
    MembershipFactory.create_batch(3, group=group, client__gender="woman")
    veteran = ClientFactory(first_name="Otto", last_name="Stone", gender="man")
    veteran.identities.add(Identity.objects.get(code="veteran"))
    veteran.client_problem_areas.create(area=ProblemArea.objects.get(code="grief"), is_primary=True)
    proposal = MembershipFactory(group=group, client=veteran, state=MembershipState.PROPOSED)
    other = MembershipFactory(group=group, client__gender="man", state=MembershipState.PROPOSED)
    address = reverse("groups_app:composition", args=[group.pk])
    page = signed_in(therapist).get(address).content.decode()
    assert "Otto S.: the only one, veteran" in page
    assert "the only one, man" not in page
    page = signed_in(therapist).get(address, {"with": str(proposal.pk)}).content.decode()
    assert "Otto S.: the only one, man" in page
    assert str(other.pk) in page
    assert signed_in(therapist).get(address, {"with": "x"}).status_code == 200


def test_coordinators_do_not_see_it(group: Group, coordinator: User) -> None:
    """R20: clinical staff only."""
    assert signed_in(coordinator).get(reverse("groups_app:composition", args=[group.pk])).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_page_asks_the_same_for_any_number(
    rows: int, group: Group, therapist: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    MembershipFactory.create_batch(rows, group=group)
    browser = signed_in(therapist)
    with django_assert_num_queries(QUERIES_OF_THE_PAGE):
        browser.get(reverse("groups_app:composition", args=[group.pk]))
