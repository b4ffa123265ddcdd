"""Staff: who they are, what they may do, their licenses, and the end of their account."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from audit.services import record
from common.db import constraint_errors
from common.errors import RuleBroken
from practice.models import License, Practice, Role, Site, User
from practice.services.accounts import AccountInUse, email_must_be_free, end_sessions
from practice.services.invitations import invite, revoke_invitation


class LastAdministrator(RuleBroken):
    """Without this person nobody could administer the practice."""

    def __init__(self, person: User) -> None:
        super().__init__(
            _("%(name)s is the only administrator who can sign in. Make somebody else an administrator first.")
            % {"name": person.name}
        )


class OwnAccount(RuleBroken):
    """Nobody locks themselves out."""

    def __init__(self) -> None:
        super().__init__(_("This is your own account. Ask another administrator to deactivate it."))


class LicenseExists(RuleBroken):
    """The person's license for this state is noted already."""

    def __init__(self, state: str) -> None:
        super().__init__(_("There is already a license for %(state)s: change that one.") % {"state": state})


@transaction.atomic
def change_person(
    *,
    user: User,
    email: str,
    first_name: str,
    last_name: str,
    credentials: str,
    roles: Sequence[Role | str],
    home_site: Site | None,
    by: User,
) -> User:
    """Change a member of staff.

    Until the invitation is accepted ``email`` may change too: an open link stops working and a new one is mailed.
    Afterwards only its owner changes an address (``AccountInUse``). Raise ``LastAdministrator`` or ``AddressTaken``.
    """
    person = _lock(user)
    if Role.ADMINISTRATOR not in roles:
        _require_another_administrator(person)
    moved = email.lower() != person.email
    if moved and person.has_usable_password():
        raise AccountInUse(
            _("%(name)s signs in with this address; only they can change it, on their account’s page.")
            % {"name": person.name}
        )
    person.email = email.lower()
    person.first_name = first_name
    person.last_name = last_name
    person.credentials = credentials
    person.roles = [str(role) for role in roles]
    person.home_site = home_site
    with email_must_be_free(person.email):
        person.save()
    record(action="account.changed", by=by, target=person, reason=", ".join(person.roles))
    if moved and revoke_invitation(user=person):
        invite(user=person, by=by)
    return person


@transaction.atomic
def deactivate(*, user: User, by: User) -> User:
    """Close an account: the person is signed out everywhere and an open invitation stops working; nothing is deleted.

    Doing it again changes nothing. Raise ``OwnAccount`` or ``LastAdministrator``.
    """
    if user.pk == by.pk:
        raise OwnAccount
    person = _lock(user)
    _require_another_administrator(person)
    person.is_active = False
    person.save(update_fields=["is_active"])
    revoke_invitation(user=person)
    end_sessions(user=person)
    record(action="account.deactivated", by=by, target=person)
    return person


@transaction.atomic
def reactivate(*, user: User, by: User) -> User:
    """Open a deactivated account again, with the password and second step it had."""
    person = _lock(user)
    person.is_active = True
    person.save(update_fields=["is_active"])
    record(action="account.reactivated", by=by, target=person)
    return person


@transaction.atomic
def sign_out_everywhere(*, user: User, by: User) -> None:
    """End all sessions of somebody who left a screen open or lost a device; the account stays open."""
    end_sessions(user=user)
    record(action="account.signed_out_everywhere", by=by, target=user)


@transaction.atomic
def save_license(*, license: License, by: User) -> License:  # noqa: A002  (it is one)
    """Add or change a license; raise ``LicenseExists`` when the person has another one for this state."""
    with constraint_errors({"license_one_a_state": lambda: LicenseExists(license.state)}):
        license.save()
    record(action="account.license_saved", by=by, target=license.user, reason=license.state)
    return license


@transaction.atomic
def remove_license(*, license: License, by: User) -> None:  # noqa: A002
    """Take away a license that was noted by mistake."""
    record(action="account.license_removed", by=by, target=license.user, reason=license.state)
    license.delete()


def _lock(user: User) -> User:
    """Lock the practice, then the person: so two administrators cannot remove each other at the same moment."""
    Practice.objects.select_for_update().get()
    return User.objects.select_for_update().get(pk=user.pk)


def _require_another_administrator(person: User) -> None:
    """Raise ``LastAdministrator`` if nobody but ``person`` can administer; needs the practice's row locked."""
    if not person.is_active or not person.has_role(Role.ADMINISTRATOR) or not person.has_usable_password():
        return
    # One who never chose a password cannot sign in and does not count.
    if not User.objects.with_role(Role.ADMINISTRATOR).able_to_sign_in().exclude(pk=person.pk).exists():
        raise LastAdministrator(person)
