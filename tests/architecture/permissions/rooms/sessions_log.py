"""Sessions, calendar, attendance, notes."""

from tests.architecture.permissions.matrix import CLINICAL_DESK, Objects, Row
from tests.architecture.permissions.scene import Scene

ROWS = {
    "sessions_log:calendar": Row(get=CLINICAL_DESK),
    "sessions_log:agenda": Row(get=CLINICAL_DESK),
    "sessions_log:new_group": Row(get=CLINICAL_DESK, post=CLINICAL_DESK),
    "sessions_log:notes": Row(get="TtS"),
    "sessions_log:session": Row(get="TSC", post="T", of="session"),
    "sessions_log:move": Row(get="TSC", post="TSC", of="session"),
    "sessions_log:cancel": Row(get="TSC", post="TSC", of="session"),
    "sessions_log:absence": Row(post="M", of="session"),
    "sessions_log:absence_withdraw": Row(post="M", of="session"),
}


def objects(scene: Scene) -> Objects:
    """The group's session."""
    return {"session": {"pk": scene.session.pk}}
