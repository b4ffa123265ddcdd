"""What policies show each kind of person: at least what ``visible_to`` keeps, nothing of outsiders (R41, R43)."""

import datetime
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import connection, models

from common.acting import DOOR, NOBODY, Actor, acting_as
from common.clock import now
from groups_app.models import GroupTransition, Membership, MembershipTransition
from members.models import Client, Intake
from practice.models import User
from sessions_log.models import AbsenceNotice, Attendance, GroupNote, MemberNote, Session
from tests.architecture.permissions.scene import make_scene
from tests.architecture.test_database_catalogue import protected_tables
from tests.factories.members import AvailabilityFactory, ConsentFactory, WaitingFactory
from tests.factories.sessions_log import SessionFactory

pytestmark = pytest.mark.django_db

# About staff, whom every other member of staff knows, and about when they are busy.
AMONG_STAFF = {
    "practice_user",
    "practice_license",
    "practice_supervision",
    "practice_invitation",
    "sessions_log_sessionleader",
}
ACCOUNTS = {
    "account_emailaddress",
    "account_emailconfirmation",
    "mfa_authenticator",
    "practice_invitation",
    "practice_user",
    "usersessions_usersession",
}
CLINICAL = {"members_intake", "members_screeningfindings", "sessions_log_groupnote", "sessions_log_membernote"}
Seen = dict[str, set[str]]


@pytest.fixture
def people() -> dict[str, User]:
    """Two groups with a leader and a member each, and about each of them everything that is written down."""
    scene = make_scene()
    for letter, member in (("T", "M"), ("t", "m")):
        leader, client = scene.people[letter], Client.objects.get(user=scene.people[member])
        membership = Membership.objects.get(client=client)
        session = membership.group.sessions.first() or SessionFactory(group=membership.group)
        _write(leader, client, membership, session)
    return scene.people


def _write(leader: User, client: Client, membership: Membership, session: Session) -> None:
    about, signed = (
        {"session": session, "author": leader, "updated_at": now()},
        {"signed_at": now(), "signed_by": leader},
    )
    AvailabilityFactory(client=client)
    ConsentFactory(client=client)
    WaitingFactory(client=client, since=datetime.date(2026, 1, 5))
    Intake.objects.create(client=client, brings="x", recorded_by=leader, recorded_at=now())
    GroupTransition.objects.create(
        group=membership.group, from_state="planned", to_state="forming", by=leader, at=now()
    )
    MembershipTransition.objects.create(membership=membership, to_state="active", by=leader, at=now())
    AbsenceNotice.objects.create(session=session, membership=membership, given_at=now(), given_by=client.user)
    Attendance.objects.create(
        session=session, membership=membership, status="present", recorded_by=leader, recorded_at=now()
    )
    MemberNote.objects.create(membership=membership, **about)
    GroupNote.objects.create(**about, **signed)


def seen_by(who: User | Actor) -> Seen:
    """The keys of the rows of each protected table that has any, as ``who`` sees them by raw SQL."""
    with acting_as(who), connection.cursor() as cursor:
        seen = {}
        for table in protected_tables():
            cursor.execute(f"SELECT to_jsonb(t) ->> 'id' FROM {connection.ops.quote_name(table)} t")  # noqa: S608
            seen[table] = {str(key) for (key,) in cursor.fetchall()}
    return {table: keys for table, keys in seen.items() if keys}


def models_with_visible_rows() -> Iterator[type[models.Model]]:
    for model in apps.get_models():
        if hasattr(model._default_manager.all(), "visible_to"):
            yield model


def test_policies_show_at_least_what_visible_to_keeps(people: dict[str, User]) -> None:
    found = list(models_with_visible_rows())
    assert len(found) > 8
    for letter, person in people.items():
        seen = seen_by(person)
        for model in found:
            kept = {str(key) for key in model._default_manager.visible_to(person).values_list("pk", flat=True)}
            assert kept <= seen.get(model._meta.db_table, set()), (letter, model)


def test_without_anybody_nothing_is_shown(people: dict[str, User]) -> None:
    assert seen_by(NOBODY) == {}
    assert len(seen_by(people["S"])) > 15


def test_the_door_shows_accounts_only(people: dict[str, User]) -> None:
    assert seen_by(DOOR).keys() <= ACCOUNTS


@pytest.mark.parametrize(("one", "other"), [("T", "t"), ("M", "m"), ("T", "m"), ("M", "t")])
def test_two_groups_have_no_row_in_common(people: dict[str, User], one: str, other: str) -> None:
    here, there = seen_by(people[one]), seen_by(people[other])
    shared = {table for table in here.keys() & there.keys() if here[table] & there[table]}
    assert shared <= AMONG_STAFF
    members = {str(people["M"].pk), str(people["m"].pk)}
    assert not (here["practice_user"] & there["practice_user"] & members)


def test_an_administrator_sees_accounts_of_staff_and_nobody_in_care(people: dict[str, User]) -> None:
    seen = seen_by(people["D"])
    assert seen.keys() <= ACCOUNTS | {"practice_license", "practice_supervision"}
    assert not seen["practice_user"] & {str(people["M"].pk), str(people["m"].pk)}


def test_a_coordinator_sees_no_clinical_text(people: dict[str, User]) -> None:
    assert not CLINICAL & seen_by(people["C"]).keys()


def test_clinicians_see_the_texts_of_their_groups(people: dict[str, User]) -> None:
    leader, supervisor = seen_by(people["T"]), seen_by(people["S"])
    assert [
        len(leader[table]) for table in ("members_intake", "sessions_log_groupnote", "sessions_log_membernote")
    ] == [
        1,
        1,
        1,
    ]
    # Signed ones only, and only of the therapist whom this supervisor supervises.
    assert supervisor["sessions_log_groupnote"] == leader["sessions_log_groupnote"]
    assert "sessions_log_membernote" not in supervisor


def test_a_member_sees_the_own_record_without_what_clinicians_wrote(people: dict[str, User]) -> None:
    seen = seen_by(people["M"])
    assert len(seen["members_client"]) == len(seen["groups_app_membership"]) == len(seen["groups_app_group"]) == 1
    assert not CLINICAL & seen.keys()


@pytest.mark.parametrize("letter", ["M", "t", "D", "C"])
def test_what_is_not_seen_is_not_written(people: dict[str, User], letter: str) -> None:
    note = GroupNote.objects.get(author=people["T"])
    with acting_as(people[letter]):
        assert GroupNote.objects.filter(pk=note.pk).update(version=9) == 0


def test_an_account_that_is_closed_sees_only_itself(people: dict[str, User]) -> None:
    leader = people["T"]
    leader.is_active = False
    leader.save()
    assert seen_by(leader).keys() <= {"practice_user", "account_emailaddress", "mfa_authenticator"}
