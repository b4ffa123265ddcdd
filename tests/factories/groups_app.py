"""Groups and memberships for tests, written as rows: a test of the way to a state uses the services."""

import datetime
import hashlib
from typing import Any

import factory
import pgtrigger

from common.clock import now
from groups_app import services
from groups_app.clauses import clauses as clauses_of
from groups_app.models import (
    SEATED_STATES,
    AgreementClause,
    AgreementVersion,
    Group,
    GroupLeader,
    GroupState,
    LeavingReason,
    Membership,
    MembershipState,
    Signature,
)
from practice.models import User
from tests.factories.members import ClientFactory
from tests.factories.practice import RoomFactory, SiteFactory, TherapistFactory


class GroupFactory(factory.django.DjangoModelFactory[Group]):
    """A forming group in Brooklyn: 14 Tuesdays at 6:00 PM from November 24, 2026, 90 minutes, in a room of its own.

    ``leaders=[user, …]`` makes them its leaders in that order; without it the group gets one new therapist.
    """

    class Meta:
        model = Group
        skip_postgeneration_save = True

    name = factory.Sequence(lambda number: f"Circle {number}")
    site = factory.SubFactory(SiteFactory)
    room = factory.SubFactory(RoomFactory, site=factory.SelfAttribute("..site"))
    first_day = datetime.date(2026, 11, 24)
    start_time = datetime.time(18)
    minutes = 90
    session_count = 14
    state = GroupState.FORMING

    @factory.post_generation
    def leaders(group: Group, create: bool, users: list[User] | None, **kwargs: Any) -> None:  # noqa: N805
        if users is None:
            users = [TherapistFactory()]
        for position, user in enumerate(users, start=1):
            GroupLeader.objects.create(group=group, user=user, position=position, since=group.first_day)


class AgreementFactory(factory.django.DjangoModelFactory[AgreementVersion]):
    """The first version of a group's agreement; ``clauses=True`` gives it its clauses as rows, to be acknowledged."""

    class Meta:
        model = AgreementVersion
        skip_postgeneration_save = True

    group = factory.SubFactory(GroupFactory)
    number = 1
    title = "Group agreement"
    text = "## We talk\nWe put into words what we feel."
    sha256 = factory.LazyAttribute(lambda version: hashlib.sha256(version.text.encode()).hexdigest())
    published_at = factory.LazyFunction(now)
    published_by = factory.SubFactory(TherapistFactory)

    @factory.post_generation
    def clauses(version: AgreementVersion, create: bool, wanted: bool | None, **kwargs: Any) -> None:  # noqa: N805
        for position, part in enumerate(clauses_of(version.text) if wanted else [], start=1):
            AgreementClause.objects.create(
                version=version, position=position, heading=part.heading, body=part.body, why=part.why
            )


def sign(membership: Membership, version: AgreementVersion, **changes: Any) -> Signature:
    """Go through every clause and sign, as the member does."""
    said = {"typed_name": "Imani Adeyemi", "has_read": True, "intends_to_sign": True}
    account = changes.pop("account", membership.client.user)
    for clause in version.clauses.all():
        services.acknowledge_clause(membership=membership, clause=clause, account=account)
    return services.sign_agreement(membership=membership, version=version, account=account, **{**said, **changes})


class MembershipFactory(factory.django.DjangoModelFactory[Membership]):
    """An active membership in the lowest free seat of its group; ``state`` may be any other."""

    class Meta:
        model = Membership

    group = factory.SubFactory(GroupFactory)
    client = factory.SubFactory(ClientFactory)
    state = MembershipState.ACTIVE
    proposed_by = factory.SubFactory(TherapistFactory)
    pregroup_met_on = datetime.date(2026, 11, 10)
    starts_on = datetime.date(2026, 11, 12)

    @classmethod
    def _create(cls, model_class: type[Membership], *args: Any, **kwargs: Any) -> Membership:
        # A row of a running group stands for somebody who was there before its door was shut.
        with pgtrigger.ignore("groups_app.Membership:membership_door"):
            return super()._create(model_class, *args, **kwargs)

    @factory.lazy_attribute
    def ends_on(self) -> datetime.date | None:
        if self.state == MembershipState.LEFT:
            return self.starts_on
        return datetime.date(2099, 12, 31) if self.state == MembershipState.LEAVING else None

    @factory.lazy_attribute
    def leaving_reason(self) -> str:
        return LeavingReason.OTHER if self.state in (MembershipState.LEAVING, MembershipState.LEFT) else ""

    @factory.lazy_attribute
    def seat(self) -> int | None:
        if self.state not in SEATED_STATES:
            return None
        taken = set(Membership.objects.filter(group=self.group).values_list("seat", flat=True))
        return next(number for number in range(1, 13) if number not in taken)
