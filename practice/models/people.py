"""Who works or is cared for here, as accounts; how they get one, and who may practice where."""

from datetime import date, datetime
from typing import Any, ClassVar

import rules
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from common.base import Record
from common.names import SortKeyField
from practice.models.places import us_state
from practice.querysets import InvitationQuerySet, LicenseQuerySet, UserManager, UserQuerySet


class Role(models.TextChoices):
    """What an account may be. A person may hold several staff roles; a member's account is a member's only."""

    THERAPIST = "therapist", _("Therapist")
    COORDINATOR = "coordinator", _("Coordinator")
    SUPERVISOR = "supervisor", _("Supervisor")
    ADMINISTRATOR = "administrator", _("Administrator")
    MEMBER = "member", _("Member")


STAFF_ROLES = frozenset({Role.THERAPIST, Role.COORDINATOR, Role.SUPERVISOR, Role.ADMINISTRATOR})


class User(Record, AbstractBaseUser):
    """An account. It is made by an invitation (R41) and signs in with its e-mail address."""

    email = models.EmailField(_("email address"), max_length=254, unique=True)  # kept in lower case
    first_name = models.CharField(_("first name"), max_length=100)
    last_name = models.CharField(_("last name"), max_length=100)
    sort_key = SortKeyField(source=("last_name", "first_name"))
    credentials = models.CharField(
        _("credentials"), max_length=60, blank=True, help_text=_("As written after the name, for example PsyD.")
    )
    roles = ArrayField(models.CharField(max_length=20, choices=Role.choices), verbose_name=_("roles"))
    home_site = models.ForeignKey(
        "practice.Site", models.PROTECT, null=True, blank=True, related_name="staff", verbose_name=_("home site")
    )
    is_active = models.BooleanField(_("may sign in"), default=True)

    objects = UserManager.from_queryset(UserQuerySet)()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        ordering = ("sort_key", "id")
        constraints = [
            models.CheckConstraint(name="user_email_lower_case", condition=Q(email=Lower("email"))),
            models.CheckConstraint(
                name="user_roles_known", condition=Q(roles__contained_by=Role.values) & ~Q(roles__len=0)
            ),
            # A member's account never opens staff pages, also when a therapist is somebody's client here.
            models.CheckConstraint(
                name="user_member_is_member_only", condition=~Q(roles__contains=["member"]) | Q(roles=["member"])
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def short_name(self) -> str:
        """The initial and the last name, "D. Whitfield"."""
        return f"{self.first_name[:1]}. {self.last_name}" if self.first_name else self.last_name

    @property
    def role_names(self) -> str:
        """The roles in words, "Therapist, Supervisor"."""
        return ", ".join(str(Role(role).label) for role in self.roles)

    @property
    def is_staff_member(self) -> bool:
        """Whether the account holds any staff role."""
        return not STAFF_ROLES.isdisjoint(self.roles)

    @property
    def is_member(self) -> bool:
        """Whether this is a client's account."""
        return Role.MEMBER in self.roles

    def has_role(self, *wanted: Role) -> bool:
        """Whether the account holds at least one of ``wanted``."""
        return any(role in self.roles for role in wanted)

    def has_perm(self, permission: str, obj: Any = None) -> bool:
        """Ask ``rules.py``; there is no superuser who bypasses it."""
        return bool(self.is_active and rules.has_perm(permission, self, obj))


def display_name(user: User | AnonymousUser) -> str:
    """Return what allauth's pages call an account."""
    return user.name if isinstance(user, User) else ""


class Invitation(Record):
    """One mailed link by which an account is taken over by its owner, once, within its time (R41)."""

    user = models.ForeignKey(User, models.PROTECT, related_name="invitations")
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects: ClassVar[InvitationQuerySet] = InvitationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="invitation_one_open_a_user",
                fields=["user"],
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True),
            ),
            models.CheckConstraint(
                name="invitation_accepted_or_revoked",
                condition=Q(accepted_at__isnull=True) | Q(revoked_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk}"

    def is_open(self, at: datetime) -> bool:
        """Whether the link still works at the moment ``at``."""
        return self.accepted_at is None and self.revoked_at is None and at < self.expires_at


class License(Record):
    """A license to practice in one state, until a date (R4)."""

    user = models.ForeignKey(User, models.PROTECT, related_name="licenses")
    state = models.CharField(_("state"), max_length=2, validators=[us_state])
    number = models.CharField(_("license number"), max_length=40)
    expires_on = models.DateField(_("valid until"))

    objects: ClassVar[LicenseQuerySet] = LicenseQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("state",)
        constraints = [
            models.UniqueConstraint(
                fields=["user", "state"],
                name="license_one_a_state",
                violation_error_message=_("There is already a license for this state: change that one."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.number}"

    def is_valid_on(self, day: date) -> bool:
        """Whether the license covers ``day``, its last day included."""
        return day <= self.expires_on
