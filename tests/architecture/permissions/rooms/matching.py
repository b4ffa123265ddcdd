"""Who fits which group."""

from tests.architecture.permissions.matrix import Objects, Row
from tests.architecture.permissions.scene import Scene
from tests.factories.members import WaitingFactory

ROWS = {
    "matching:board": Row(get="SC", shows="group"),
    "matching:group": Row(get="SC", of="group", shows="group"),
    "matching:propose": Row(post="SC", of="candidate"),
    "matching:take_back": Row(post="SC", of="proposal"),
}


def objects(scene: Scene) -> Objects:
    """Somebody who waits, for the group."""
    return {"candidate": {"pk": scene.group.pk, "client_pk": WaitingFactory().client_id}}
