"""Accounts, sites and rooms for tests."""

import datetime
from collections.abc import Iterable
from functools import cache
from typing import Any

import factory
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from practice.models import Closure, License, Role, Room, Site, Supervision, User

PASSWORD = "correct horse battery"


@cache
def encoded_password(password: str) -> str:
    """Hash a password once a process: most tests never sign in with it."""
    return make_password(password)


class SiteFactory(factory.django.DjangoModelFactory[Site]):
    """A site in Brooklyn."""

    class Meta:
        model = Site
        django_get_or_create = ("name",)

    name = "Brooklyn"
    zone = "America/New_York"
    state = "NY"
    address = "110 North 9th Street"


class RoomFactory(factory.django.DjangoModelFactory[Room]):
    """A room of its own at Brooklyn."""

    class Meta:
        model = Room

    site = factory.SubFactory(SiteFactory)
    name = factory.Sequence(lambda number: f"Room {number}")


class ClosureFactory(factory.django.DjangoModelFactory[Closure]):
    """One day on which all sites are closed."""

    class Meta:
        model = Closure

    name = "Thanksgiving"
    first_day = datetime.date(2026, 11, 26)
    last_day = factory.SelfAttribute("first_day")


class UserFactory(factory.django.DjangoModelFactory[User]):
    """An account that can sign in with ``PASSWORD``; a therapist unless told otherwise."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    first_name = factory.Sequence(lambda number: f"First{number}")
    last_name = factory.Sequence(lambda number: f"Last{number}")
    email = factory.Sequence(lambda number: f"person{number}@kith.example")
    roles = factory.LazyFunction(lambda: [Role.THERAPIST])

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, password: str | None = PASSWORD, **kwargs: Any) -> User:
        user = model_class(password=encoded_password(password) if password else make_password(None), **kwargs)
        user.save(force_insert=True)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        return user


class TherapistFactory(UserFactory):
    """A therapist licensed in New York."""

    roles = factory.LazyFunction(lambda: [Role.THERAPIST])
    license = factory.RelatedFactory("tests.factories.practice.LicenseFactory", factory_related_name="user")


class CoordinatorFactory(UserFactory):
    """A coordinator."""

    roles = factory.LazyFunction(lambda: [Role.COORDINATOR])


class SupervisorFactory(UserFactory):
    """A supervisor, ``of`` therapists whose signed notes they read."""

    roles = factory.LazyFunction(lambda: [Role.SUPERVISOR])

    @factory.post_generation
    def of(supervisor: User, create: bool, extracted: Iterable[User] | None, **kwargs: object) -> None:  # noqa: N805
        for therapist in extracted or ():
            Supervision.objects.create(supervisor=supervisor, therapist=therapist, since=datetime.date(2026, 1, 5))


class AdministratorFactory(UserFactory):
    """An administrator."""

    roles = factory.LazyFunction(lambda: [Role.ADMINISTRATOR])


class MemberUserFactory(UserFactory):
    """The account of a client."""

    roles = factory.LazyFunction(lambda: [Role.MEMBER])


class LicenseFactory(factory.django.DjangoModelFactory[License]):
    """A license for New York that will not expire in a test."""

    class Meta:
        model = License

    user = factory.SubFactory(UserFactory)
    state = "NY"
    number = factory.Sequence(lambda number: f"NY-{number:06}")
    expires_on = datetime.date(2099, 12, 31)
