"""The entries of the rail and of the member's tabs, by role, as data; resolving them costs no query."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

MOST_ENTRIES = 6  # what a person takes in at a glance; the others stand behind "More"


@dataclass(frozen=True)
class Entry:
    """One place to go. ``view_name`` is also the name a page uses to say "I belong there"."""

    label: Promise
    view_name: str

    @property
    def namespace(self) -> str:
        """The app the place belongs to."""
        return self.view_name.partition(":")[0]

    @cached_property
    def url(self) -> str:
        """The address."""
        return reverse(self.view_name)


TODAY = Entry(_("Today"), "home:today")
DESK = Entry(pgettext_lazy("the coordinator's front page", "Desk"), "home:desk")
CALENDAR = Entry(_("Calendar"), "sessions_log:calendar")
MY_GROUPS = Entry(_("My groups"), "groups_app:list")
GROUPS = Entry(_("Groups"), "groups_app:list")
BILLING = Entry(_("Billing"), "sessions_log:billing")
NOTES = Entry(_("Notes"), "sessions_log:notes")
CLIENTS = Entry(_("Clients"), "members:list")
SCREENING = Entry(_("Screening"), "members:screenings")
WAITING = Entry(_("Waiting list"), "members:waiting")
MATCHING = Entry(_("Matching"), "matching:board")
DELIVERIES = Entry(_("Deliveries"), "reminders:deliveries")
RETENTION = Entry(_("Retention"), "retention:list")
COPIES = Entry(_("Copies asked for"), "disclosures:requests")
PRACTICE = Entry(_("Practice"), "practice:settings")
SITES = Entry(_("Sites"), "practice:sites")
PEOPLE = Entry(_("People"), "practice:people")

# In the order in which a person with several roles meets them. An administrator sees no client (R43).
STAFF_ENTRIES: dict[str, tuple[Entry, ...]] = {
    "therapist": (TODAY, CALENDAR, MY_GROUPS, NOTES, CLIENTS, SCREENING, BILLING, COPIES),
    "supervisor": (TODAY, CALENDAR, MY_GROUPS, NOTES, CLIENTS, SCREENING, BILLING, RETENTION),
    "coordinator": (DESK, WAITING, MATCHING, GROUPS, CALENDAR, DELIVERIES, BILLING),
    "administrator": (PRACTICE, SITES, PEOPLE),
}

MEMBER_ENTRIES = (
    Entry(pgettext_lazy("the member's front page", "Home"), "home:member"),
    Entry(_("Schedule"), "home:schedule"),
    Entry(_("Agreements"), "groups_app:agreements"),
    Entry(_("Me"), "home:me"),
)


def entries_for(roles: Sequence[str]) -> tuple[Entry, ...]:
    """Return the places of a person with ``roles``: each place once, under the first role that names it."""
    if "member" in roles:
        return MEMBER_ENTRIES
    merged: dict[str, Entry] = {}
    for role, entries in STAFF_ENTRIES.items():
        if role in roles:
            for entry in entries:
                merged.setdefault(entry.view_name, entry)
    return tuple(merged.values())


def current_entry(entries: Sequence[Entry], *, view_name: str, chosen: str = "") -> Entry | None:
    """Return the entry a page belongs to.

    ``chosen`` is what the page itself says (``nav_current`` in its context) and wins; then the entry that is the page;
    then the first entry of the same app.
    """
    for wanted in (chosen, view_name):
        for entry in entries:
            if entry.view_name == wanted:
                return entry
    namespace = view_name.partition(":")[0]
    return next((entry for entry in entries if entry.namespace == namespace), None)
