"""Clients, their consents and intake, the waiting list."""

from members.models import WaitingOutcome
from members.services.acquaintance import keep_apart, list_known
from tests.architecture.permissions.matrix import CLINICAL_DESK, MEMBERS, Objects, Row
from tests.architecture.permissions.scene import Scene
from tests.factories.members import WaitingFactory

ROWS = {
    "members:list": Row(get=CLINICAL_DESK),
    "members:new": Row(get="SC", post="SC"),
    "members:waiting": Row(get="SC"),
    "members:waiting_export": Row(get="SC"),
    "members:waiting_close": Row(post="SC", of="wait"),
    "members:waiting_resume": Row(post="SC", of="closed wait"),
    "members:detail": Row(get="TSC", of="client"),
    "members:edit": Row(get="SC", post="SC", of="client"),
    "members:consents": Row(get="SC", post="SC", of="client"),
    "members:keep_apart_add": Row(get="TSC", post="TSC", of="client", carries="other client"),
    "members:trail": Row(get="S", of="client"),
    "members:own_trail": Row(get=MEMBERS),
    "members:known": Row(get=MEMBERS, post=MEMBERS),
    "members:known_remove": Row(post="M", of="known person"),
    "members:keep_apart_end": Row(get="TS", post="TS", of="pair"),
    "members:screenings": Row(get="TtS"),
    "members:screen": Row(get="TS", post="TS", of="client"),
    "members:screening_ask": Row(post="SC", of="client"),
    "members:screening_ask_waiting": Row(post="SC"),
    "members:intake": Row(get="TS", post="TS", of="client"),
}


def objects(scene: Scene) -> Objects:
    """The member of the group, who is kept apart from the proposed one; people who wait and who do not any more."""
    closed_wait = WaitingFactory(
        client=scene.proposed.client, closed_on=scene.group.first_day, outcome=WaitingOutcome.WITHDRAWN
    )
    pair = keep_apart(one=scene.member, other=scene.proposed.client, by=None)
    return {
        "pair": {"pk": scene.member.pk, "pair_pk": pair.pk},
        "known person": {"pk": list_known(client=scene.member, first_name="Ana", last_name="Nobody").pk},
        "client": {"pk": scene.member.pk},
        "other client": {"other": scene.proposed.client_id},
        "wait": {"pk": WaitingFactory().pk},
        "closed wait": {"pk": closed_wait.pk},
    }
