"""Sessions, calendar, attendance, notes."""

from common.clock import now
from sessions_log.models import SeriesStop
from tests.architecture.permissions.matrix import CLINICAL_DESK, Objects, Row
from tests.architecture.permissions.scene import Scene

ROWS = {
    "sessions_log:calendar": Row(get=CLINICAL_DESK),
    "sessions_log:agenda": Row(get=CLINICAL_DESK),
    "sessions_log:month": Row(get=CLINICAL_DESK),
    "sessions_log:find_time": Row(get=CLINICAL_DESK),
    "sessions_log:new_group": Row(get=CLINICAL_DESK, post=CLINICAL_DESK),
    "sessions_log:notes": Row(get="TtS"),
    "sessions_log:session": Row(get="TSC", post="T", of="session"),
    "sessions_log:move": Row(get="TSC", post="TSC", of="session"),
    "sessions_log:cancel": Row(get="TSC", post="TSC", of="session"),
    "sessions_log:restore": Row(post="TSC", of="session"),
    "sessions_log:stand_in": Row(get="TSC", post="TSC", of="session"),
    "sessions_log:extra": Row(get="TSC", post="TSC", of="group"),
    "sessions_log:attention": Row(get=CLINICAL_DESK),
    "sessions_log:move_out": Row(post="TSC", of="session"),
    "sessions_log:skip_taken": Row(post="TSC", of="series stop"),
    "sessions_log:absence": Row(post="M", of="session"),
    "sessions_log:absence_withdraw": Row(post="M", of="session"),
}


def objects(scene: Scene) -> Objects:
    """The group's session, and its series as if it had stopped."""
    stop = SeriesStop.objects.create(group=scene.group, day=scene.group.first_day, noticed_at=now())
    return {"session": {"pk": scene.session.pk}, "series stop": {"pk": stop.pk}}
