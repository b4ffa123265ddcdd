"""What can be done with messages: write and send them, stop them, answer them, note what became of them."""

from reminders.services.answers import LinkOver, TimeChanged, answer
from reminders.services.contact import (
    Silenced,
    choose_wish,
    clear_trouble,
    lift_silence,
    note_trouble,
    reach,
    send_link,
    silence,
    stop_email,
)
from reminders.services.feeds import NotForMembers, close_feed, may_show, open_feed, show_in_feed
from reminders.services.notices import note_read
from reminders.services.outbox import dispatch, materialize, reap, send_due
from reminders.services.reports import mail_event, text_status, text_word
from reminders.services.retrying import NothingToRetry, retry
from reminders.services.wording import WordsRefused, ensure_harmless, reset_words, save_words

__all__ = [
    "LinkOver",
    "NotForMembers",
    "NothingToRetry",
    "Silenced",
    "TimeChanged",
    "WordsRefused",
    "answer",
    "choose_wish",
    "clear_trouble",
    "close_feed",
    "dispatch",
    "ensure_harmless",
    "lift_silence",
    "mail_event",
    "materialize",
    "may_show",
    "note_read",
    "note_trouble",
    "open_feed",
    "reach",
    "reap",
    "reset_words",
    "retry",
    "save_words",
    "send_due",
    "send_link",
    "show_in_feed",
    "silence",
    "stop_email",
    "text_status",
    "text_word",
]
