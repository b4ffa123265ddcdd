"""Pages of sessions."""

from sessions_log.views.absence import absence, absence_withdraw
from sessions_log.views.calendar import agenda, calendar
from sessions_log.views.notes import notes
from sessions_log.views.planning import cancel, move, new_group
from sessions_log.views.session import session

__all__ = ["absence", "absence_withdraw", "agenda", "calendar", "cancel", "move", "new_group", "notes", "session"]
