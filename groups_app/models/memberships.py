"""The dated memberships that tie clients to groups, and the steps on their way."""

from datetime import date
from typing import ClassVar
from uuid import UUID

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.base import Record
from common.versions import keep_versions
from groups_app.models.door import DoorOpening
from groups_app.models.groups import Group
from groups_app.models.triggers import append_only, through_the_door
from groups_app.querysets import MembershipQuerySet
from members.models import Client
from practice.models import LARGEST_GROUP_EVER, User


class MembershipState(models.TextChoices):
    """The way of a client through a group."""

    PROPOSED = "proposed", _("Proposed")
    ACCEPTED = "accepted", _("Accepted")
    INVITED = "invited", _("Invited")
    PREPARING = "preparing", _("Preparing")
    ACTIVE = "active", _("Active")
    LEAVING = "leaving", _("Leaving")
    LEFT = "left", _("Left")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


# From a leader's acceptance on, a membership holds a place.
SEATED_STATES = (
    MembershipState.ACCEPTED,
    MembershipState.INVITED,
    MembershipState.PREPARING,
    MembershipState.ACTIVE,
    MembershipState.LEAVING,
)
OPEN_STATES = (MembershipState.PROPOSED, *SEATED_STATES)
# Who comes to the sessions.
ATTENDING_STATES = (MembershipState.ACTIVE, MembershipState.LEAVING)


class LeavingReason(models.TextChoices):
    """Why a member is no longer in the group (R27)."""

    COMPLETED = "completed", _("Completed the group")
    GOALS_REACHED = "goals-reached", _("Reached the goals earlier")
    DROPPED_OUT = "dropped-out", _("Dropped out")
    MOVED = "moved", _("Moved away")
    SCHEDULE = "schedule", _("Time no longer fits")
    REFERRED = "referred", _("Referred to other care")
    EXCLUDED = "excluded", _("Asked to leave")
    OTHER = "other", _("Another reason")


class Membership(Record):
    """A client in a group, for a dated period. It is never deleted; who comes back gets a new one (R1, R31)."""

    group = models.ForeignKey(Group, models.PROTECT, related_name="memberships")
    client = models.ForeignKey(Client, models.PROTECT, related_name="memberships")
    state = models.CharField(max_length=10, choices=MembershipState.choices, default=MembershipState.PROPOSED)
    # The place in the circle. Because places are numbered and unique, no race can make a thirteenth (R3, R23).
    seat = models.PositiveSmallIntegerField(null=True)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    pregroup_met_on = models.DateField(_("pre-group meeting"), null=True, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    # The day on which a member said that they will leave; sessions of goodbye follow until ``ends_on`` (R27).
    notice_on = models.DateField(null=True, blank=True)
    leaving_reason = models.CharField(max_length=15, choices=LeavingReason.choices, blank=True)
    # The opening of the door through which somebody joined a running group (R28).
    door = models.ForeignKey(DoorOpening, models.PROTECT, null=True, related_name="memberships")
    follow_up_on = models.DateField(_("follow-up meeting"), null=True, blank=True)
    follow_up_held_on = models.DateField(null=True, blank=True)

    # Only on rows read ``with_agreement_state``.
    agreement_id: UUID | None
    agreement_signed: bool

    objects: ClassVar[MembershipQuerySet] = MembershipQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("client__sort_key", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["group", "client"], condition=Q(state__in=OPEN_STATES), name="membership_one_open"
            ),
            models.UniqueConstraint(fields=["group", "seat"], name="membership_seat_once"),
            models.CheckConstraint(
                name="membership_seat_iff_seated",
                condition=Q(state__in=SEATED_STATES, seat__isnull=False, seat__range=(1, LARGEST_GROUP_EVER))
                | (~Q(state__in=SEATED_STATES) & Q(seat__isnull=True)),
            ),
            models.CheckConstraint(
                name="membership_active_is_prepared",  # R25
                condition=~Q(state__in=["active", "leaving"])
                | Q(pregroup_met_on__isnull=False, starts_on__isnull=False),
            ),
            models.CheckConstraint(
                name="membership_dates_in_order",
                condition=Q(ends_on__isnull=True) | Q(starts_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
            models.CheckConstraint(
                name="membership_leaving_is_dated",  # R27
                condition=~Q(state__in=["leaving", "left"])
                | Q(ends_on__isnull=False, starts_on__isnull=False) & ~Q(leaving_reason=""),
            ),
            models.CheckConstraint(
                name="membership_reason_iff_leaving", condition=Q(leaving_reason="") | Q(state__in=["leaving", "left"])
            ),
            models.CheckConstraint(
                name="membership_follow_up_was_planned",
                condition=Q(follow_up_held_on__isnull=True) | Q(follow_up_on__isnull=False),
            ),
        ]
        triggers = [
            # Attendance, notes and signatures hang on it: past attendance never moves (R31), nothing is deleted (R45).
            pgtrigger.ReadOnly(name="membership_stays_itself", fields=["group", "client"]),
            pgtrigger.Protect(name="membership_is_kept", operation=pgtrigger.Delete),
            through_the_door("membership_door"),
        ]
        indexes = [models.Index(fields=["client", "state"], name="membership_client_state")]

    def __str__(self) -> str:
        return f"membership {self.pk}"

    @property
    def is_seated(self) -> bool:
        """Whether the membership holds a place."""
        return self.state in SEATED_STATES

    @property
    def is_open(self) -> bool:
        """Whether the membership holds a place or is proposed."""
        return self.state in OPEN_STATES

    def attends_on(self, day: date) -> bool:
        """Whether the person is a member on ``day`` and so expected in a session."""
        return is_expected_on(day, state=self.state, starts_on=self.starts_on, ends_on=self.ends_on)


def is_expected_on(day: date, *, state: str, starts_on: date | None, ends_on: date | None) -> bool:
    """Whether somebody whose membership reads like this is a member on ``day``."""
    return (
        state in ATTENDING_STATES and starts_on is not None and starts_on <= day and (ends_on is None or day <= ends_on)
    )


MembershipVersion = keep_versions(
    Membership,
    fields=[
        "group",
        "client",
        "state",
        "seat",
        "proposed_by",
        "pregroup_met_on",
        "starts_on",
        "ends_on",
        "notice_on",
        "leaving_reason",
        "door",
        "follow_up_on",
        "follow_up_held_on",
    ],
)


class MembershipTransition(Record):
    """A step on a client's way through a group: who, when and why."""

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="transitions")
    from_state = models.CharField(max_length=10, choices=MembershipState.choices, blank=True)
    to_state = models.CharField(max_length=10, choices=MembershipState.choices)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("at", "id")
        triggers = [append_only("membership_transition_stays")]

    def __str__(self) -> str:
        return f"{self.from_state} → {self.to_state}"
