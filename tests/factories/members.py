"""Clients for tests."""

import datetime

import factory

from common.clock import now
from members.models import (
    Availability,
    Channel,
    Client,
    ContactConsent,
    Screening,
    ScreeningOutcome,
    WaitingListEntry,
)
from practice.models import User
from tests.factories.practice import MemberUserFactory, SiteFactory, TherapistFactory


class ClientFactory(factory.django.DjangoModelFactory[Client]):
    """A client at Brooklyn without an account, approved by a screening; ``screening="none"`` leaves that out."""

    class Meta:
        model = Client
        skip_postgeneration_save = True

    first_name = factory.Sequence(lambda number: f"Given{number}")
    last_name = factory.Sequence(lambda number: f"Family{number}")
    birth_date = datetime.date(1990, 5, 17)
    email = factory.Sequence(lambda number: f"client{number}@mail.example")
    mobile = "+17185550100"
    site = factory.SubFactory(SiteFactory)
    referral_date = datetime.date(2026, 9, 1)

    @factory.post_generation
    def screening(client: Client, create: bool, outcome: str | None, **kwargs: object) -> None:  # noqa: N805
        if create and outcome != "none":
            decided_by = User.objects.exclude(roles=["member"]).first() or TherapistFactory()
            Screening.objects.create(
                client=client, outcome=outcome or ScreeningOutcome.APPROVED, decided_by=decided_by, decided_at=now()
            )

    class Params:
        with_account = factory.Trait(
            user=factory.SubFactory(
                MemberUserFactory,
                first_name=factory.SelfAttribute("..first_name"),
                last_name=factory.SelfAttribute("..last_name"),
                email=factory.SelfAttribute("..email"),
            )
        )


class AvailabilityFactory(factory.django.DjangoModelFactory[Availability]):
    """Tuesday evening."""

    class Meta:
        model = Availability

    client = factory.SubFactory(ClientFactory)
    weekday = 1
    starts = datetime.time(17)
    ends = datetime.time(21)


class ConsentFactory(factory.django.DjangoModelFactory[ContactConsent]):
    """Consent to email."""

    class Meta:
        model = ContactConsent

    client = factory.SubFactory(ClientFactory)
    channel = Channel.EMAIL
    given_at = factory.LazyFunction(now)


class WaitingFactory(factory.django.DjangoModelFactory[WaitingListEntry]):
    """Somebody who waits."""

    class Meta:
        model = WaitingListEntry

    client = factory.SubFactory(ClientFactory)
    since = factory.SelfAttribute("client.referral_date")
