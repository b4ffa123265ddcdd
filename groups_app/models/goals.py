"""What a member wants from the group, and how near it is (R10)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.base import Record
from common.encryption import EncryptedTextField
from common.key_scopes import per_client
from groups_app.models.memberships import Membership
from members.models import Goal
from practice.models import User

MOST_GOALS = 3
HIGHEST_SCORE = 10


class MemberGoal(Record):
    """One of the two or three goals of a member: from the catalogue, in own words, or both (R10)."""

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="goals")
    catalogue = models.ForeignKey(Goal, models.PROTECT, null=True, blank=True, related_name="+")
    words = EncryptedTextField(_("in own words"), blank=True, scope=per_client("membership.client_id"))
    position = models.PositiveSmallIntegerField()
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("position", "created_at")
        constraints = [
            models.UniqueConstraint(
                fields=["membership", "position"], condition=Q(ended_at__isnull=True), name="member_goal_place_once"
            ),
            models.CheckConstraint(name="member_goal_few", condition=Q(position__range=(1, MOST_GOALS))),
        ]

    def __str__(self) -> str:
        return f"goal {self.pk}"

    @property
    def title(self) -> str:
        """The goal as people read it: the own words, else the catalogue's."""
        return self.words or (self.catalogue.label if self.catalogue else "")


class Side(models.TextChoices):
    """Who rates."""

    MEMBER = "member", _("Member")
    LEADER = "leader", _("Leader")


class GoalRating(Record):
    """How near a goal is on one day, in the eyes of the member or of a leader: from 0, not at all, to 10, there."""

    goal = models.ForeignKey(MemberGoal, models.PROTECT, related_name="ratings")
    side = models.CharField(max_length=10, choices=Side.choices)
    score = models.PositiveSmallIntegerField()
    day = models.DateField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ("day",)
        constraints = [
            models.UniqueConstraint(fields=["goal", "side", "day"], name="goal_rating_once_a_day"),
            models.CheckConstraint(name="goal_rating_in_range", condition=Q(score__lte=HIGHEST_SCORE)),
        ]

    def __str__(self) -> str:
        return f"rating {self.pk}"
