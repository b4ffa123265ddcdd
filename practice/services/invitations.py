"""Invitations: a mailed link, taken once, within its time (R41).

The link's token is derived from the row's key with the installation's secret; it is stored nowhere
(``docs/adr/0011-derived-invitation-token.md``).
"""

from datetime import date, time, timedelta
from uuid import UUID

import structlog
from celery import current_app
from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from common.clock import local, moment, now, today_in
from common.errors import RuleBroken
from practice.mail import invitation_mail
from practice.models import Invitation, Practice, Site, User
from practice.services.accounts import AccountClosed, AccountInUse, confirm_email
from practice.signals import invitation_accepted

logger = structlog.get_logger(__name__)

SHORTEST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)


class InvitationNotValid(RuleBroken):
    """The link is not one of ours, was used, was replaced by a newer one, or its time is over."""

    def __init__(self) -> None:
        super().__init__(_("This link no longer works. Ask the practice for a new one."))


@transaction.atomic
def invite(*, user: User, by: User | None) -> Invitation:
    """Open a fresh invitation in place of an earlier one and mail it as soon as the transaction is committed.

    It works until the end of the last day that the policy allows, in the person's zone. Raise ``AccountClosed`` for a
    deactivated account and ``AccountInUse`` for one whose owner has a password already.
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

    def wake_worker() -> None:
        current_app.send_task("practice.tasks.mail_invitation", [str(invitation.pk)])

    # Only a wake-up: when the queue is down, the beat finds the row (``mail_due_invitations``).
    transaction.on_commit(wake_worker, robust=True)
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
    return local(invitation.expires_at - timedelta(seconds=1), zone_of(invitation.user)).date()


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


def mail_due_invitations() -> int:
    """Mail every invitation that waits for it, each by itself; return how many went out."""
    waiting = list(Invitation.objects.unmailed(now()).values_list("pk", flat=True))
    return sum(mail_invitation(invitation_id=key) for key in waiting)


@transaction.atomic
def mail_invitation(*, invitation_id: UUID | str) -> bool:
    """Mail one invitation unless that is done, under way elsewhere or not due; return whether it went out.

    The row stays locked while the mail server takes the message, and is marked only afterwards: a crash in between
    sends a second copy with the same Message-ID rather than none. A refused mail waits as long again as it has waited
    so far, from half a minute to an hour.
    """
    invitation = (
        Invitation.objects.unmailed(now())
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("user__home_site")
        .filter(pk=invitation_id)
        .first()
    )
    if invitation is None:
        return False
    mail = invitation_mail(
        invitation,
        practice=Practice.objects.current(),
        link=invitation_link(invitation),
        last_day=last_day(invitation),
    )
    try:
        mail.send()
    except OSError as error:  # every SMTP error is one
        waited = now() - invitation.created_at
        invitation.mail_after = now() + min(max(waited, SHORTEST_WAIT), LONGEST_WAIT)
        invitation.save(update_fields=["mail_after"])
        logger.warning("invitation_refused", invitation_id=str(invitation.pk), error=type(error).__name__)
        return False
    invitation.mailed_at = now()
    invitation.save(update_fields=["mailed_at"])
    return True


def zone_of(user: User) -> str:
    """Return the zone in which days are told to a person: their home site's, else the practice's first site's."""
    if user.home_site:
        return user.home_site.zone
    return Site.objects.order_by("created_at").values_list("zone", flat=True).first() or "UTC"


def _signer() -> signing.Signer:
    return signing.Signer(sep=".", salt="practice.invitation")
