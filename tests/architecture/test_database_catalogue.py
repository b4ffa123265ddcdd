"""The database's own catalogue: no table of people without policies, no role with more rights than its work needs."""

import re
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import connection

from common.encryption import EncryptedTextField
from tests.database import connected

pytestmark = pytest.mark.django_db

PROJECT = Path(__file__).resolve().parents[2]

# Tables about nobody, each with the reason. Every other one needs FORCE and a policy (docs/row-security.md).
ABOUT_NOBODY = {
    "auth_group": "Django's, unused",
    "auth_group_permissions": "Django's, unused",
    "auth_permission": "Django's list of models and verbs",
    "django_content_type": "Django's list of models",
    "django_migrations": "which migrations ran",
    "django_session": "signed-in browsers by their random key: asked before anybody is known; holds an account's key",
    "groups_app_agreementclause": "text; whose group's it is stands in the version",
    "groups_app_agreementtemplate": "the text that agreements start from",
    "groups_app_endingitem": "reference list",
    "groups_app_phase": "reference list",
    "groups_app_templateclause": "text that agreements start from",
    "keys_datakey": "wrapped keys, by the key of what they belong to; needed before anybody is known",
    "members_condition": "reference list",
    "members_difficultyarea": "reference list",
    "members_familyrole": "reference list",
    "members_goal": "reference list",
    "members_identity": "reference list",
    "members_screeningitem": "reference list",
    "members_problemarea": "reference list",
    "members_referralreason": "reference list",
    "practice_closure": "days off",
    "practice_policy": "what the practice decided",
    "practice_practice": "name and phone of the practice",
    "practice_room": "rooms",
    "practice_site": "sites",
    "reminders_messagetext": "the practice's words for messages",
}

# What the web may delete, each with the reason. Everything else is kept, whoever asks (R45, docs/retention.md).
MAY_BE_DELETED = {
    "account_emailaddress": "an account's former address, after a new one was confirmed",
    "account_emailconfirmation": "confirmations that were used",
    "climate_checkin": "check-ins with too few answers for an average: nobody may be guessed from them",
    "climate_mark": "who answered a check-in that has closed",
    "django_session": "signing out",
    "groups_app_endingcheck": "a tick that is taken back",
    "groups_app_templateclause": "clauses that new agreements start from; what was published has its own",
    "members_availability": "when somebody can come, written anew as a whole",
    "members_client_conditions": "a tag taken off",
    "members_client_difficulties": "a tag taken off",
    "members_client_goals": "a tag taken off",
    "members_client_identities": "a tag taken off",
    "members_clientproblemarea": "a tag taken off",
    "members_intake_family_roles": "a tag taken off",
    "mfa_authenticator": "a second step that its owner gives up",
    "practice_closure": "days off to come",
    "practice_license": "a license noted by mistake",
    "records_clientimport": "an uploaded list that nobody took",
    "records_importrow": "an uploaded list that nobody took",
    "reminders_messagetext": "the practice's words for a message, given up for Kith's",
    "reminders_taken": "that a message was taken, once it is settled in the message itself",
    "sessions_log_attendance": "a mark taken back before signing; triggers keep what it was, and all that is signed",
    "sessions_log_boundaryevent": "noted by mistake, before signing; then a trigger locks it",
    "sessions_log_seriesstop": "a series that goes on",
    "sessions_log_sessionleader": "who leads a session to come; a trigger keeps those of past ones",
    "sessions_log_snippet": "an author's own sentence for notes",
    "usersessions_usersession": "a device signed out",
}


def rows(statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def tables() -> set[str]:
    return {name for (name,) in rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}


def protected_tables() -> list[str]:
    return sorted(tables() - ABOUT_NOBODY.keys())


def test_every_table_about_people_is_forced_and_has_a_policy() -> None:
    held = rows(
        """
        SELECT c.relname FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
            AND c.relrowsecurity AND c.relforcerowsecurity
            AND EXISTS (
                SELECT FROM pg_policy p
                WHERE p.polrelid = c.oid AND p.polpermissive AND p.polqual IS NOT NULL AND p.polwithcheck IS NOT NULL
            )
        """
    )
    missing = tables() - {name for (name,) in held} - ABOUT_NOBODY.keys()
    assert missing == set(), "add Protect(…) to a migration (docs/row-security.md)"


def test_the_tables_about_nobody_are_all_there() -> None:
    assert ABOUT_NOBODY.keys() - tables() == set()


def test_no_policy_lets_everything_through() -> None:
    conditions = rows("SELECT tablename, qual, with_check FROM pg_policies WHERE schemaname = 'public'")
    assert [name for name, *each in conditions if "true" in each] == []


def test_every_view_asks_as_its_reader() -> None:
    of_kind = "SELECT relname, reloptions FROM pg_class WHERE relkind = %s AND relnamespace = 'public'::regnamespace"
    assert [name for name, options in rows(of_kind, "v") if "security_invoker=true" not in (options or [])] == []
    assert rows(of_kind, "m") == [], "a materialized view has no policies"


@pytest.mark.parametrize(
    ("role", "attributes"),
    [
        ("kith_owner", {"login"}),
        ("kith_app", {"login"}),
        ("kith_worker", {"login"}),
        ("kith_backup", {"login", "bypasses"}),
        ("kith_policy", {"bypasses"}),
        ("kith_audit", set()),
    ],
)
def test_no_role_can_do_more_than_it_must(role: str, attributes: set[str]) -> None:
    names = ("login", "bypasses", "superuser", "creates roles", "replicates")
    columns = "rolcanlogin, rolbypassrls, rolsuper, rolcreaterole, rolreplication"
    (flags,) = rows(f"SELECT {columns} FROM pg_roles WHERE rolname = %s", role)  # noqa: S608 (columns of ours)
    assert {name for name, is_set in zip(names, flags, strict=True) if is_set} == attributes


def test_only_the_owner_becomes_other_roles() -> None:
    memberships = rows(
        "SELECT m.member::regrole::text, m.roleid::regrole::text FROM pg_auth_members m"
        " WHERE m.member::regrole::text LIKE 'kith%%' ORDER BY 1, 2"
    )
    assert memberships == [("kith_owner", "kith_audit"), ("kith_owner", "kith_policy")]


def test_tables_belong_to_the_owner_and_functions_of_policies_to_nobody_who_signs_in() -> None:
    assert {owner for (owner,) in rows("SELECT tableowner FROM pg_tables WHERE schemaname = 'public'")} == {
        "kith_owner"
    }
    functions = rows(
        "SELECT proname, pg_get_userbyid(proowner), proconfig::text FROM pg_proc"
        " WHERE pronamespace = 'public'::regnamespace AND prosecdef"
    )
    assert len(functions) > 10
    for name, owner, configuration in functions:
        assert owner == "kith_policy", name
        assert "search_path=pg_catalog, public" in configuration, name


def test_functions_of_policies_cost_nothing_for_each_row() -> None:
    """Else PostgreSQL reads whole tables rather than go by an index (``common.row_security.define``)."""
    dear = rows(
        "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef AND provolatile = 's'"
        " AND (procost <> 1 OR (proretset AND prorows <> 10))"
    )
    assert dear == []


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("kith_app", {"SELECT", "INSERT", "UPDATE", "DELETE"}),
        ("kith_worker", {"SELECT", "INSERT", "UPDATE", "DELETE"}),
        ("kith_backup", {"SELECT"}),
        ("kith_policy", {"SELECT"}),
    ],
)
def test_rights_on_tables(role: str, allowed: set[str]) -> None:
    granted = rows(
        "SELECT DISTINCT privilege_type FROM information_schema.role_table_grants"
        " WHERE grantee = %s AND table_schema = 'public'",
        role,
    )
    # Somebody who is not the grantee does not see a grant in that view, so the owner's own table is asked as well.
    direct = rows(
        """
        SELECT DISTINCT a.privilege_type FROM pg_class c, aclexplode(c.relacl) a
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v') AND a.grantee = %s::regrole
        """,
        role,
    )
    assert {right for (right,) in [*granted, *direct]} == allowed


def test_nothing_is_deleted_but_what_may_be() -> None:
    statement = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
    may = f"{statement} AND has_table_privilege(%s, oid, 'DELETE')"
    web, worker = ({name for (name,) in rows(may, role)} for role in ("kith_app", "kith_worker"))
    assert web == MAY_BE_DELETED.keys(), "say why a row may go, and grant it in a migration"
    assert worker < web
    truncate = rows(statement + " AND (has_table_privilege('kith_app', oid, 'TRUNCATE'))")
    assert truncate == []


def test_who_owns_the_policies_functions_changes_ciphertext_alone() -> None:
    columns = rows(
        """
        SELECT a.attrelid::regclass::text, a.attname FROM pg_attribute a, aclexplode(a.attacl) x
        WHERE x.grantee = 'kith_policy'::regrole AND x.privilege_type <> 'SELECT' ORDER BY 1
        """
    )
    encrypted = {
        (model._meta.db_table, field.column)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, EncryptedTextField)
    }
    assert len(columns) == 4
    assert set(columns) <= encrypted
    asked = "SELECT has_function_privilege(%s, 'kith_reseal(text, text, uuid, bytea, bytea)', 'EXECUTE')"
    assert [rows(asked, role)[0][0] for role in ("kith_app", "kith_worker", "kith_owner")] == [False, False, True]


def test_the_backup_reads_every_table() -> None:
    unreadable = rows(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
        " AND NOT has_table_privilege('kith_backup', oid, 'SELECT')"
    )
    assert unreadable == []


def test_the_worker_has_no_right_on_clinical_texts() -> None:
    clinical = {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if any(isinstance(field, EncryptedTextField) for field in model._meta.concrete_fields)
    }
    assert {"members_intake", "sessions_log_groupnote", "sessions_log_membernote"} <= clinical
    rights = rows(
        """
        SELECT t, r FROM unnest(%s::text[]) t, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) r
        WHERE has_table_privilege('kith_worker', t, r)
        """,
        sorted(clinical),
    )
    assert rights == [], "add clinical=True to the table's Protect(…)"


@pytest.mark.parametrize("address", ["DATABASE_URL", "DATABASE_WORKER_URL"])
@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE members_client NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY kith_rows ON members_client",
        "TRUNCATE members_client",
        "CREATE TABLE of_my_own ()",
        "SET ROLE kith_owner",
        "SET ROLE kith_policy",
        "ALTER FUNCTION kith_holds OWNER TO kith_app",
    ],
)
def test_web_and_worker_cannot_help_themselves(address: str, statement: str) -> None:
    with connected(address) as role, pytest.raises(psycopg.errors.InsufficientPrivilege):
        role.execute(statement)


def test_the_owner_sees_no_row_either() -> None:
    with connected("DATABASE_OWNER_URL") as owner:
        assert owner.execute("SELECT count(*) FROM practice_user").fetchone() == (0,)
        owner.execute("SELECT set_config('app.user_id', 'system', true)")
        owner.execute("INSERT INTO practice_user SELECT * FROM practice_user")


def test_a_backup_writes_nothing() -> None:
    with connected("DATABASE_BACKUP_URL") as backup, pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        backup.execute("DELETE FROM practice_user")


def test_programs_sign_in_as_the_roles_meant_for_them() -> None:
    assert connection.settings_dict["USER"] == "kith_app"
    procfile = (PROJECT / "Procfile").read_text()
    assert re.findall(r"^(\w+):.*DATABASE_(\w+)_URL", procfile, re.MULTILINE) == [("worker", "WORKER")]
    compose = (PROJECT / "docker-compose.yml").read_text()
    users = re.findall(r"DATABASE_URL: postgresql://(\w+):", compose)
    assert users == ["kith_app", "kith_worker", "kith_owner"]
    assert compose.index("  worker:\n") < compose.index("postgresql://kith_worker") < compose.index("  migrate:\n")
    assert compose.index("  migrate:\n") < compose.index("postgresql://kith_owner") < compose.index("  db:\n")
