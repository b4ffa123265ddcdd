"""Pages of psychotherapy notes."""

from process_notes.views.maps import group_map, map_page, map_undo
from process_notes.views.notes import mine, session
from process_notes.views.sharing import end, share, shared

__all__ = ["end", "group_map", "map_page", "map_undo", "mine", "session", "share", "shared"]
