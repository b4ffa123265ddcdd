"""Earlier versions of rows: of which, and that nobody changes them, whoever writes (R33, TRUST)."""

from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import connection

from common.acting import acting_as
from common.encryption import EncryptedTextField
from common.versions import Version
from groups_app.models import Membership, MembershipVersion
from sessions_log.models import GroupNote, GroupNoteVersion, MemberNote, MemberNoteVersion
from tests.database import connected
from tests.factories.groups_app import MembershipFactory
from tests.factories.practice import CoordinatorFactory, TherapistFactory
from tests.factories.sessions_log import SessionFactory

pytestmark = pytest.mark.django_db

VERSIONS: list[Any] = [model for model in apps.get_models() if issubclass(model, Version)]


def test_of_attendance_memberships_and_notes() -> None:
    assert sorted(model._meta.label for model in VERSIONS) == [
        "groups_app.MembershipVersion",
        "sessions_log.AttendanceVersion",
        "sessions_log.GroupNoteVersion",
        "sessions_log.MemberNoteVersion",
    ]


@pytest.mark.parametrize("model", VERSIONS)
def test_no_text_of_a_note_is_copied(model: Any) -> None:
    assert not [field for field in model._meta.concrete_fields if isinstance(field, EncryptedTextField)]
    assert not {"parts", "tags", "interventions", "factors"} & {field.name for field in model._meta.concrete_fields}


@pytest.mark.parametrize("model", VERSIONS)
def test_programs_add_versions_and_change_none(model: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT role || ' ' || word FROM unnest(ARRAY['kith_app', 'kith_worker']) role,
                unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) word
            WHERE has_table_privilege(role, %s, word)
            """,
            [model._meta.db_table],
        )
        allowed = {text for (text,) in cursor.fetchall()}
    assert "kith_app INSERT" in allowed
    assert allowed <= {"kith_app INSERT", "kith_worker INSERT"}


@pytest.mark.parametrize("statement", ["UPDATE {} SET status = 'late'", "DELETE FROM {}"])
def test_the_owner_of_the_table_changes_none_either(statement: str) -> None:
    table = "sessions_log_attendanceversion"
    with connected("DATABASE_OWNER_URL") as owner:
        owner.execute("SELECT set_config('app.user_id', 'system', true)")
        owner.execute(
            f"INSERT INTO {table}"  # noqa: S608 (a name of our own)
            " (id, session_id, membership_id, status, recorded_by_id, recorded_at, pgh_label, pgh_created_at)"
            " SELECT k, k, k, 'present', k, now(), 'changed', now() FROM gen_random_uuid() k"
        )
        with pytest.raises(psycopg.errors.RaiseException, match="Cannot update or delete"):
            owner.execute(statement.format(table))
        owner.rollback()


def test_of_a_membership_by_raw_sql() -> None:
    membership, coordinator = MembershipFactory(), CoordinatorFactory()
    begun = membership.starts_on
    before = MembershipVersion.objects.count()
    with acting_as(coordinator), connection.cursor() as cursor:
        cursor.execute("UPDATE groups_app_membership SET starts_on = starts_on + 7 WHERE id = %s", [membership.pk])
        cursor.execute("UPDATE groups_app_membership SET starts_on = starts_on WHERE id = %s", [membership.pk])
    assert MembershipVersion.objects.count() == before + 1, "what changes nothing makes no version"
    version = MembershipVersion.objects.filter(id=membership.pk).last()
    assert (version.starts_on, version.state, version.changed_by) == (begun, membership.state, coordinator)
    assert Membership.objects.get().starts_on > begun


def test_of_notes_who_wrote_which_version() -> None:
    session = SessionFactory(group__leaders=[leader := TherapistFactory()])
    membership = MembershipFactory(group=session.group)
    at = session.starts_at
    about = {"session": session, "author": leader, "updated_at": at}
    notes = [
        (GroupNote.objects.create(**about, parts={"theme": "one"}), GroupNoteVersion),
        (MemberNote.objects.create(**about, membership=membership, parts={"note": "one"}), MemberNoteVersion),
    ]
    for note, versions in notes:
        with acting_as(leader):
            note.parts, note.version, note.signed_at, note.signed_by = {}, 2, at, leader
            note.save()
        version = versions.objects.get()
        assert (version.version, version.author, version.signed_at, version.changed_by) == (1, leader, None, leader)
