"""Invitations: a mailed link, taken once, within its time (R41). Mailing it is the work of a room above.

The link's token is derived from the row's key with the installation's secret; it is stored nowhere
(``docs/adr/0011-derived-invitation-token.md``).
"""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from audit.services import record
from common.clock import local, moment, now, today_in
from common.errors import RuleBroken
from practice.models import Invitation, Practice, Site, User
from practice.services.accounts import AccountClosed, AccountInUse, confirm_email
from practice.signals import invitation_accepted, invitation_made


class InvitationNotValid(RuleBroken):
    """The link is not one of ours, was used, was replaced by a newer one, or its time is over."""

    def __init__(self) -> None:
        super().__init__(_("This link no longer works. Ask the practice for a new one."))


@transaction.atomic
def invite(*, user: User, by: User | None) -> Invitation:
    """Open a fresh invitation in place of an earlier one; the room of messages mails its link (``reminders``).

    It works until the end of the last day that the policy allows, in the person's zone. Sends
    ``practice.signals.invitation_made`` inside the transaction. Raise ``AccountClosed`` for a deactivated account and
    ``AccountInUse`` for one whose owner has a password already.
    """
    person = User.objects.select_for_update().get(pk=user.pk)
    if not person.is_active:
        raise AccountClosed(_("%(name)s’s account is deactivated. Reactivate it first.") % {"name": person.name})
    if person.has_usable_password():
        raise AccountInUse(
            _("%(name)s has an account already and can choose “Forgot your password?” to get in.")
            % {"name": person.name}
        )
    revoke_invitation(user=person)
    zone = zone_of(person)
    days = Practice.objects.current().policy.invitation_days
    last_day = today_in(zone) + timedelta(days=days)
    invitation = Invitation.objects.create(
        user=person,
        created_by=by,
        expires_at=moment(last_day + timedelta(days=1), time.min, zone),
    )
    record(action="account.invited", by=by, target=person)
    invitation_made.send(sender=Invitation, invitation=invitation)
    return invitation


def revoke_invitation(*, user: User) -> bool:
    """Make the person's open link, if there is one, stop working; return whether there was one."""
    pending = Invitation.objects.filter(user=user, accepted_at=None, revoked_at=None)
    return pending.update(revoked_at=now()) > 0


def invitation_token(invitation: Invitation) -> str:
    """Return the secret part of the link."""
    return _signer().sign(invitation.pk.hex)


def invitation_link(invitation: Invitation) -> str:
    """Return the absolute address that the mail carries."""
    path = reverse("accounts:accept_invitation", kwargs={"token": invitation_token(invitation)})
    return f"{settings.BASE_URL}{path}"


def find_invitation(*, token: str) -> Invitation:
    """Return the open invitation behind a link, with its account; raise ``InvitationNotValid`` if there is none."""
    try:
        key = UUID(hex=_signer().unsign(token))
    except (signing.BadSignature, ValueError):
        raise InvitationNotValid from None
    invitation: Invitation | None = Invitation.objects.select_related("user").filter(pk=key).first()
    if invitation is None or not invitation.is_open(now()) or not invitation.user.is_active:
        raise InvitationNotValid
    return invitation


def last_day(invitation: Invitation) -> date:
    """Return the last day on which the link works, as a day where the person is."""
    return day_before(invitation.expires_at, zone_of(invitation.user))


def day_before(end: datetime, zone: str) -> date:
    """Return the day that is over at the moment ``end``, as ``zone`` counts days."""
    return local(end - timedelta(seconds=1), zone).date()


@transaction.atomic
def accept_invitation(*, token: str, password: str) -> User:
    """Give the account to the person who holds the link, with the password they chose.

    The account's address counts as proven. Sends ``practice.signals.invitation_accepted`` inside the transaction. Of
    several who hold the same link one wins; the others get ``InvitationNotValid``.
    """
    invitation = find_invitation(token=token)
    user = User.objects.select_for_update().get(pk=invitation.user_id)
    invitation = find_invitation(token=token)  # again, now that nobody else can take it
    user.set_password(password)
    user.save(update_fields=["password"])
    invitation.accepted_at = now()
    invitation.save(update_fields=["accepted_at"])
    confirm_email(user=user)
    invitation_accepted.send(sender=User, user=user)
    return user


def zone_of(user: User) -> str:
    """Return the zone in which days are told to a person: their home site's, else the practice's (``first_zone``)."""
    return user.home_site.zone if user.home_site else first_zone()


def first_zone() -> str:
    """Return the zone of the practice's first site; an empty installation has none and counts in UTC."""
    return Site.objects.order_by("created_at").values_list("zone", flat=True).first() or "UTC"


def _signer() -> signing.Signer:
    return signing.Signer(sep=".", salt="practice.invitation")
