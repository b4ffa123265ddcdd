"""Pages of sessions."""

from sessions_log.views.absence import absence, absence_withdraw
from sessions_log.views.attention import attention, move_out, skip_taken
from sessions_log.views.calendar import agenda, calendar, month
from sessions_log.views.changing import cancel, extra, move, restore, stand_in
from sessions_log.views.finding import find_time
from sessions_log.views.notes import notes
from sessions_log.views.planning import new_group
from sessions_log.views.session import session

__all__ = [
    "absence",
    "absence_withdraw",
    "agenda",
    "attention",
    "calendar",
    "cancel",
    "extra",
    "find_time",
    "month",
    "move",
    "move_out",
    "new_group",
    "notes",
    "restore",
    "session",
    "skip_taken",
    "stand_in",
]
