"""Mail to servers that take several commands at once, and to those that refuse one of them (RFC 2920)."""

import smtplib
from collections.abc import Iterator
from typing import Any

import pytest

from common.base import new_id
from reminders.channels.email import MailRoom
from reminders.channels.letters import Letter
from reminders.channels.results import TryLater
from reminders.channels.smtp import Counter, Parcel

OK, GO_ON = (250, b"OK"), (354, b"go on")
SENDER = "no-reply@kith.example"
FIRST = Parcel(SENDER, "a@mail.example", b"Subject: x\r\n\r\n.first\r\nsecond\r\n")
SECOND = Parcel(SENDER, "b@mail.example", b"Subject: y\r\n\r\nhello\r\n")


class Server:
    """An SMTP connection that answers as it is told and keeps what it was sent."""

    def __init__(self, *answers: tuple[int, bytes], extensions: tuple[str, ...] = ("pipelining", "size")) -> None:
        self._answers: Iterator[tuple[int, bytes]] = iter(answers)
        self._extensions = extensions
        self.heard: list[bytes] = []
        self.ended = ""

    def has_extn(self, name: str) -> bool:
        return name in self._extensions

    def send(self, sent: str | bytes) -> None:
        self.heard.append(sent.encode() if isinstance(sent, str) else sent)

    def getreply(self) -> tuple[int, bytes]:
        return next(self._answers)

    def rset(self) -> None:
        self.ended = "reset"

    def close(self) -> None:
        self.ended = "closed"

    def sendmail(self, sender: str, recipients: list[str], content: bytes) -> None:
        self.heard.append(b"sendmail")


def counter(server: Server) -> Counter:
    return Counter(server)  # type: ignore[arg-type]


def envelope(parcel: Parcel) -> bytes:
    size = len(parcel.content)
    return f"MAIL FROM:<{SENDER}> SIZE={size}\r\nRCPT TO:<{parcel.recipient}>\r\nDATA\r\n".encode()


def test_the_next_envelope_travels_with_the_text_before_it() -> None:
    server = Server(OK, OK, GO_ON, OK, OK, OK, GO_ON, OK)
    window = counter(server)
    window.hand_over(FIRST, following=SECOND)
    assert window.is_mid_mail
    window.hand_over(SECOND)
    assert not window.is_mid_mail
    assert server.heard == [
        envelope(FIRST),
        b"Subject: x\r\n\r\n..first\r\nsecond\r\n.\r\n" + envelope(SECOND),
        SECOND.content + b".\r\n",
    ]
    assert server.ended == ""


def test_a_server_without_it_is_spoken_to_as_ever() -> None:
    server = Server(extensions=())
    counter(server).hand_over(FIRST, following=SECOND)
    assert server.heard == [b"sendmail"]


@pytest.mark.parametrize(
    ("answers", "error", "ended"),
    [
        ([(451, b""), (503, b""), (503, b"")], smtplib.SMTPSenderRefused, "reset"),
        ([OK, (550, b""), (554, b"")], smtplib.SMTPRecipientsRefused, "reset"),
        ([OK, OK, (451, b"")], smtplib.SMTPDataError, "reset"),
        ([OK, OK, GO_ON, (452, b"")], smtplib.SMTPDataError, ""),
        ([OK, OK, GO_ON, (421, b"")], smtplib.SMTPDataError, "closed"),
        ([(421, b""), (421, b""), (421, b"")], smtplib.SMTPSenderRefused, "closed"),
    ],
)
def test_a_refusal_is_told_and_leaves_a_connection_fit_for_the_next(
    answers: list[tuple[int, bytes]], error: type[Exception], ended: str
) -> None:
    server = Server(*answers)
    with pytest.raises(error):
        counter(server).hand_over(FIRST)
    assert server.ended == ended


def test_a_refused_text_does_not_hinder_the_mail_announced_with_it() -> None:
    server = Server(OK, OK, GO_ON, (451, b"later"), OK, OK, GO_ON, OK)
    window = counter(server)
    with pytest.raises(smtplib.SMTPDataError):
        window.hand_over(FIRST, following=SECOND)
    window.hand_over(SECOND)
    assert server.heard[-1] == SECOND.content + b".\r\n"


def test_a_server_that_wants_the_text_for_nobody_gets_an_empty_one() -> None:
    server = Server(OK, (550, b"no such user"), GO_ON, (554, b"no recipients"))
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        counter(server).hand_over(FIRST)
    assert refused.value.recipients == {"a@mail.example": (550, b"no such user")}
    assert server.heard[-1] == b".\r\n"


def letter(number: int) -> Letter:
    """An e-mail to somebody."""
    return Letter(
        key=new_id(),
        sender=SENDER,
        sender_address=SENDER,
        recipient=f"box{number}@mail.example",
        subject="x",
        text="hello",
        html="<p>hello</p>",
        date="Sun, 22 Nov 2026 17:00:00 +0000",
    )


def test_what_was_announced_and_not_sent_reaches_nobody(mail_server: Any) -> None:
    """The batch may end early; a farewell would be taken for the text of the mail that was announced."""
    room = MailRoom()
    room.send(letter(1), following=letter(2))
    room.close()
    assert [envelope.rcpt_tos for envelope in mail_server.envelopes] == [["box1@mail.example"]]


def test_a_room_goes_on_after_a_refusal(mail_server: Any) -> None:
    letters = [letter(number) for number in range(3)]
    mail_server.refusals = ["451 later"]
    room = MailRoom()
    with pytest.raises(TryLater):
        room.send(letters[0], following=letters[1])
    room.send(letters[1], following=letters[2])
    room.send(letters[2])
    room.close()
    assert [envelope.rcpt_tos[0] for envelope in mail_server.envelopes] == ["box1@mail.example", "box2@mail.example"]
