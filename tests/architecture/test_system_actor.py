"""Where the program passes row-level security: each place with its reason (docs/row-security.md)."""

import re
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
ROOMS = (
    "audit",
    "climate",
    "common",
    "config",
    "groups_app",
    "home",
    "keys",
    "matching",
    "members",
    "practice",
    "process_notes",
    "records",
    "reminders",
    "sessions_log",
)

# What runs without a person at the screen: tasks, commands and migrations.
DEFINED = {"common/acting.py", "common/row_security.py"}
UNATTENDED = re.compile(r"(^|/)(tasks|management/commands/\w+)\.py$")
ATTENDED = {
    "climate/services/closing.py": "whoever answers first forgets the closed check-ins of every group; none is read",
    "groups_app/services/groups.py": "a new group has no leaders yet, and who hands one over no longer sees it",
    "groups_app/services/steps.py": "a leader sees no waiting list, a member no screening; both decide what comes next",
    "home/views/emergency.py": "whom the search found is no longer seen; the signed token is the proof",
    "keys/rotation.py": "called by a command; every text gets its new key, whoever may read it",
    "members/named.py": "who was refused does not see the row; the trail alone learns whose it is",
    "members/services/emergency.py": "finds one record by its exact name and day, and who cares for the client",
    "process_notes/receivers.py": "an administrator ends a supervision and sees no share of notes",
    "records/copy.py": "a client has the right to a copy of notes whose rows are hidden from them",
    "reminders/services/wording.py": "a text must name no group, also none that its writer may not see",
    "reminders/views/feeds.py": "calendar programs do not sign in; the signed token is the proof",
    "reminders/views/mail_events.py": "the mail provider calls; its secret is the proof",
    "reminders/views/provider.py": "the provider of texts calls; its signature is the proof",
    "reminders/views/public.py": "links in messages work without signing in; the signed token is the proof",
    "sessions_log/finding.py": "what is in the way may be anybody's; it is named only to those who may know",
    "sessions_log/services/places.py": "what is in the way may be anybody's; it is named only to those who may know",
}


def test_every_use_of_the_system_has_a_reason() -> None:
    found = set()
    for room in ROOMS:
        for path in (PROJECT / room).rglob("*.py"):
            name = str(path.relative_to(PROJECT))
            is_of_it = name in DEFINED or "/migrations/" in name or UNATTENDED.search(name)
            if not is_of_it and re.search(r"\bSYSTEM\b", path.read_text()):
                found.add(name)
    assert found - ATTENDED.keys() == set(), "say here why this must see every row"
    assert ATTENDED.keys() - found == set(), "these no longer do"
