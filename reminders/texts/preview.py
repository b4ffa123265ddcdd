"""One message as its recipient would get it, before anybody does."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from common.base import new_id
from members.models import Client
from practice.models import Practice, Site, User
from reminders.composing import Composer
from reminders.models import OF_A_SESSION, Kind, Message, Via
from reminders.texts.gsm import ONE_MESSAGE, segments, septets
from reminders.texts.words import Words
from sessions_log.models import Session

# As long as a day and a time get.
_LONGEST = datetime(2026, 9, 30, 16, 30, tzinfo=UTC)
_ZONE = "America/New_York"


@dataclass(frozen=True)
class Preview:
    """What arrives. ``signs`` and ``parts`` are a text message's, ``action`` and ``foot`` a mail's."""

    heading: str
    body: str
    signs: int = 0
    parts: int = 0
    action: str = ""
    foot: str = ""

    @property
    def is_full(self) -> bool:
        """Whether hardly anything fits into the text message any more."""
        return self.signs > ONE_MESSAGE - 10


def preview(kind: str, channel: str, *, practice: Practice, heading: str, body: str) -> Preview:
    """Fill a text with an invented appointment, on the day with the longest name."""
    composer = Composer(practice, own_words={(kind, channel): Words(heading, body)})
    message = _example(kind, channel)
    if channel == Via.TEXT:
        text = composer.text(message).body
        return Preview("", text, signs=septets(text), parts=segments(text))
    if channel == Via.APP:
        notice = composer.notice(message)
        return Preview(str(notice.heading), str(notice.body))
    outline = composer.outline(message)
    return Preview(composer.letter(message).subject, outline.body, action=outline.action, foot=outline.foot)


def fits(kind: str, *, practice: Practice, body: str) -> bool:
    """Whether a text message with these words is sent whole on the day with the longest name."""
    composer = Composer(practice, own_words={(kind, Via.TEXT): Words("", body)})
    return composer.has_room_for(_example(kind, Via.TEXT))


def _example(kind: str, channel: str) -> Message:
    site = Site(zone=_ZONE)
    message = Message(kind=kind, channel=channel, subject_id=new_id(), useful_until=_LONGEST)
    if kind == Kind.ALERT:
        message.account = User(email="somebody@mail.example", home_site=site)
    else:
        message.client = Client(email="somebody@mail.example", mobile="+17185550100", site=site)
    if kind in OF_A_SESSION:
        message.session = Session(
            starts_at=_LONGEST, ends_at=_LONGEST + timedelta(minutes=90), zone=_ZONE, schedule_version=2
        )
    if kind == Kind.MOVED:
        message.previous_at = _LONGEST - timedelta(days=7)
    return message
