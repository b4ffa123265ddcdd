"""Messages and what became of them, how clients want to be reached, the practice's texts, calendar feeds."""

from reminders.models.contact import ClientChannel, Silence, Trouble, Wish
from reminders.models.feeds import CalendarFeed, Detail
from reminders.models.message import OF_A_SESSION, URGENT, Answer, Kind, Message, MessageState, Outcome, Via
from reminders.models.schedule import KnownSchedule
from reminders.models.taken import Taken
from reminders.models.texts import MessageText

__all__ = [
    "OF_A_SESSION",
    "URGENT",
    "Answer",
    "CalendarFeed",
    "ClientChannel",
    "Detail",
    "Kind",
    "KnownSchedule",
    "Message",
    "MessageState",
    "MessageText",
    "Outcome",
    "Silence",
    "Taken",
    "Trouble",
    "Via",
    "Wish",
]
