"""Psychotherapy notes: their author, and whom the author shares them with; no role opens them (R36)."""

from common.clock import now
from process_notes.models import InteractionMap, ProcessNote, Share
from tests.architecture.permissions.matrix import Objects, Row
from tests.architecture.permissions.scene import Scene

ROWS = {
    "process_notes:mine": Row(get="TtS"),
    "process_notes:session": Row(get="T", post="T", of="session"),
    "process_notes:share": Row(post="T", of="session"),
    "process_notes:map": Row(get="T", post="T", of="session"),
    "process_notes:map_undo": Row(post="T", of="session"),
    "process_notes:group_map": Row(get="T", of="group"),
    "process_notes:shared": Row(get="S", of="share"),
    "process_notes:end": Row(post="T", of="share"),
}


def objects(scene: Scene) -> Objects:
    """What the leader wrote and drew about the session, shared with the supervisor."""
    own = {"session": scene.session, "author": scene.people["T"]}
    ProcessNote.objects.create(text="x", updated_at=now(), **own)
    InteractionMap.objects.create(updated_at=now(), **own)
    given = Share.objects.create(reader=scene.people["S"], given_at=now(), **own)
    return {"share": {"pk": given.pk}}
