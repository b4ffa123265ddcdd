"""What the trail's actions are called on pages. The trail stores the action, so its words may be mended later."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

_WORDS = {
    "client.read": _("Opened the client record"),
    "refused.get": _("Was refused a page"),
    "refused.post": _("Was refused a change"),
}


def words_for(action: str) -> str:
    """Return ``action`` in words; one that has none yet is shown as it is written: "group.door_opened" as such."""
    known = _WORDS.get(action)
    if known:
        return str(known)
    room, _dot, what = action.partition(".")
    return gettext("%(room)s: %(what)s") % {"room": room.capitalize(), "what": what.replace("_", " ")}
