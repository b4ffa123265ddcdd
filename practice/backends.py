"""Who is signed in: loaded once a request, together with what the gate in ``practice.middleware`` must know."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import Subquery

from common.acting import acting_as
from practice.factors import second_factor
from practice.models import Policy, User


class AccountBackend(AuthenticationBackend):
    """allauth's sign-in; the account it finds knows more at no extra query.

    That is its home site, ``has_second_factor``, and whether the policy says ``members_need_second_step``.
    """

    def get_user(self, user_id: Any) -> User | None:
        """Return the account, or nothing when it is gone or deactivated: that ends its sessions at the next request."""
        accounts = User.objects.select_related("home_site").annotate(
            has_second_factor=second_factor(),
            members_need_second_step=Subquery(Policy.objects.values("members_need_second_step")[:1]),
        )
        with acting_as(user_id):  # nobody yet: the session says who it is
            user = accounts.filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None
