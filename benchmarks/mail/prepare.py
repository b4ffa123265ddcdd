"""Inside an installation: a practice in which so many people are to be reminded.

``python -m benchmarks.mail.prepare NUMBER SECONDS`` makes NUMBER reminders by mail, due evenly over the next SECONDS.
"""

import sys
from datetime import UTC, datetime, time, timedelta

import django
from django.apps import apps

if not apps.ready:  # a program of its own; the installation names the settings
    django.setup()

from django.db import connection, transaction

from common.acting import SYSTEM, acting_as
from common.clock import local, now
from groups_app.models import Group, GroupState, Length, Membership, MembershipState
from members.models import Channel, Client, ContactConsent, Screening, ScreeningOutcome
from practice.models import Policy, Practice, Role, Site, User
from reminders.models import Message
from reminders.services import materialize
from sessions_log.models import Session

IN_A_GROUP = 8
_AHEAD = timedelta(hours=30)
_SPREAD = """
    UPDATE reminders_message AS message SET due_at = %s + make_interval(secs => %s * place.number / %s)
      FROM (SELECT id, row_number() OVER (ORDER BY id) - 1 AS number FROM reminders_message) AS place
     WHERE place.id = message.id
"""


@acting_as(SYSTEM)
@transaction.atomic
def main(number: int, seconds: float) -> None:
    """Fill the database; every person is in one group that meets in thirty hours."""
    at = now()
    Practice.objects.update(name="North Ninth", phone="+1 718 555 0100")
    Policy.objects.update(reminder_leads=[24 + 6], quiet_until=time(0, 1), quiet_from=time(23, 59))
    site = Site.objects.create(name="Online", zone=_where_it_is_noon(at), state="NY", is_online=True)
    coordinator = User.objects.create_user(
        email="desk@kith.example", first_name="D", last_name="E", roles=[Role.COORDINATOR]
    )
    clients = Client.objects.bulk_create(
        Client(
            first_name="Person",
            last_name=f"{position:06}",
            email=f"p{position:06}@mail.example",
            birth_date="1990-01-01",
            site=site,
            referral_date=at.date(),
        )
        for position in range(number)
    )
    Screening.objects.bulk_create(
        Screening(client=client, outcome=ScreeningOutcome.APPROVED, decided_by=coordinator, decided_at=at)
        for client in clients
    )
    ContactConsent.objects.bulk_create(
        ContactConsent(client=client, channel=Channel.EMAIL, given_at=at) for client in clients
    )
    for first in range(0, number, IN_A_GROUP):
        _add_group(site, clients[first : first + IN_A_GROUP], coordinator, at)
    materialize(at=at + timedelta(seconds=1))
    with connection.cursor() as cursor:
        cursor.execute(_SPREAD, [at, seconds, number])
    made = Message.objects.count()
    if made != number:
        raise SystemExit(f"{made} reminders were made instead of {number}.")


def _where_it_is_noon(at: datetime) -> str:
    """So that nobody's quiet hours come in between."""
    shift = 12 - at.astimezone(UTC).hour
    return "UTC" if shift == 0 else f"Etc/GMT{-shift:+d}"


def _add_group(site: Site, clients: list[Client], coordinator: User, at: datetime) -> None:
    starts_at = at + _AHEAD
    wall = local(starts_at, site.zone)
    group = Group.objects.create(
        name=clients[0].last_name,
        site=site,
        online_link="https://meet.example/x",
        first_day=wall.date(),
        start_time=wall.time(),
        minutes=90,
        length=Length.ONGOING,
        state=GroupState.FORMING,  # the door of a running one is shut
    )
    Session.objects.create(
        group=group,
        number=1,
        local_day=wall.date(),
        local_time=wall.time(),
        minutes=90,
        zone=site.zone,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=90),
        online_link=group.online_link,
    )
    Membership.objects.bulk_create(
        Membership(
            group=group,
            client=client,
            state=MembershipState.ACTIVE,
            seat=seat,
            proposed_by=coordinator,
            pregroup_met_on=at.date(),
            starts_on=wall.date(),
        )
        for seat, client in enumerate(clients, start=1)
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
