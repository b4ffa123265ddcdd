"""A text that was tampered with or moved: a sentence on a page and an entry in the trail, never a crash (R49)."""

import pytest
from django.db import connection
from django.test import Client as Browser
from django.urls import reverse

from audit.querysets import Entries
from common.clock import now
from members.models import Intake
from practice.models import User
from tests.factories.members import ClientFactory
from tests.factories.practice import SupervisorFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _second_step_is_not_required(settings: object) -> None:
    settings.REQUIRE_STAFF_MFA = False  # type: ignore[attr-defined]


@pytest.fixture
def supervisor() -> User:
    return SupervisorFactory()


@pytest.fixture
def intakes(supervisor: User) -> list[Intake]:
    return [
        Intake.objects.create(
            client=ClientFactory(), brings=f"canary {number}", recorded_by=supervisor, recorded_at=now()
        )
        for number in range(2)
    ]


TAMPERINGS = {
    "a changed byte": "UPDATE members_intake SET brings = set_byte(brings, 40, get_byte(brings, 40) # 1) WHERE id = %s",
    "cut off": "UPDATE members_intake SET brings = substr(brings, 1, 20) WHERE id = %s",
    "another row's": (
        "UPDATE members_intake SET brings = (SELECT brings FROM members_intake WHERE id <> target.id LIMIT 1)"
        " FROM (SELECT %s::uuid AS id) AS target WHERE members_intake.id = target.id"
    ),
    "another column's": "UPDATE members_intake SET brings = hopes WHERE id = %s",
    "an unknown key's": "UPDATE members_intake SET brings = set_byte(brings, 3, get_byte(brings, 3) # 1) WHERE id = %s",
}


@pytest.mark.parametrize("tampering", TAMPERINGS.values(), ids=TAMPERINGS)
def test_a_page_says_that_a_text_cannot_be_read_and_records_it(
    client: Browser, supervisor: User, intakes: list[Intake], tampering: str
) -> None:
    victim = intakes[0]
    with connection.cursor() as cursor:
        cursor.execute(tampering, [victim.pk])
    client.force_login(supervisor)
    response = client.get(reverse("members:intake", args=[victim.client_id]))
    assert response.status_code == 409
    page = response.content.decode()
    assert "A text here cannot be read" in page
    assert "canary" not in page
    (entry,) = Entries(actor=supervisor.pk, actions=("text.unreadable",))
    assert (entry.target_label, entry.target_id) == ("members.intake.brings", str(victim.pk))
    assert "canary" not in entry.reason
