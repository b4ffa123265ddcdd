"""An entry of the trail as a line that people read; the rooms say who it is for, and what of it that is."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Line:
    """Who, in which role at that time, did what, when, why, from where; empty is what the reader does not learn."""

    at: datetime
    who: str
    role: str
    what: str
    reason: str
    address: str
