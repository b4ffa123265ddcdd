"""Conflicts between a client and a group, and a leader's decision in spite of one (R22)."""

from django.db import transaction
from django.utils.translation import gettext as _

from audit import services as audit
from common.clock import now
from groups_app.models import ConflictOverride, Group, Membership
from groups_app.services.errors import KeptApart, ReasonMissing, WrongState
from groups_app.services.steps import lock_group
from members.models import Client, KeepApart
from practice.models import User


def people_in_conflict(group: Group, client: Client) -> list[Client]:
    """Return who of ``group`` must not meet ``client``, by name. For who may override only."""
    apart = KeepApart.objects.counterparts_of({client.pk}).get(client.pk, set())
    if not apart:
        return []
    there = Membership.objects.filter(group=group, client__in=apart).open().values("client")
    return list(Client.objects.filter(pk__in=there))


def require_no_conflict(group: Group, client: Client) -> None:
    """Raise ``KeptApart`` for a conflict nobody has overridden.

    The sentence must not tell with whom, nor that the client asked for it (R22).
    """
    if people_in_conflict(group, client) and not _is_overridden(group, client):
        raise KeptApart(
            _("There is a conflict between %(name)s and this group. Choose another group.")
            % {"name": client.roster_name}
        )


@transaction.atomic
def override_conflict(*, group: Group, client: Client, by: User, reason: str) -> ConflictOverride:
    """Let ``client`` be proposed for and taken into ``group`` in spite of a conflict, with a ``reason``.

    Raises ``ReasonMissing``, and ``WrongState`` without a conflict; a second time changes nothing.
    """
    locked = lock_group(group)
    if not reason.strip():
        raise ReasonMissing(_("Say in a few words why."))
    if not people_in_conflict(locked, client):
        raise WrongState(_("There is no conflict any more, so there is nothing to decide."))
    override, is_new = ConflictOverride.objects.get_or_create(
        group=locked, client=client, defaults={"by": by, "at": now(), "reason": reason.strip()}
    )
    if is_new:
        audit.record(action="group.conflict_overridden", by=by, target=locked, client=client, reason=reason.strip())
    return override


def _is_overridden(group: Group, client: Client) -> bool:
    return ConflictOverride.objects.filter(group=group, client=client).exists()
