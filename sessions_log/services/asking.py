"""Asking after a member who stays away (R27)."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from audit import services as audit
from common.clock import now, today_in
from groups_app.models import ATTENDING_STATES, Membership
from groups_app.services.steps import lock_membership, require_state
from practice.models import User
from sessions_log.models import AskedAfter
from sessions_log.services.errors import AskedInFuture


@transaction.atomic
def ask_after(*, membership: Membership, on: date, by: User) -> AskedAfter:
    """Note that ``by`` asked after a member on the day ``on``; noted twice for a day it is the first note.

    Raises ``AskedInFuture``, or ``WrongState`` when the person is no member any more.
    """
    current = lock_membership(membership)
    require_state(current, *ATTENDING_STATES)
    if on > today_in(current.group.site.zone):
        raise AskedInFuture(_("That day has not come yet. Enter the day on which you asked."))
    asked, is_new = AskedAfter.objects.get_or_create(
        membership=current, asked_on=on, withdrawn_at=None, defaults={"by": by, "noted_at": now()}
    )
    if is_new:
        audit.record(action="membership.asked_after", by=by, target=current, client=current.client_id)
    return asked


@transaction.atomic
def take_asking_back(*, asked: AskedAfter, by: User) -> None:
    """Take back that somebody was asked after; the row stays. Twice changes nothing."""
    membership = lock_membership(asked.membership)
    if AskedAfter.objects.standing().filter(pk=asked.pk).update(withdrawn_at=now()):
        audit.record(action="membership.asking_taken_back", by=by, target=membership, client=membership.client_id)
