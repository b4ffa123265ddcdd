"""Pages of sessions."""

from sessions_log.views.absence import absence, absence_withdraw
from sessions_log.views.asking import ask_after, ask_after_undo
from sessions_log.views.attention import attention, move_out, skip_taken
from sessions_log.views.billing import billing, billing_csv, sheet
from sessions_log.views.calendar import agenda, calendar, month
from sessions_log.views.changing import cancel, extra, move, restore, stand_in
from sessions_log.views.draft import draft
from sessions_log.views.finding import find_time
from sessions_log.views.goodbye import door, notice
from sessions_log.views.member_notes import member_notes
from sessions_log.views.notes import notes
from sessions_log.views.planning import new_group
from sessions_log.views.session import session
from sessions_log.views.signed import addendum, cosign, note_pdf
from sessions_log.views.undo import attendance_undo
from sessions_log.views.writing import snippet_delete, snippets, writing

__all__ = [
    "absence",
    "absence_withdraw",
    "addendum",
    "agenda",
    "ask_after",
    "ask_after_undo",
    "attendance_undo",
    "attention",
    "billing",
    "billing_csv",
    "calendar",
    "cancel",
    "cosign",
    "door",
    "draft",
    "extra",
    "find_time",
    "member_notes",
    "month",
    "move",
    "move_out",
    "new_group",
    "note_pdf",
    "notes",
    "notice",
    "restore",
    "session",
    "sheet",
    "skip_taken",
    "snippet_delete",
    "snippets",
    "stand_in",
    "writing",
]
