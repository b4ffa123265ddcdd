"""What happened with the account of somebody on the staff, as administrators read it: of nobody in care (R42, R43)."""

from collections.abc import Mapping, Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from audit.lines import Line
from audit.querysets import Entries, Entry
from audit.words import words_for
from practice.models import User

MOST_REFUSALS = 20
_REFUSED = ("refused.get", "refused.post")


def entries_of(person: User) -> Entries:
    """Return what was done with the account, by its owner and by others, the latest first."""
    return Entries(label=User._meta.label_lower, target=str(person.pk))


def lines_of(entries: Sequence[Entry]) -> list[Line]:
    """Return ``entries`` with the names of who did it, one query for all of them."""
    names = names_of(entries, User.objects.staff())
    return [
        Line(
            at=entry.at,
            who=who_did(entry, names),
            role="",
            what=words_for(entry.action),
            reason=entry.reason,
            address=entry.address,
        )
        for entry in entries
    ]


def names_of(entries: Sequence[Entry], people: QuerySet[User]) -> dict[object, str]:
    """Return the names of those who did it, as far as they are among ``people``: one query for all of them."""
    actors = {entry.actor_id for entry in entries if entry.actor_id is not None}
    return {user.pk: user.name for user in people.filter(pk__in=actors)}


def who_did(entry: Entry, names: Mapping[object, str]) -> str:
    """Return who did it, by name, or what stands there when no name does."""
    if entry.actor_id is not None:
        return names.get(entry.actor_id) or _("An account that is gone")
    return _("Somebody at the door") if entry.action == "account.sign_in_failed" else _("Kith, by itself")


def refusals_of(person: User) -> list[Entry]:
    """Return the latest pages that the person was refused; of whose record, this page does not say."""
    return Entries(actor=person.pk, actions=_REFUSED)[:MOST_REFUSALS]
