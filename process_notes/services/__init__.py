"""What an author can do with psychotherapy notes: write, record who spoke to whom, share, end a share."""

from process_notes.services.errors import NoSuchSeat, NotAReader, NothingToShare, SameSeat, StaleProcessNote
from process_notes.services.notes import keep_note
from process_notes.services.sharing import end_share, share
from process_notes.services.talk import record_interaction, take_back_interaction

__all__ = [
    "NoSuchSeat",
    "NotAReader",
    "NothingToShare",
    "SameSeat",
    "StaleProcessNote",
    "end_share",
    "keep_note",
    "record_interaction",
    "share",
    "take_back_interaction",
]
