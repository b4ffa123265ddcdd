"""Text messages that go nowhere: to a file that the mailbox page shows, or to standard output."""

import fcntl
import json
import sys
from pathlib import Path

from django.conf import settings

from common.clock import now
from reminders.channels.results import Receipt
from reminders.channels.texts.base import Text
from reminders.texts.gsm import segments


class FileBackend:
    """Appends each text as a line of JSON to ``sent.jsonl`` in the directory ``path``."""

    def __init__(self, path: str) -> None:
        self._file = Path(path) / "sent.jsonl"

    def send(self, text: Text) -> Receipt:
        """Write it down."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        line = {"key": str(text.key), "to": text.recipient, "body": text.body, "at": now().isoformat()}
        with self._file.open("a", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # several workers write into one file
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
        return Receipt(segments=segments(text.body))

    def close(self) -> None:
        """Nothing is open."""


class ConsoleBackend:
    """Prints each text. Only where nobody collects the output: it holds numbers."""

    def send(self, text: Text) -> Receipt:
        """Print it."""
        sys.stdout.write(f"Text to {text.recipient}: {text.body}\n")
        sys.stdout.flush()
        return Receipt(segments=segments(text.body))

    def close(self) -> None:
        """Nothing is open."""


def written_texts(limit: int) -> list[dict[str, str]]:
    """Return up to ``limit`` texts that the file backend of this installation wrote, the newest first."""
    file = Path(settings.SMS_OPTIONS.get("path", "/nonexistent")) / "sent.jsonl"
    lines = file.read_text("utf-8").splitlines() if file.is_file() else []
    return [json.loads(line) for line in reversed(lines[-limit:])]
