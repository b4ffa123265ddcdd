"""The course of a group as a practice wants it: phases and the ending's checklist (R15, R29)."""

from typing import Any

import pytest
from django.test import Client as Browser
from django.urls import reverse

from groups_app.models import EndingItem, Phase, phase_of
from groups_app.services import CourseWrong, change_course
from groups_app.services.course import ItemRow, PhaseRow, course_version
from practice.models import User
from tests.factories.practice import AdministratorFactory, SupervisorFactory

pytestmark = pytest.mark.django_db
PAGE = reverse("groups_app:course")


@pytest.fixture(autouse=True)
def _no_second_step(settings: Any) -> None:
    settings.REQUIRE_STAFF_MFA = False


@pytest.fixture
def supervisor(db: None) -> User:
    return SupervisorFactory()


def phases() -> list[PhaseRow]:
    return [
        PhaseRow(phase.pk, phase.name, phase.goals, phase.until_percent)
        for phase in Phase.objects.filter(is_active=True)
    ]


def items() -> list[ItemRow]:
    return [ItemRow(item.pk, item.title, item.help_text) for item in EndingItem.objects.filter(is_active=True)]


def in_use() -> list[tuple[str, int]]:
    return list(Phase.objects.filter(is_active=True).values_list("code", "until_percent"))


def test_a_practice_starts_with_four_phases_known_by_their_codes() -> None:
    assert in_use() == [("assessment", 25), ("problem-areas", 50), ("skills", 75), ("resilience", 100)]


def test_phases_change_places_go_and_come(supervisor: User) -> None:
    first, second, _third, last = phases()
    wanted = [
        PhaseRow(second.pk, "Problems first", second.goals, 25),
        PhaseRow(first.pk, first.name, first.goals, 50),
        PhaseRow(None, "Çlosing, slowly", "Part.", 90),
        last,
    ]
    for _again in range(2):
        change_course(phases=wanted, items=items(), version=course_version(), by=supervisor)
        wanted = phases()
    assert in_use() == [("problem-areas", 25), ("assessment", 50), ("closing-slowly-1", 90), ("resilience", 100)]
    assert Phase.objects.get(code="skills").is_active is False
    assert phase_of(1, 4, list(Phase.objects.all())).name == "Problems first"  # type: ignore[union-attr]


def test_phases_reach_the_end_and_end_apart(supervisor: User) -> None:
    *others, last = phases()
    with pytest.raises(CourseWrong, match="100 percent"):
        change_course(phases=others, items=items(), version=course_version(), by=supervisor)
    with pytest.raises(CourseWrong, match="Two phases"):
        change_course(
            phases=[PhaseRow(None, "Twin", "", 100), last], items=items(), version=course_version(), by=supervisor
        )
    assert len(in_use()) == 4
    change_course(phases=[], items=[], version=course_version(), by=supervisor)  # a practice may do without
    assert (in_use(), items()) == ([], [])


def test_the_checklist_keeps_its_lines_and_their_order(supervisor: User) -> None:
    first, second, *others = items()
    change_course(
        phases=phases(),
        items=[second, ItemRow(None, "Say thank you", ""), first],
        version=course_version(),
        by=supervisor,
    )
    assert [item.title for item in items()] == [second.title, "Say thank you", first.title]
    assert EndingItem.objects.count() == len(others) + 3


def typed(**changes: str) -> dict[str, str]:
    """The page as it is sent back unchanged, with ``changes``."""
    data = {"phase-TOTAL_FORMS": "5", "phase-INITIAL_FORMS": "4", "item-TOTAL_FORMS": "8", "item-INITIAL_FORMS": "6"}
    for number, phase in enumerate(phases()):
        data |= {
            f"phase-{number}-pk": str(phase.pk),
            f"phase-{number}-name": phase.name,
            f"phase-{number}-until_percent": str(phase.until_percent),
            f"phase-{number}-goals": phase.goals,
        }
    for number, item in enumerate(items()):
        data |= {
            f"item-{number}-pk": str(item.pk),
            f"item-{number}-title": item.title,
            f"item-{number}-help_text": item.help_text,
            f"item-{number}-ORDER": str(number + 1),
        }
    return data | {"version": course_version()} | changes


@pytest.mark.parametrize("factory", [SupervisorFactory, AdministratorFactory])
def test_supervisors_and_administrators_edit_it(client: Browser, factory: Any) -> None:
    client.force_login(factory())
    assert "Problem areas" in client.get(PAGE).content.decode()
    changes = {"phase-0-name": "Beginning", "phase-1-name": "", "item-5-title": "", "item-0-ORDER": "9"}
    assert client.post(PAGE, typed(**changes)).url == PAGE
    assert [phase.name for phase in phases()] == ["Beginning", "Building skills", "Resilience"]
    assert [item.title for item in items()][-1] == "The ending was brought up in a session"
    assert len(items()) == 5
    assert client.put(PAGE).status_code == 405


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"phase-0-until_percent": ""}, "Enter until which percentage"),
        ({"phase-0-until_percent": "0"}, "greater than or equal to 1"),
        ({"phase-0-until_percent": "50"}, "Two phases end at the same percentage"),
        ({"phase-3-name": ""}, "lasts until 100 percent"),
    ],
)
def test_what_cannot_be_is_said_and_kept_as_typed(
    client: Browser, supervisor: User, changes: dict[str, str], sentence: str
) -> None:
    client.force_login(supervisor)
    page = client.post(PAGE, typed(**{"phase-0-name": "Typed", **changes})).content.decode()
    assert sentence in page
    assert 'value="Typed"' in page
    assert Phase.objects.filter(name="Typed").count() == 0


def test_the_last_of_two_editors_sees_what_the_first_one_saved(client: Browser, supervisor: User) -> None:
    mine = typed(**{"phase-0-name": "Mine"})
    change_course(phases=phases(), items=items()[1:], version=course_version(), by=AdministratorFactory())
    client.force_login(supervisor)
    page = client.post(PAGE, mine)
    assert page.status_code == 409
    assert "Somebody else saved other words while you typed" in page.text
    assert 'value="Mine"' in page.text
    assert Phase.objects.filter(name="Mine").count() == 0
    # Who goes on has seen both.
    assert client.post(PAGE, mine | {"version": page.context["version"]}).url == PAGE
    assert Phase.objects.filter(name="Mine", is_active=True).exists()
