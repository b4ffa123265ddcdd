"""What ``benchmarks.rls`` reads: querysets of the product, as SQL."""

import datetime
from typing import Any
from uuid import UUID

from common.acting import SYSTEM, acting_as
from groups_app.models import Group, GroupLeader, Membership
from members.models import Client
from practice.models import Role, Room, Site, User


@acting_as(SYSTEM)
def make_first_rows() -> dict[str, User]:
    """Make the rows that are copied, and the people who read; a first therapist to copy, a coordinator who sees all."""
    site = Site.objects.create(name="Brooklyn", zone="America/New_York", state="NY")
    room = Room.objects.create(site=site, name="Room 1")
    first = User.objects.create(email="first@kith.example", roles=[Role.THERAPIST])
    coordinator = User.objects.create(email="desk@kith.example", roles=[Role.COORDINATOR])
    day = datetime.date(2026, 1, 6)
    client = Client.objects.create(
        first_name="A",
        last_name="B",
        birth_date=datetime.date(1990, 1, 1),
        email="a@b.example",
        site=site,
        referral_date=day,
    )
    group = Group.objects.create(
        name="First", site=site, room=room, first_day=day, start_time=datetime.time(18), minutes=90, session_count=14
    )
    GroupLeader.objects.create(group=group, user=first, since=day)
    # Of no consequence, so that it needs no screening; its copies get their place.
    Membership.objects.create(group=group, client=client, state="declined", proposed_by=first)
    return {"coordinator": coordinator}


@acting_as(SYSTEM)
def reads(people: dict[str, User]) -> dict[str, tuple[str, str, Any]]:
    """Name each read, with the actor's key, its SQL and its parameters."""
    therapist = User.objects.exclude(email="first@kith.example").filter(roles__contains=[Role.THERAPIST])[0]
    own = Client.objects.visible_to(therapist)
    key = own.values_list("pk", flat=True)[0]
    found = {
        "a therapist's clients": (therapist, own.order_by("sort_key", "id")[:50]),
        "a therapist's memberships": (
            therapist,
            Membership.objects.visible_to(therapist).select_related("client", "group").order_by("pk")[:50],
        ),
        "one client, opened": (therapist, own.filter(pk=UUID(str(key)))),
        "a coordinator's first 50 clients": (
            people["coordinator"],
            Client.objects.visible_to(people["coordinator"]).order_by("pk")[:50],
        ),
    }
    return {name: (str(person.pk), *queryset.query.sql_with_params()) for name, (person, queryset) in found.items()}
