"""Who was at a client's record, as people may read it: supervisors with names, the client as the policy says (R42)."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from audit.lines import Line
from audit.querysets import Entries, Entry, of_client
from audit.words import words_for
from common.clock import day_bounds
from members.models import Client
from practice.models import Policy, Role, User
from practice.trail import names_of, who_did

_IN_AN_EMERGENCY = ("emergency.opened", "emergency.chart_read")


def entries_between(client: Client, since: date | None, until: date | None) -> Entries:
    """Return the entries about ``client``, from the first of these days to the end of the last, as its site's days."""
    zone = client.site.zone
    return of_client(client.pk).narrowed(
        since=day_bounds(since, zone)[0] if since else None, until=day_bounds(until, zone)[1] if until else None
    )


def lines_for_supervisor(entries: Sequence[Entry]) -> list[Line]:
    """Return ``entries`` with the names of those who did it, one query for all of them."""
    names = names_of(entries, User.objects.all())
    return [
        Line(
            at=entry.at,
            who=who_did(entry, names),
            role=_roles(entry),
            what=words_for(entry.action),
            reason=entry.reason,
            address=entry.address,
        )
        for entry in entries
    ]


def lines_for_client(entries: Sequence[Entry], user: User) -> list[Line]:
    """Return ``entries`` as the client may know them: roles, and names only where the practice's policy shows them."""
    shows_names = Policy.objects.values_list("trail_names_staff", flat=True).get()
    # Staff alone: who is refused may be another member, whom nobody names.
    names = names_of(entries, User.objects.staff()) if shows_names else {}
    lines = []
    for entry in entries:
        is_own = entry.actor_id == user.pk
        who = _("You") if is_own else names.get(entry.actor_id, "")
        roles = "" if is_own else _roles(entry)
        lines.append(
            Line(
                at=entry.at,
                who=who or roles or _("Kith, by itself"),
                role=roles if who else "",
                what=_plain_words(entry),
                reason="",
                address="",
            )
        )
    return lines


def _plain_words(entry: Entry) -> str:
    """What was done, without a clinical or a technical word."""
    what = entry.action.rpartition(".")[2]
    if entry.action.startswith("refused."):
        return _("Asked for a page of your record and was not let in")
    if entry.action in _IN_AN_EMERGENCY:
        return _("Opened your record in an emergency")
    if entry.action.startswith("emergency."):
        return _("Looked into why your record was opened")
    if what == "read" or what.endswith("_read"):
        return _("Opened your record")
    if what.startswith("exported") or what.endswith("_exported"):
        return _("Took a copy of it")
    return _("Worked on your record")


def _roles(entry: Entry) -> str:
    """The roles the person had then."""
    return ", ".join(str(Role(role).label) for role in entry.roles if role in Role.values)
