"""Front pages, the group's page, search."""

from tests.architecture.permissions.matrix import CLINICAL_DESK, EVERYBODY, MEMBERS, SIGNED_IN, Objects, Row
from tests.architecture.permissions.scene import Scene

ROWS = {
    "home:front": Row(get=SIGNED_IN),
    "home:today": Row(get="TtS", shows="group"),
    "home:desk": Row(get="C", shows="group"),
    "home:member": Row(get=MEMBERS, shows="name"),
    "home:schedule": Row(get=MEMBERS),
    "home:me": Row(get=MEMBERS, shows="contact name"),
    "home:reach": Row(post=MEMBERS, of="way"),
    "home:crisis": Row(get=EVERYBODY),
    "home:group": Row(get="TSC", of="group", shows="group name reason"),
    "home:report": Row(get=CLINICAL_DESK, shows="group"),
    "home:report_csv": Row(get=CLINICAL_DESK, shows="group"),
    "home:search": Row(get=CLINICAL_DESK),
    "home:style": Row(),
}


def objects(_: Scene) -> Objects:
    """A way to be written to."""
    return {"way": {"channel": "email", "choice": "all"}}
