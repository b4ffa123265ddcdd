"""Handing mails to an SMTP server, one trip each where it allows that (RFC 2920, PIPELINING)."""

import smtplib
from dataclasses import dataclass

OK, FORWARDED, GO_ON, LEAVING = 250, 251, 354, 421
Reply = tuple[int, bytes]


@dataclass(frozen=True)
class Parcel:
    """A mail as the server gets it: addresses without signs that end a command, content whose lines end with CRLF."""

    sender: str
    recipient: str
    content: bytes


class Counter:
    """A connection on which the envelope of the next mail travels with the text of the one before.

    The server answers each mail by itself, and the next text waits for that answer: if this process dies, at most one
    mail is with the server of which nobody knows.
    """

    def __init__(self, server: smtplib.SMTP) -> None:
        self._server = server
        self._announced: Parcel | None = None

    @property
    def is_mid_mail(self) -> bool:
        """Whether the server waits for a text: then even a farewell would be taken for it, so hang up instead."""
        return self._announced is not None

    def hand_over(self, parcel: Parcel, *, following: Parcel | None = None) -> None:
        """Hand a mail over; announce the ``following`` one. Raises what ``smtplib.SMTP.sendmail`` raises."""
        if not self._server.has_extn("pipelining"):
            self._server.sendmail(parcel.sender, [parcel.recipient], parcel.content)
            return
        if self._announced is None:
            self._server.send(self._envelope(parcel))
        elif self._announced is not parcel:
            self._server.close()
            raise smtplib.SMTPServerDisconnected("Another mail was announced.")
        self._announced = None
        mail, rcpt, data = (self._server.getreply() for _ in range(3))
        if data[0] == GO_ON and rcpt[0] not in (OK, FORWARDED):
            # Some want a text all the same: an empty one, which goes nowhere.
            self._server.send(b".\r\n")
            data = self._server.getreply()
        if data[0] != GO_ON:
            self._clear(mail, rcpt, data)
            raise _refusal(parcel, mail, rcpt, data)
        envelope = self._envelope(following) if following else b""
        self._server.send(_stuffed(parcel.content) + b".\r\n" + envelope)
        self._announced = following
        answer = self._server.getreply()
        if answer[0] != OK:
            if answer[0] == LEAVING:
                self._clear(answer)
            raise smtplib.SMTPDataError(*answer)

    def _envelope(self, parcel: Parcel) -> bytes:
        size = f" SIZE={len(parcel.content)}" if self._server.has_extn("size") else ""
        return f"MAIL FROM:<{parcel.sender}>{size}\r\nRCPT TO:<{parcel.recipient}>\r\nDATA\r\n".encode()

    def _clear(self, *replies: Reply) -> None:
        """Leave the connection fit for the next mail, or closed when the server is about to go."""
        if any(code == LEAVING for code, _text in replies):
            self._announced = None
            self._server.close()
        else:
            self._server.rset()


def _refusal(parcel: Parcel, mail: Reply, rcpt: Reply, data: Reply) -> smtplib.SMTPException:
    if mail[0] != OK:
        return smtplib.SMTPSenderRefused(*mail, parcel.sender)
    if rcpt[0] not in (OK, FORWARDED):
        return smtplib.SMTPRecipientsRefused({parcel.recipient: rcpt})
    return smtplib.SMTPDataError(*data)


def _stuffed(content: bytes) -> bytes:
    """Double the point that begins a line, because a lone one ends the text."""
    return content.replace(b"\r\n.", b"\r\n..") if b"\r\n." in content else content
