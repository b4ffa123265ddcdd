"""What can be done with check-ins: answer once."""

from climate.services.answering import answer, closes_at, has_answered, is_open, mark_of, was_away
from climate.services.errors import AnsweredAlready, NotOpen, WasAway

__all__ = [
    "AnsweredAlready",
    "NotOpen",
    "WasAway",
    "answer",
    "closes_at",
    "has_answered",
    "is_open",
    "mark_of",
    "was_away",
]
