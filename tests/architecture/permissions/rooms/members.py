"""Clients, their consents and intake, the waiting list."""

from common.clock import now
from members.models import Client, Intake, KnownPerson, ScreeningFindings, WaitingOutcome
from members.services.acquaintance import keep_apart, list_known
from tests.architecture.permissions.matrix import CLINICAL_DESK, MEMBERS, Objects, Row
from tests.architecture.permissions.scene import Scene
from tests.architecture.permissions.words import word
from tests.factories.members import WaitingFactory

ROWS = {
    "members:list": Row(get=CLINICAL_DESK, shows="name"),
    "members:new": Row(get="SC", post="SC"),
    "members:waiting": Row(get="SC"),
    "members:waiting_export": Row(get="SC"),
    "members:waiting_close": Row(post="SC", of="wait"),
    "members:waiting_resume": Row(post="SC", of="closed wait"),
    "members:detail": Row(get="TSC", of="client", shows="contact desk group name"),
    "members:edit": Row(get="SC", post="SC", of="client", shows="contact desk name"),
    "members:consents": Row(get="SC", post="SC", of="client", shows="contact name"),
    "members:keep_apart_add": Row(get="TSC", post="TSC", of="client", carries="other client", shows="name"),
    "members:trail": Row(get="S", of="client", shows="name"),
    "members:own_trail": Row(get=MEMBERS),
    "members:known": Row(get=MEMBERS, post=MEMBERS, shows="known"),
    "members:known_remove": Row(post="M", of="known person"),
    "members:keep_apart_end": Row(get="TS", post="TS", of="pair", shows="name"),
    "members:screenings": Row(get="TtS", shows="name"),
    "members:screen": Row(get="TS", post="TS", of="client", shows="name screening"),
    "members:screening_ask": Row(post="SC", of="client"),
    "members:screening_ask_waiting": Row(post="SC"),
    "members:intake": Row(get="TS", post="TS", of="client", shows="intake name"),
}


def objects(scene: Scene) -> Objects:
    """The member of the group, who is kept apart from the proposed one; people who wait and who do not any more."""
    closed_wait = WaitingFactory(
        client=scene.proposed.client, closed_on=scene.group.first_day, outcome=WaitingOutcome.WITHDRAWN
    )
    pair = keep_apart(one=scene.member, other=scene.proposed.client, by=None)
    return {
        "pair": {"pk": scene.member.pk, "pair_pk": pair.pk},
        "known person": {"pk": _records(scene).pk},
        "client": {"pk": scene.member.pk},
        "other client": {"other": scene.proposed.client_id},
        "wait": {"pk": WaitingFactory().pk},
        "closed wait": {"pk": closed_wait.pk},
    }


def _records(scene: Scene) -> KnownPerson:
    """Write an intake, a screening and a private list about each of the people, and return what the member listed."""
    for whose, membership in (("member", scene.membership), ("fellow", scene.fellow), ("there", scene.elsewhere)):
        client = membership.client
        _clinical(client, whose)
        known = list_known(client=client, first_name=word("known", whose), last_name="Nobody")
        if client == scene.member:
            listed = known
    return listed


def _clinical(client: Client, whose: str) -> None:
    intake, reason = word("intake", whose), word("screening", whose)
    screening = client.screenings.get()
    Intake.objects.create(
        client=client,
        brings=intake,
        hopes=intake,
        concurrent_therapist=intake,
        recorded_by=screening.decided_by,
        recorded_at=now(),
    )
    ScreeningFindings.objects.create(screening=screening, answers="{}", reason=reason)
