"""Psychotherapy notes: their author, and whom the author shares them with; no role opens them (R36)."""

from common.clock import now
from process_notes.interactions.entries import GROUP, Interaction, Kind, written
from process_notes.models import InteractionMap, ProcessNote, Share
from tests.architecture.permissions.matrix import Objects, Row
from tests.architecture.permissions.scene import Scene
from tests.architecture.permissions.words import word
from tests.factories.sessions_log import SessionFactory

ROWS = {
    "process_notes:mine": Row(get="TtS", shows="group"),
    "process_notes:session": Row(get="T", post="T", of="session", shows="group process"),
    "process_notes:share": Row(post="T", of="session"),
    "process_notes:map": Row(get="T", post="T", of="session", shows="group name"),
    "process_notes:map_undo": Row(post="T", of="session"),
    "process_notes:group_map": Row(get="T", of="group", shows="group name"),
    "process_notes:shared": Row(get="S", of="share", shows="group name process"),
    "process_notes:end": Row(post="T", of="share"),
}


def objects(scene: Scene) -> Objects:
    """What the leader wrote and drew about the session, shared with the supervisor; another shares nothing."""
    other = SessionFactory(group=scene.elsewhere.group)
    ProcessNote.objects.create(session=other, author=scene.people["t"], text=word("process", "there"), updated_at=now())
    own = {"session": scene.session, "author": scene.people["T"]}
    ProcessNote.objects.create(text=word("process", "here"), updated_at=now(), **own)
    drawn = [Interaction(1, f"m:{word('process', 'here')}", GROUP, Kind.REMARK)]
    InteractionMap.objects.create(updated_at=now(), entries=written(drawn), **own)
    given = Share.objects.create(reader=scene.people["S"], given_at=now(), **own)
    return {"share": {"pk": given.pk}}
