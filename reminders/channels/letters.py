"""One e-mail as bytes.

Hundreds go out in a second, all of the same shape, so their MIME is written here instead of by ``email.message``: two
alternatives, quoted-printable, and optionally a calendar file. What varies is checked for line breaks.
"""

import binascii
from dataclasses import dataclass, field
from email.header import Header
from uuid import UUID

from django.core.mail import EmailMultiAlternatives
from django.core.mail.message import sanitize_address


@dataclass(frozen=True)
class Letter:
    """An e-mail to one recipient. ``key`` becomes its Message-ID, so that a repeated one is recognized."""

    key: UUID
    sender: str  # "Name <address>", encoded as headers want it
    sender_address: str
    recipient: str
    subject: str
    text: str
    html: str
    date: str  # as RFC 5322 writes it
    headers: dict[str, str] = field(default_factory=dict)
    calendar: bytes = b""

    @property
    def message_id(self) -> str:
        """The Message-ID, angle brackets included."""
        return f"<{self.key}@{self.sender_address.rpartition('@')[2]}>"

    @property
    def address(self) -> str:
        """The recipient as the mail server wants it. Raises ``ValueError`` for what cannot stand in a header."""
        if self.recipient.isascii() and self.recipient.isprintable() and " " not in self.recipient:
            return self.recipient
        if not self.recipient.isprintable():
            raise ValueError("The address holds signs that no address has.")
        return sanitize_address(self.recipient, "utf-8")

    def as_bytes(self) -> bytes:
        """Return the whole message. Raises ``ValueError`` as ``address`` does."""
        boundary = f"=_{self.key.hex}"
        head = {
            "From": self.sender,
            "To": self.address,
            "Subject": _encoded(self.subject),
            "Date": self.date,
            "Message-ID": self.message_id,
            "MIME-Version": "1.0",
            **self.headers,
            "Content-Type": f'multipart/{"mixed" if self.calendar else "alternative"}; boundary="{boundary}"',
        }
        lines = "".join(f"{name}: {value}\r\n" for name, value in head.items()).encode("ascii")
        if self.calendar:
            inner = f"{boundary}_a"
            parts = [
                f'Content-Type: multipart/alternative; boundary="{inner}"\r\n\r\n'.encode() + self._alternatives(inner),
                b'Content-Type: text/calendar; charset="utf-8"; method=PUBLISH\r\n'
                b'Content-Disposition: attachment; filename="appointment.ics"\r\n' + _printable(self.calendar),
            ]
            return lines + b"\r\n" + _joined(parts, boundary)
        return lines + b"\r\n" + self._alternatives(boundary)

    def as_django_message(self) -> EmailMultiAlternatives:
        """Return the same e-mail for backends that are not SMTP: files, memory, a provider's interface."""
        message = EmailMultiAlternatives(
            subject=self.subject,
            body=self.text,
            from_email=self.sender,
            to=[self.recipient],
            headers={"Message-ID": self.message_id, **self.headers},
        )
        message.attach_alternative(self.html, "text/html")
        if self.calendar:
            message.attach("appointment.ics", self.calendar.decode(), "text/calendar")
        return message

    def _alternatives(self, boundary: str) -> bytes:
        parts = [
            b'Content-Type: text/plain; charset="utf-8"\r\n' + _printable(self.text.encode()),
            b'Content-Type: text/html; charset="utf-8"\r\n' + _printable(self.html.encode()),
        ]
        return _joined(parts, boundary)


def _joined(parts: list[bytes], boundary: str) -> bytes:
    mark = b"--" + boundary.encode()
    return b"".join(mark + b"\r\n" + part + b"\r\n" for part in parts) + mark + b"--\r\n"


def _printable(content: bytes) -> bytes:
    encoded = binascii.b2a_qp(content.replace(b"\r\n", b"\n"), istext=True).replace(b"\n", b"\r\n")
    return b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + encoded


def _encoded(value: str) -> str:
    if value.isascii() and value.isprintable():
        return value
    return Header(" ".join(value.split()), "utf-8").encode(linesep="\r\n")
