"""Sessions, calendar, attendance, notes."""

from common.clock import now
from groups_app.models import Membership
from practice.models import User
from sessions_log.models import (
    Addendum,
    AskedAfter,
    BoundaryEvent,
    BoundaryKind,
    GroupNote,
    MemberNote,
    SeriesStop,
    Session,
    Snippet,
)
from tests.architecture.permissions.matrix import CLINICAL_DESK, Objects, Row
from tests.architecture.permissions.scene import Scene
from tests.architecture.permissions.words import word
from tests.factories.sessions_log import SessionFactory

ROWS = {
    "sessions_log:calendar": Row(get=CLINICAL_DESK, shows="group"),
    "sessions_log:agenda": Row(get=CLINICAL_DESK, shows="group"),
    "sessions_log:month": Row(get=CLINICAL_DESK, shows="group"),
    "sessions_log:find_time": Row(get=CLINICAL_DESK),
    "sessions_log:new_group": Row(get=CLINICAL_DESK, post=CLINICAL_DESK),
    "sessions_log:notes": Row(get="TtS", shows="group"),
    "sessions_log:door": Row(get="TS", post="TS", of="group", shows="group"),
    "sessions_log:notice": Row(get="TS", post="TS", of="membership", shows="group name"),
    "sessions_log:ask_after": Row(get="T", post="T", of="member's membership", shows="contact group name"),
    "sessions_log:ask_after_undo": Row(post="T", of="asking"),
    "sessions_log:session": Row(get="TSC", post="T", of="session", shows="draft goal group name"),
    "sessions_log:draft": Row(post="T", of="session"),
    "sessions_log:attendance_undo": Row(post="T", of="session"),
    "sessions_log:cosign": Row(post="TS", of="signed session"),
    "sessions_log:addendum": Row(get="T", post="T", of="signed session", shows="group name"),
    "sessions_log:note_pdf": Row(get="TS", of="signed session", shows="group name note"),
    "sessions_log:member_notes": Row(get="TS", of="member's membership", shows="draft group name note"),
    "sessions_log:writing": Row(get="Tt", post="Tt", shows="snippet"),
    "sessions_log:snippets": Row(get="Tt", shows="snippet"),
    "sessions_log:snippet_delete": Row(post="T", of="snippet"),
    "sessions_log:move": Row(get="TSC", post="TSC", of="session", shows="group"),
    "sessions_log:cancel": Row(get="TSC", post="TSC", of="session", shows="group"),
    "sessions_log:restore": Row(post="TSC", of="session"),
    "sessions_log:stand_in": Row(get="TSC", post="TSC", of="session", shows="group"),
    "sessions_log:extra": Row(get="TSC", post="TSC", of="group", shows="group"),
    "sessions_log:attention": Row(get=CLINICAL_DESK, shows="group"),
    "sessions_log:move_out": Row(post="TSC", of="session"),
    "sessions_log:skip_taken": Row(post="TSC", of="series stop"),
    "sessions_log:billing": Row(get=CLINICAL_DESK, shows="group"),
    "sessions_log:billing_csv": Row(get=CLINICAL_DESK),
    "sessions_log:sheet": Row(get="TSC", of="session", shows="group"),
    "sessions_log:absence": Row(post="M", of="session"),
    "sessions_log:absence_withdraw": Row(post="M", of="session"),
}


def objects(scene: Scene) -> Objects:
    """The group's session with drafts, another that is signed, its member, a snippet; its series as if stopped.

    In the other group the same is written.
    """
    leader, other_leader = scene.people["T"], scene.people["t"]
    stop = SeriesStop.objects.create(group=scene.group, day=scene.group.first_day, noticed_at=now())
    signed = _signed(leader, "here", {"member": scene.membership, "fellow": scene.fellow})
    _signed(other_leader, "there", {"there": scene.elsewhere})
    _draft(scene.session, leader, "here", {"member": scene.membership, "fellow": scene.fellow})
    _draft(SessionFactory(group=scene.elsewhere.group), other_leader, "there", {"there": scene.elsewhere})
    snippet = _snippet(leader, "here")
    _snippet(other_leader, "there")
    asked = AskedAfter.objects.create(
        membership=scene.membership, asked_on=scene.group.first_day, by=leader, noted_at=now()
    )
    return {
        "asking": {"pk": scene.membership.pk, "asked": asked.pk},
        "session": {"pk": scene.session.pk},
        "signed session": {"pk": signed.pk},
        "member's membership": {"pk": scene.membership.pk},
        "snippet": {"pk": snippet.pk},
        "series stop": {"pk": stop.pk},
    }


def _signed(leader: User, group: str, people: dict[str, Membership]) -> Session:
    """A session whose notes are signed, about the group and each of ``people``."""
    session = SessionFactory(group=leader.leads.get().group, documented_at=now())
    kept = {"session": session, "author": leader, "updated_at": now(), "signed_by": leader, "signed_at": now()}
    for whose, membership in people.items():
        MemberNote.objects.create(membership=membership, parts={"note": word("note", whose)}, **kept)
        BoundaryEvent.objects.create(
            session=session,
            membership=membership,
            kind=BoundaryKind.OTHER,
            words=word("note", whose),
            recorded_by=leader,
            recorded_at=now(),
        )
    # Last: from here on the record is locked.
    GroupNote.objects.create(parts={"theme": word("note", group)}, **kept)
    Addendum.objects.create(session=session, text=word("note", group), author=leader, written_at=now())
    return session


def _draft(session: Session, leader: User, group: str, people: dict[str, Membership]) -> None:
    kept = {"session": session, "author": leader, "updated_at": now()}
    GroupNote.objects.create(parts={"theme": word("draft", group)}, **kept)
    for whose, membership in people.items():
        MemberNote.objects.create(membership=membership, parts={"note": word("draft", whose)}, **kept)


def _snippet(author: User, whose: str) -> Snippet:
    return Snippet.objects.create(author=author, name=word("snippet", whose), text=word("snippet", whose))
