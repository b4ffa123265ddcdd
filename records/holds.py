"""Legal holds: what keeps a record whatever the retention says (R45)."""

from django.utils.translation import gettext as _

from audit.services import record
from common.clock import now
from common.db import constraint_errors
from common.errors import RuleBroken
from members.models import Client
from practice.models import User
from records.models import LegalHold


class AlreadyHeld(RuleBroken):
    """Somebody placed a hold meanwhile."""


class NotHeld(RuleBroken):
    """There is no hold to lift."""


def place_hold(*, client: Client, reason: str, by: User) -> LegalHold:
    """Hold ``client``'s record from now on. Raises ``AlreadyHeld``: one hold at a time, whose reason stays readable."""

    def held() -> AlreadyHeld:
        return AlreadyHeld(_("The record of %(name)s is on hold already.") % {"name": client.name})

    with constraint_errors({"legal_hold_one_open": held}):
        hold = LegalHold.objects.create(client=client, reason=reason, placed_by=by, placed_at=now())
    record(action="hold.placed", by=by, target=hold, client=client)
    return hold


def lift_hold(*, client: Client, reason: str, by: User) -> None:
    """End the hold on ``client``'s record, and say why. Raises ``NotHeld``."""
    hold = LegalHold.objects.open().select_for_update().filter(client=client).first()
    if hold is None:
        raise NotHeld(_("The record of %(name)s is not on hold any more.") % {"name": client.name})
    hold.lifted_at, hold.lifted_by, hold.lift_reason = now(), by, reason
    hold.save(update_fields=["lifted_at", "lifted_by", "lift_reason"])
    record(action="hold.lifted", by=by, target=hold, client=client)
