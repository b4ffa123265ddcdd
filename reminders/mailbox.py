"""Reading the mails that the file backend of the local installation wrote into ``DATA_DIR/mail``."""

import email
import email.policy
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from itertools import islice
from pathlib import Path

from django.conf import settings

# Django's file backend writes this line after each mail.
_END_OF_MAIL = b"\n" + b"-" * 79 + b"\n"


@dataclass(frozen=True)
class Mail:
    """One mail as it was written. ``key`` names it on the mailbox page; ``text`` is its plain part."""

    key: str
    sent_at: datetime
    sender: str
    recipient: str
    subject: str
    text: str
    headers: list[tuple[str, str]]


def latest_mails(limit: int) -> list[Mail]:
    """Return up to ``limit`` mails, the newest first."""
    files = sorted(_directory().glob("*.log"), key=lambda path: path.stat().st_mtime, reverse=True)
    return list(islice((mail for path in files for mail in reversed(_mails_of(path))), limit))


def find_mail(key: str) -> Mail | None:
    """Return the mail that ``latest_mails`` gave this ``key``, if it is still there."""
    name, _, position = key.rpartition(".")
    path = _directory() / f"{Path(name).name}.log"
    mails = _mails_of(path) if path.is_file() else []
    return next((mail for mail in mails if mail.key == f"{path.stem}.{position}"), None)


def _directory() -> Path:
    return Path(getattr(settings, "EMAIL_FILE_PATH", settings.DATA_DIR / "mail"))


def _mails_of(path: Path) -> list[Mail]:
    parts = [part for part in path.read_bytes().split(_END_OF_MAIL) if part.strip()]
    return [_parsed(f"{path.stem}.{position}", part) for position, part in enumerate(parts)]


def _parsed(key: str, raw: bytes) -> Mail:
    message = email.message_from_bytes(raw, _class=EmailMessage, policy=email.policy.default)
    plain = message.get_body(("plain",))
    return Mail(
        key=key,
        sent_at=message["Date"].datetime,
        sender=str(message["From"]),
        recipient=str(message["To"]),
        subject=str(message["Subject"]),
        text=str(plain.get_content()) if plain else "",
        headers=[(name, str(value)) for name, value in message.items()],
    )
