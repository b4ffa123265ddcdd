"""Which rows somebody may see is said in one place: ``visible_to``, or a way from a row that has it (ADR 14, R43).

A table about people is missing here until it has one of the two. Pages begin with what their reader may see.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import rules
from django.apps import apps
from django.db import models

from tests.architecture.test_database_catalogue import ABOUT_NOBODY, PROJECT

USER = "practice.User"


@dataclass(frozen=True)
class Way:
    """Through which column people come to a row, from one they may see or from themselves, and with which right."""

    through: str
    right: str = ""


# Rows without a ``visible_to`` of their own. Without a right they are seen by whoever sees the row they hang on.
WAYS = {
    "groups_app.Acknowledgement": Way("membership", "groups_app.sign_agreement"),
    "groups_app.AgreementVersion": Way("group"),
    "groups_app.ConflictOverride": Way("group", "groups_app.override_conflict"),
    "groups_app.DoorOpening": Way("group"),
    "groups_app.EndingCheck": Way("group", "groups_app.change_state"),
    "groups_app.GoalRating": Way("goal", "groups_app.see_goals"),
    "groups_app.GroupCover": Way("group"),
    "groups_app.GroupLeader": Way("group"),
    "groups_app.GroupTransition": Way("group"),
    "groups_app.MemberGoal": Way("membership", "groups_app.see_goals"),
    "groups_app.MembershipTransition": Way("membership"),
    "groups_app.MembershipVersion": Way("group"),
    "groups_app.PaperScan": Way("signature"),
    "groups_app.PregroupMeeting": Way("membership", "groups_app.record_pregroup_meeting"),
    "climate.CheckIn": Way("session", "climate.read"),
    "climate.Mark": Way("session", "climate.read"),
    "members.Availability": Way("client"),
    "members.ClientProblemArea": Way("client"),
    "members.Client_conditions": Way("client"),
    "members.Client_difficulties": Way("client"),
    "members.Client_goals": Way("client"),
    "members.Client_identities": Way("client", "groups_app.see_composition"),
    "members.ContactConsent": Way("client"),
    "members.Intake": Way("client", "members.see_intake"),
    "members.Intake_family_roles": Way("intake", "members.see_intake"),
    "members.KeepApart": Way("one", "members.see_kept_apart"),
    "members.KnownPerson": Way("client"),
    "members.Screening": Way("client"),
    "members.ScreeningFindings": Way("screening", "members.screen"),
    "practice.Invitation": Way("user", "practice.administer"),
    "practice.License": Way("user", "practice.administer"),
    "practice.Supervision": Way("therapist", "practice.administer"),
    "process_notes.InteractionMap": Way("author", "process_notes.keep"),
    "process_notes.ProcessNote": Way("author", "process_notes.keep"),
    "records.ImportRow": Way("batch"),
    "reminders.CalendarFeed": Way("user"),
    "reminders.ClientChannel": Way("client"),
    "reminders.KnownSchedule": Way("session"),
    "reminders.Silence": Way("client"),
    "sessions_log.AbsenceNotice": Way("session"),
    "sessions_log.Addendum": Way("session", "sessions_log.read_notes"),
    "sessions_log.AskedAfter": Way("membership", "groups_app.see_membership"),
    "sessions_log.Attendance": Way("session", "sessions_log.bill_session"),
    "sessions_log.AttendanceVersion": Way("session", "sessions_log.read_notes"),
    "sessions_log.BoundaryEvent": Way("session", "sessions_log.read_notes"),
    "sessions_log.CoSignature": Way("session", "sessions_log.read_notes"),
    "sessions_log.GroupNoteVersion": Way("session", "sessions_log.read_notes"),
    "sessions_log.MemberNoteVersion": Way("session", "sessions_log.read_notes"),
    "sessions_log.NameConfirmation": Way("session", "sessions_log.document_session"),
    "sessions_log.SessionLeader": Way("session"),
    "sessions_log.Snippet": Way("author"),
    "sessions_log.WritingStyle": Way("user"),
}
# Accounts: every member of staff knows the others; their pages are the administrators' (``practice.administer``), and
# what allauth keeps of an account it reads for whoever signs in to it.
ACCOUNTS = {
    USER,
    "account.EmailAddress",
    "account.EmailConfirmation",
    "mfa.Authenticator",
    "pghistory.Context",
    "pghistory.MiddlewareEvents",
    "usersessions.UserSession",
}

# Reads that begin with a person or with a row that was found, besides ``visible_to`` and a column that names one.
NARROWING = {
    "by",
    "documentable_by",
    "given_by",
    "notices_of",
    "of",
    "of_member",
    "read_by",
    "signable_by",
    "to_be_screened_by",
}
# Pages that find rows in another way, each with the reason.
OTHERWISE = {
    ("home/views/emergency.py", "Client"): "whom the search found; the signed token is the proof",
    ("members/views/clients.py", "ContactConsent"): "fetched along with a client that is visible",
    ("members/views/waiting.py", "Client"): "fetched along with waits that are visible",
    ("members/views/waiting.py", "ContactConsent"): "the same",
    ("process_notes/views/access.py", "Session"): "whoever wrote about it keeps it: the right process_notes.keep",
    ("process_notes/views/maps.py", "Group"): "404 without a map of one's own",
    ("reminders/views/public.py", "Client"): "the signed link in a message is the proof",
    ("sessions_log/views/access.py", "Session"): "fetched with the person's rights, which its rule then asks",
}


def about_people() -> dict[str, type[models.Model]]:
    """The models whose tables hold something about people, by their labels."""
    return {
        model._meta.label: model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and model._meta.db_table not in ABOUT_NOBODY
    }


def says_who_sees_it(model: type[models.Model]) -> bool:
    return hasattr(model._default_manager.all(), "visible_to")


def test_every_table_about_people_says_who_sees_its_rows() -> None:
    silent = {label for label, model in about_people().items() if not says_who_sees_it(model)}
    assert silent - WAYS.keys() - ACCOUNTS == set(), "add visible_to to its queryset, or a way to WAYS"
    assert (WAYS.keys() | ACCOUNTS) - silent == set(), "these have a visible_to, or are gone"


@pytest.mark.parametrize("label", WAYS)
def test_every_way_begins_with_a_row_that_may_be_seen(label: str) -> None:
    way, model = WAYS[label], apps.get_model(label)
    parent = model._meta.get_field(way.through).related_model
    assert isinstance(parent, type)
    known = says_who_sees_it(parent) or parent._meta.label == USER or parent._meta.label in WAYS
    assert known, f"{label} hangs on {parent._meta.label}, of which nobody says who sees it"
    assert not way.right or rules.perm_exists(way.right), way.right


def pages() -> list[Path]:
    return sorted([*PROJECT.glob("*/views.py"), *PROJECT.glob("*/views/*.py")])


def unrolled(chain: ast.Call) -> tuple[ast.AST, set[str]]:
    """What a chain of calls begins with, and the names that follow it."""
    node: ast.AST = chain
    names = set()
    while isinstance(node, ast.Call | ast.Attribute):
        if isinstance(node, ast.Attribute):
            names.add(node.attr)
        node = node.func if isinstance(node, ast.Call) else node.value
    return node, names


def reads(tree: ast.AST) -> Iterator[tuple[str, set[str], set[str]]]:
    """Yield for each ``Model.objects…``, and each model looked up by Django's shortcut, its name, the methods that
    follow, and the columns these name.
    """
    followed = {node.value for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    for chain in ast.walk(tree):
        if isinstance(chain, ast.Call) and chain not in followed:
            begin, names = unrolled(chain)
            keywords = [node.arg or "" for node in ast.walk(chain) if isinstance(node, ast.keyword)]
            if isinstance(begin, ast.Name) and begin.id == "get_object_or_404":
                begin = chain.args[0]
                names.add("objects")
            if isinstance(begin, ast.Name) and "objects" in names:
                yield begin.id, names, {keyword.partition("__")[0] for keyword in keywords}


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(PROJECT)))
def test_pages_begin_with_what_their_reader_may_see(page: Path) -> None:
    place = str(page.relative_to(PROJECT))
    by_name = {model.__name__: model for label, model in about_people().items() if label not in ACCOUNTS}
    for name, methods, columns in reads(ast.parse(page.read_text(encoding="utf-8"))):
        if name not in by_name or (place, name) in OTHERWISE:
            continue
        hangs_on = {field.name for field in by_name[name]._meta.concrete_fields if field.is_relation}
        begins_right = "visible_to" in methods or methods & NARROWING or columns & hangs_on
        assert begins_right or place.startswith("practice/"), f"{place}: {name}.objects without visible_to"


NAMES_A_ROLE = re.compile(r"\bRole\b(?!\w)|\b(has|with)_role\(|_ROLES\b|\buser\.roles\b")
ASKS_A_ROLE = re.compile(r"\bhas_role\(|\.roles\b")
# What asks for a role as a fact about somebody, and not for what they may do.
FACTS = {
    "groups_app/services/groups.py": "only therapists lead groups",
    "members/services/screening.py": "only therapists are asked to screen",
    "practice/services/people.py": "the last administrator stays one",
    "practice/services/supervision.py": "who supervises whom",
    "reminders/calendars/subscription.py": "a therapist's calendar holds the sessions they lead",
    "sessions_log/services/leading.py": "only therapists stand in",
}
ASKS_FOR = re.compile(r"""\b(?:permitted\(|has_perm\(|has_perm )\s*['"](\w+\.\w+)['"]""")


def web() -> dict[str, str]:
    """Views, addresses and templates, by their place."""
    templates = [one for one in (PROJECT / "templates").rglob("*") if one.is_file()]
    places = [*pages(), *PROJECT.glob("*/urls.py"), *PROJECT.glob("*/urls/*.py"), *templates]
    return {str(place.relative_to(PROJECT)): place.read_text(encoding="utf-8") for place in places}


def test_pages_ask_for_rights_by_their_names() -> None:
    """What a role may do stands in ``rules.py``; a page and its template ask for the permission (ADR 14)."""
    assert {place for place, text in web().items() if NAMES_A_ROLE.search(text)} == set()


def test_verbs_forms_and_reads_ask_for_rights_too() -> None:
    """Beside ``rules.py`` only ``visible_to`` and its like go by roles."""
    asking = {
        str(place.relative_to(PROJECT))
        for room in ("forms", "services", "reads", "calendars")
        for place in [
            *PROJECT.glob(f"*/{room}.py"),
            *PROJECT.glob(f"*/*_{room}.py"),
            *PROJECT.glob(f"*/{room}/**/*.py"),
        ]
        if ASKS_A_ROLE.search(place.read_text(encoding="utf-8"))
    }
    assert asking == FACTS.keys()


def test_every_right_that_a_page_asks_for_stands_in_the_rules() -> None:
    """A misspelled one would shut a door to everybody, without a word."""
    asked = {name for text in web().values() for name in ASKS_FOR.findall(text)}
    assert {name for name in asked if not rules.perm_exists(name)} == set()
