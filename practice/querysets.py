"""Named reads of the practice's own tables."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Value, When

if TYPE_CHECKING:
    from practice.models import Practice, Role, User

LICENSE_NOTICE = timedelta(days=60)  # how long before its end a license is marked


class UserQuerySet(models.QuerySet["User"]):
    """Accounts."""

    def with_role(self, role: "Role | str") -> Self:
        """Keep active accounts that hold ``role``."""
        return self.filter(roles__contains=[str(role)], is_active=True)

    def therapists(self) -> Self:
        """Keep active accounts that may lead groups."""
        return self.with_role("therapist")

    def staff(self) -> Self:
        """Keep accounts that hold a staff role, active or not."""
        return self.exclude(roles__contains=["member"])

    def awaited(self) -> Self:
        """Keep active accounts whose owner has not chosen a password yet."""
        return self.filter(is_active=True, password__startswith=UNUSABLE_PASSWORD_PREFIX)

    def able_to_sign_in(self) -> Self:
        """Keep active accounts whose owner has chosen a password."""
        return self.filter(is_active=True).exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)

    def with_invitation(self, at: datetime) -> Self:
        """Add ``is_invited``: whether a link is open at the moment ``at``."""
        invitations = apps.get_model("practice", "Invitation").objects
        return self.annotate(is_invited=Exists(invitations.open(at).filter(user=OuterRef("pk"))))


class UserManager(BaseUserManager["User"]):
    """Makes accounts; people come by invitation, so there is no way to make a superuser."""

    def create_user(self, *, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create an account. Without ``password`` it cannot sign in until its invitation is accepted."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email__iexact=email)


class InvitationQuerySet(models.QuerySet[Any]):
    """Invitations."""

    def open(self, at: datetime) -> Self:
        """Keep those whose link still works at the moment ``at``."""
        return self.filter(accepted_at__isnull=True, revoked_at__isnull=True, expires_at__gt=at)


class LicenseQuerySet(models.QuerySet[Any]):
    """Licenses to practice."""

    def with_standing(self, on: date) -> Self:
        """Add ``standing`` on the day ``on``: "valid", "expiring" (within ``LICENSE_NOTICE``) or "expired" (R4)."""
        return self.annotate(
            standing=Case(
                When(expires_on__lt=on, then=Value("expired")),
                When(expires_on__lte=on + LICENSE_NOTICE, then=Value("expiring")),
                default=Value("valid"),
            )
        )

    def to_renew(self, on: date) -> Self:
        """Keep those of active staff that have expired by the day ``on`` or soon will, the most urgent first."""
        return self.with_standing(on).exclude(standing="valid").filter(user__is_active=True).order_by("expires_on")


class PracticeQuerySet(models.QuerySet["Practice"]):
    """The practice's single row."""

    def current(self) -> "Practice":
        """Return the practice with its policy, in one query."""
        return self.select_related("policy").get()


class ClosureQuerySet(models.QuerySet[Any]):
    """Days off."""

    def at_site(self, site_id: Any) -> Self:
        """Keep the days off of one site, practice-wide ones included."""
        return self.filter(Q(site=site_id) | Q(site=None))

    def closed_days(self, site_id: Any, first: date, last: date) -> set[date]:
        """Return the days from ``first`` to ``last`` on which this site is closed, practice-wide closures included."""
        spans = self.at_site(site_id).filter(first_day__lte=last, last_day__gte=first)
        return {
            date.fromordinal(ordinal)
            for first_day, last_day in spans.values_list("first_day", "last_day")
            for ordinal in range(max(first_day, first).toordinal(), min(last_day, last).toordinal() + 1)
        }


class SupervisionQuerySet(models.QuerySet[Any]):
    """Who supervises whom."""

    def open(self) -> Self:
        """Keep those that last."""
        return self.filter(until__isnull=True)

    def of(self, supervisor: "User") -> Self:
        """Keep those by which ``supervisor`` reads now; none when the role was taken away."""
        return self.open().filter(supervisor=supervisor, supervisor__roles__contains=["supervisor"])

    def with_people(self) -> Self:
        """Fetch both along."""
        return self.select_related("supervisor", "therapist")
