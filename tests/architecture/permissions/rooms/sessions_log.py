"""Sessions, calendar, attendance, notes."""

from common.clock import now
from sessions_log.models import GroupNote, SeriesStop, Snippet
from tests.architecture.permissions.matrix import CLINICAL_DESK, Objects, Row
from tests.architecture.permissions.scene import Scene
from tests.factories.sessions_log import SessionFactory

ROWS = {
    "sessions_log:calendar": Row(get=CLINICAL_DESK),
    "sessions_log:agenda": Row(get=CLINICAL_DESK),
    "sessions_log:month": Row(get=CLINICAL_DESK),
    "sessions_log:find_time": Row(get=CLINICAL_DESK),
    "sessions_log:new_group": Row(get=CLINICAL_DESK, post=CLINICAL_DESK),
    "sessions_log:notes": Row(get="TtS"),
    "sessions_log:door": Row(get="TS", post="TS", of="group"),
    "sessions_log:notice": Row(get="TS", post="TS", of="membership"),
    "sessions_log:session": Row(get="TSC", post="T", of="session"),
    "sessions_log:draft": Row(post="T", of="session"),
    "sessions_log:attendance_undo": Row(post="T", of="session"),
    "sessions_log:cosign": Row(post="TS", of="signed session"),
    "sessions_log:addendum": Row(get="T", post="T", of="signed session"),
    "sessions_log:note_pdf": Row(get="TS", of="signed session"),
    "sessions_log:member_notes": Row(get="TS", of="member's membership"),
    "sessions_log:writing": Row(get="Tt", post="Tt"),
    "sessions_log:snippets": Row(get="Tt"),
    "sessions_log:snippet_delete": Row(post="T", of="snippet"),
    "sessions_log:move": Row(get="TSC", post="TSC", of="session"),
    "sessions_log:cancel": Row(get="TSC", post="TSC", of="session"),
    "sessions_log:restore": Row(post="TSC", of="session"),
    "sessions_log:stand_in": Row(get="TSC", post="TSC", of="session"),
    "sessions_log:extra": Row(get="TSC", post="TSC", of="group"),
    "sessions_log:attention": Row(get=CLINICAL_DESK),
    "sessions_log:move_out": Row(post="TSC", of="session"),
    "sessions_log:skip_taken": Row(post="TSC", of="series stop"),
    "sessions_log:billing": Row(get=CLINICAL_DESK),
    "sessions_log:billing_csv": Row(get=CLINICAL_DESK),
    "sessions_log:sheet": Row(get="TSC", of="session"),
    "sessions_log:absence": Row(post="M", of="session"),
    "sessions_log:absence_withdraw": Row(post="M", of="session"),
}


def objects(scene: Scene) -> Objects:
    """The group's session, another that is signed, its member, a snippet of its leader's; its series as if stopped."""
    stop = SeriesStop.objects.create(group=scene.group, day=scene.group.first_day, noticed_at=now())
    signed = SessionFactory(group=scene.group, documented_at=scene.session.ends_at)
    GroupNote.objects.create(
        session=signed,
        author=scene.people["T"],
        updated_at=signed.ends_at,
        signed_by=scene.people["T"],
        signed_at=signed.ends_at,
    )
    snippet = Snippet.objects.create(author=scene.people["T"], name="x", text="x")
    return {
        "session": {"pk": scene.session.pk},
        "signed session": {"pk": signed.pk},
        "member's membership": {"pk": scene.membership.pk},
        "snippet": {"pk": snippet.pk},
        "series stop": {"pk": stop.pk},
    }
