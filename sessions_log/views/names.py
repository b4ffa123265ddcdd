"""What the buttons below a found name say (R35)."""

from uuid import UUID

from django.http import QueryDict

from sessions_log.formats import GROUP_KEY
from sessions_log.services import NameAnswer

_EVERYBODY_ELSE = "all-somebody-else"  # the button that says it of every name, and signs
_NOTHING = "-"  # no folded name has a hyphen, so this one is never found


def name_answer(data: QueryDict) -> NameAnswer | None:
    """Return what the pressed button says about a name, if it was one of these; nonsense is about no name."""
    if data.get("sign") == _EVERYBODY_ELSE:
        return NameAnswer()
    for button, take_out in (("take_name_out", True), ("somebody_else", False)):
        if button in data:
            key, _space, word = str(data[button]).partition(" ")
            membership_id = _membership_id(key)
            is_known = bool(word) and (membership_id is not None or key == GROUP_KEY)
            return NameAnswer(membership_id, word if is_known else _NOTHING, take_out=take_out)
    return None


def _membership_id(key: str) -> UUID | None:
    try:
        return UUID(key)
    except ValueError:
        return None
