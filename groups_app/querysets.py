"""Named reads of groups and memberships."""

from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from practice.models import License, Policy, Role, User

if TYPE_CHECKING:
    from groups_app.models import AgreementVersion, Group, GroupLeader, MemberNotice, Membership, Signature  # noqa: F401 (as type arguments)


class GroupQuerySet(models.QuerySet["Group"]):
    """Groups."""

    def visible_to(self, user: User) -> Self:
        """Keep the groups ``user`` may open (R43).

        Coordinators and supervisors: all. Therapists: those they lead now. Members: those they hold a place in.
        """
        if user.has_role(Role.COORDINATOR, Role.SUPERVISOR):
            return self
        if user.has_role(Role.THERAPIST):
            return self.led_by(user)
        if user.is_member:
            return self.filter(memberships__client__user=user, memberships__seat__isnull=False).distinct()
        return self.none()

    def led_by(self, user: User) -> Self:
        """Keep the groups that ``user`` leads now."""
        return self.filter(leaders__user=user, leaders__until__isnull=True)

    def with_place_counts(self) -> Self:
        """Add ``seated`` (places taken) and ``proposed`` (waiting for a leader's answer)."""
        return self.annotate(
            seated=Count("memberships", filter=Q(memberships__seat__isnull=False), distinct=True),
            proposed=Count("memberships", filter=Q(memberships__state="proposed"), distinct=True),
        )

    def with_places(self, policy: Policy) -> Self:
        """Add ``seated``, ``proposed``, ``leader_count`` and ``places``, the same as ``capacity_of`` (R3, R23)."""
        memberships = apps.get_model("groups_app", "Membership").objects.filter(group=OuterRef("pk")).order_by()
        leaders = apps.get_model("groups_app", "GroupLeader").objects.filter(group=OuterRef("pk"), until__isnull=True)
        return self.annotate(
            seated=_count_of(memberships.filter(seat__isnull=False)),
            proposed=_count_of(memberships.filter(state="proposed")),
            leader_count=_count_of(leaders.order_by()),
            places=Coalesce(
                "capacity",
                Case(
                    When(leader_count__lte=1, then=Value(policy.maximum_with_one_leader)),
                    default=Value(policy.maximum_with_two_leaders),
                ),
            ),
        )

    def with_free_place(self) -> Self:
        """Keep groups whose door is open and that have a place; needs ``with_places`` before (R1, R3, R28)."""
        is_open = Q(state__in=("planned", "forming")) | Q(door__isnull=False)
        return self.filter(is_open, seated__lt=F("places"))

    def with_leaders(self) -> Self:
        """Fetch along site, room, an open door and the leaders of today, in their order."""
        leaders = apps.get_model("groups_app", "GroupLeader").objects
        current = leaders.filter(until__isnull=True).select_related("user").order_by("position")
        return self.select_related("site", "room", "door").prefetch_related(
            models.Prefetch("leaders", queryset=current, to_attr="current_leaders")
        )


class LeaderQuerySet(models.QuerySet["GroupLeader"]):
    """Leaders of groups."""

    def current(self) -> Self:
        """Keep those who lead today, in their order."""
        return self.filter(until__isnull=True).order_by("position")

    def with_license(self) -> Self:
        """Add ``licensed_until``: the last day of the license for the state where the group meets, if there is one."""
        licenses = License.objects.filter(user=OuterRef("user"), state=OuterRef("group__site__state"))
        return self.annotate(licensed_until=Subquery(licenses.order_by().values("expires_on")[:1]))


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Memberships."""

    def visible_to(self, user: User) -> Self:
        """Keep the memberships ``user`` may open; members see only their own (R43)."""
        if user.has_role(Role.COORDINATOR, Role.SUPERVISOR):
            return self
        if user.has_role(Role.THERAPIST):
            return self.filter(group__leaders__user=user, group__leaders__until__isnull=True)
        if user.is_member:
            return self.filter(client__user=user)
        return self.none()

    def open(self) -> Self:
        """Keep those that hold a place or are proposed."""
        return self.filter(Q(seat__isnull=False) | Q(state="proposed"))

    def seated(self) -> Self:
        """Keep those that hold a place."""
        return self.filter(seat__isnull=False)

    def attending(self) -> Self:
        """Keep those expected in sessions: active, or leaving after their notice."""
        return self.filter(state__in=("active", "leaving"))

    def on_the_way(self) -> Self:
        """Keep those that are proposed or prepared and no members yet."""
        return self.filter(state__in=("proposed", "accepted", "invited", "preparing"))

    def signable_by(self, user: User) -> Self:
        """Keep the memberships for which ``user`` may sign: their own, while they hold a place (R47)."""
        return self.filter(client__user=user, seat__isnull=False)

    def with_agreement_state(self) -> Self:
        """Add ``agreement_id``, the group's newest version, and ``agreement_signed``, whether it is signed (R26)."""
        versions = apps.get_model("groups_app", "AgreementVersion").objects.filter(group=OuterRef("group"))
        signatures = apps.get_model("groups_app", "Signature").objects.in_force().filter(membership=OuterRef("pk"))
        return self.annotate(
            agreement_id=Subquery(versions.order_by("-number").values("pk")[:1]),
        ).annotate(agreement_signed=Exists(signatures.filter(version=OuterRef("agreement_id"))))


class NoticeQuerySet(models.QuerySet["MemberNotice"]):
    """What members are told."""

    def visible_to(self, user: User) -> Self:
        """Keep the person's own."""
        return self.filter(membership__client__user=user)

    def unseen(self) -> Self:
        """Keep what still waits to be seen by somebody who holds a place."""
        return self.filter(seen_at__isnull=True, withdrawn_at__isnull=True, membership__seat__isnull=False)


class AgreementQuerySet(models.QuerySet["AgreementVersion"]):
    """Versions of agreements."""

    def newest(self) -> Self:
        """Keep the version in force of each group."""
        return self.order_by("group_id", "-number").distinct("group_id")


class SignatureQuerySet(models.QuerySet["Signature"]):
    """Signatures."""

    def in_force(self) -> Self:
        """Keep those that were not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)

    def visible_to(self, user: User) -> Self:
        """Keep what ``user`` may read: members what they signed themselves, leaders and supervisors their groups'."""
        if user.has_role(Role.SUPERVISOR):
            return self
        if user.has_role(Role.THERAPIST):
            return self.filter(membership__group__leaders__user=user, membership__group__leaders__until__isnull=True)
        if user.is_member:
            return self.filter(membership__client__user=user)
        return self.none()


def _count_of(rows: models.QuerySet[models.Model]) -> Coalesce:
    """A sub-select that counts ``rows`` of each group; joins would multiply each other."""
    counted = rows.values("group").annotate(many=Count("*")).values("many")
    return Coalesce(Subquery(counted, output_field=models.IntegerField()), 0)
