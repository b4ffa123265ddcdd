"""What must not reach a log (TRUST): the text of exceptions, which may quote a row, and the secret part of a link."""

import re
import sys
import traceback
from typing import Any

from structlog.typing import EventDict

# Links that work without signing in carry their secret in the path.
_SECRET_PATH = re.compile(r"(/(?:invitation|stop|reset/key|a|feed)/)[^/\s\"']+")


def exceptions_without_text(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Replace an exception by its class and the places it passed; PostgreSQL quotes the row in its message."""
    found = event.pop("exc_info", None)
    if not found:
        return event
    if found is True:
        found = sys.exc_info()
    error = found[1] if isinstance(found, tuple) else found
    if isinstance(error, BaseException):
        frames = traceback.extract_tb(error.__traceback__)
        event["exception"] = type(error).__qualname__
        event["trace"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    return event


def paths_without_secrets(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Hide the secret part of addresses wherever a text of the record has one."""
    for key, value in event.items():
        if isinstance(value, str):
            event[key] = _SECRET_PATH.sub(r"\1…", value)
    return event
