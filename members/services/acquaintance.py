"""Verbs of keeping apart: pairs that staff enter and end, and the client's own private list (R22)."""

from django.db import transaction
from django.utils.translation import gettext as _

from audit import services as audit
from common.clock import now
from common.errors import RuleBroken
from common.names import sort_key
from members.models import Client, KeepApart, KnownPerson
from practice.models import User

MOST_KNOWN = 50


class SamePerson(RuleBroken):
    """A pair to keep apart needs two people."""


class PairEnded(RuleBroken):
    """Nobody is kept apart by this pair any more."""


class EndingReasonMissing(RuleBroken):
    """A pair is ended only with a reason."""


class ListFull(RuleBroken):
    """A private list has an end."""


def keep_apart(*, one: Client, other: Client, by: User | None) -> KeepApart:
    """Record that two clients must not sit in one group; a pair in force already stays as it is (R22).

    Raises ``SamePerson`` when both are the same.
    """
    if one.pk == other.pk:
        raise SamePerson(_("Choose another person: nobody can be kept apart from themselves."))
    first, second = sorted((one, other), key=lambda client: client.pk)
    pair, _is_new = KeepApart.objects.get_or_create(
        one=first, other=second, ended_at=None, defaults={"recorded_by": by}
    )
    return pair


@transaction.atomic
def end_keep_apart(*, pair: KeepApart, by: User, reason: str) -> None:
    """End a pair with a ``reason``: the two may sit in one group. Raises ``PairEnded``, ``EndingReasonMissing``."""
    current = KeepApart.objects.select_for_update(no_key=True).get(pk=pair.pk)
    if current.ended_at is not None:
        raise PairEnded(_("This pair is ended already."))
    if not reason.strip():
        raise EndingReasonMissing(_("Say in a few words why."))
    current.ended_at, current.ended_by, current.ending_reason = now(), by, reason.strip()
    current.save(update_fields=["ended_at", "ended_by", "ending_reason"])
    audit.record(
        action="client.keep_apart_ended",
        by=by,
        target=current,
        clients=[current.one_id, current.other_id],
        reason=reason.strip(),
    )


@transaction.atomic
def list_known(*, client: Client, first_name: str, last_name: str) -> KnownPerson:
    """Put a name on the client's private list; one that is there already stays. Raises ``ListFull``."""
    Client.objects.select_for_update(no_key=True).only("pk").get(pk=client.pk)
    known = KnownPerson(client=client, first_name=first_name.strip(), last_name=last_name.strip())
    there = list(KnownPerson.objects.filter(client=client, removed_at__isnull=True))
    key = sort_key(known.last_name, known.first_name)
    same = next((one for one in there if one.sort_key == key), None)
    if same is not None:
        return same
    if len(there) >= MOST_KNOWN:
        raise ListFull(_("The list is full. Please call the practice about anybody else."))
    known.save()
    return known


def unlist_known(*, known: KnownPerson) -> None:
    """Take a name off the list; the row stays as history. Twice changes nothing."""
    KnownPerson.objects.filter(pk=known.pk, removed_at__isnull=True).update(removed_at=now())
