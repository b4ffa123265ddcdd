"""Making accounts and ending their sessions."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any

from allauth.account.models import EmailAddress
from allauth.usersessions.adapter import get_adapter as get_session_adapter
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.utils.translation import gettext as _

from common.db import constraint_errors
from common.errors import RuleBroken
from practice.models import Role, Site, User


class AddressTaken(RuleBroken):
    """Another account signs in with this e-mail address."""

    def __init__(self, email: str) -> None:
        super().__init__(_("There is already an account for %(email)s. Use another address.") % {"email": email})


class AccountInUse(RuleBroken):
    """The person has chosen a password already."""


class AccountClosed(RuleBroken):
    """The account is deactivated."""


def create_staff(
    *,
    email: str,
    first_name: str,
    last_name: str,
    roles: Sequence[Role | str],
    credentials: str = "",
    home_site: Site | None = None,
) -> User:
    """Make the account of a member of staff; it opens when the person accepts an invitation. Raise ``AddressTaken``."""
    return _create(
        email=email,
        first_name=first_name,
        last_name=last_name,
        roles=[str(role) for role in roles],
        credentials=credentials,
        home_site=home_site,
    )


def create_member(*, email: str, first_name: str, last_name: str) -> User:
    """Make the account of a client; it opens when the person accepts an invitation. Raise ``AddressTaken``."""
    return _create(email=email, first_name=first_name, last_name=last_name, roles=[Role.MEMBER.value])


def _create(*, email: str, **fields: Any) -> User:
    with email_must_be_free(email):
        return User.objects.create_user(email=email, **fields)


def email_must_be_free(email: str) -> AbstractContextManager[None]:
    """Turn the database's refusal of a second account with ``email`` into ``AddressTaken``."""
    return constraint_errors({"practice_user_email_key": lambda: AddressTaken(email)})


@transaction.atomic
def confirm_email(*, user: User) -> None:
    """Note that the account's e-mail address belongs to the person: the only one, proven by the mailed link."""
    EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()
    EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})


def renew_session(session: SessionBase) -> None:
    """Give a signed-in session another token and let its old one open nothing any more."""
    former = session.session_key
    session.cycle_key()
    UserSession.objects.filter(session_key=former).update(session_key=session.session_key)


def end_sessions(*, user: User) -> None:
    """Sign the person out everywhere; it holds from the next request."""
    get_session_adapter().end_sessions(UserSession.objects.filter(user=user))
