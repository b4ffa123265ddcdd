"""When a screen that nobody used locks, and when a session is over (R41; TRUST, accounts).

The state lives in the signed-in session itself, so that asking for it costs no query. A session is

- **open** while requests come in;
- **locked** once nobody used it for its idle time: the account's password opens it again, in place;
- **over** after its longest time, whatever happened in between: sign in anew, with every step.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from practice.models import Policy, User

_KEY = "log_off"
# A session is written again only when its last use is at least this much older: not once a request.
_GRAIN_SECONDS = 30
WARNING_SECONDS = 300  # UX, forms: a warning five minutes before


class Standing(StrEnum):
    """What a session is good for."""

    OPEN = "open"
    LOCKED = "locked"
    OVER = "over"


@dataclass(frozen=True)
class Limits:
    """How long, in seconds, a session may lie unused and how long it may live at all."""

    idle: int
    longest: int


def limits_for(user: User) -> Limits:
    """Return the limits that the practice's policy sets for ``user``: shorter for staff than for members."""
    policy = Policy.objects.get()
    minutes = policy.staff_idle_minutes if user.is_staff_member else policy.member_idle_minutes
    return Limits(idle=minutes * 60, longest=policy.session_hours * 3600)


def begin(session: Any, *, limits: Limits, at: datetime) -> None:
    """Start the clocks of a session in which somebody has signed in at the moment ``at``."""
    moment = int(at.timestamp())
    session[_KEY] = {"since": moment, "seen": moment, "idle": limits.idle, "longest": limits.longest}


def has_begun(session: Any) -> bool:
    """Return whether the clocks of ``session`` run."""
    return _KEY in session


def standing(session: Any, at: datetime) -> Standing:
    """Return what ``session``, whose clocks run, is good for at the moment ``at``."""
    state, moment = session[_KEY], at.timestamp()
    if moment - state["since"] >= state["longest"]:
        return Standing.OVER
    if moment - state["seen"] >= state["idle"]:
        return Standing.LOCKED
    return Standing.OPEN


def seconds_left(session: Any, at: datetime) -> int:
    """Return the seconds until an open ``session`` locks or is over, whichever comes first; 0 when it is neither."""
    state, moment = session[_KEY], int(at.timestamp())
    return max(0, min(state["seen"] + state["idle"], state["since"] + state["longest"]) - moment)


def touch(session: Any, at: datetime) -> None:
    """Note that an open ``session`` was used at the moment ``at``."""
    if at.timestamp() - session[_KEY]["seen"] >= _GRAIN_SECONDS:
        unlock(session, at)


def unlock(session: Any, at: datetime) -> None:
    """Start the idle clock of ``session`` anew."""
    session[_KEY] = {**session[_KEY], "seen": int(at.timestamp())}
