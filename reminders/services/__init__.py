"""What can be done with messages: write and send them, stop them, answer them, note what became of them."""

from reminders.services.answers import LinkOver, TimeChanged, answer
from reminders.services.contact import choose_wish, clear_trouble, lift_silence, note_trouble, silence, stop_email
from reminders.services.outbox import dispatch, materialize, reap, send_due
from reminders.services.reports import mail_event, text_status, text_word
from reminders.services.retrying import NothingToRetry, retry

__all__ = [
    "LinkOver",
    "NothingToRetry",
    "TimeChanged",
    "answer",
    "choose_wish",
    "clear_trouble",
    "dispatch",
    "lift_silence",
    "mail_event",
    "materialize",
    "note_trouble",
    "reap",
    "retry",
    "send_due",
    "silence",
    "stop_email",
    "text_status",
    "text_word",
]
