"""Groups, memberships, agreements."""

from tests.architecture.permissions.matrix import CLINICAL_DESK, MEMBERS, Objects, Row
from tests.architecture.permissions.scene import Scene

ROWS = {
    "groups_app:list": Row(get=CLINICAL_DESK),
    "groups_app:edit": Row(get="TSC", post="TSC", of="group"),
    "groups_app:change_state": Row(get="TS", post="TS", of="group"),
    "groups_app:agreement_edit": Row(get="TS", post="TS", of="group"),
    "groups_app:accept": Row(post="TS", of="proposal"),
    "groups_app:decline": Row(get="TS", post="TS", of="proposal"),
    "groups_app:withdraw": Row(get="TSC", post="TSC", of="proposal"),
    "groups_app:pregroup": Row(get="TS", post="TS", of="membership"),
    "groups_app:agreements": Row(get=MEMBERS),
    "groups_app:sign": Row(get="M", post="M", of="membership"),
    "groups_app:signed": Row(get="M", of="signature"),
}


def objects(scene: Scene) -> Objects:
    """The group and what stands in it."""
    return {
        "group": {"pk": scene.group.pk},
        "membership": {"pk": scene.membership.pk},
        "proposal": {"pk": scene.proposed.pk},
        "signature": {"pk": scene.signature.pk},
    }
