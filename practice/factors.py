"""Second factors, as a condition for queries."""

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef


def second_factor() -> Exists:
    """Whether an account of the outer query can prove itself by more than its password.

    Recovery codes alone do not count: they exist to replace a factor that was lost.
    """
    factors = Authenticator.objects.filter(user_id=OuterRef("pk"))
    return Exists(factors.exclude(type=Authenticator.Type.RECOVERY_CODES))
