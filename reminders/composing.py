"""From a row to what goes out: the practice's words or Kith's, filled in, with the links and the way to stop (R48)."""

from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime, formataddr, parseaddr
from functools import cache, cached_property

import css_inline
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.dateformat import format as date_text
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.clock import local, now, zone_name
from practice.models import Invitation, Practice
from practice.services import day_before, first_zone, invitation_link
from reminders.calendars.one import appointment_file
from reminders.channels.letters import Letter
from reminders.channels.texts.base import Text
from reminders.links import answer_token, stop_token
from reminders.models import Kind, Message, MessageText, Via
from reminders.texts.gsm import ONE_MESSAGE, plain, septets
from reminders.texts.template import Template
from reminders.texts.words import Words, words

# A link to say whether one comes; the others lead to signing in.
ANSWERABLE = (Kind.SESSION, Kind.MOVED, Kind.EXTRA)
WITH_CALENDAR_FILE = (Kind.MOVED, Kind.CANCELLED, Kind.EXTRA)
_SHORTEST_NAME = 8
_PLACE = "PLACE"


@dataclass(frozen=True)
class _Paragraph:
    html: SafeString
    is_when: bool


@dataclass(frozen=True)
class _Mould:
    """What all e-mails of one kind have in common."""

    subject: Template
    text: Template
    html: Template


@dataclass(frozen=True)
class Outline:
    """What an e-mail says: its text, the words on its button, and below it why it came and how to stop."""

    body: str
    action: str
    foot: str


@dataclass
class Composer:
    """Writes the messages of one batch; what they have in common is prepared once."""

    practice: Practice
    at: datetime = field(default_factory=now)
    own_words: dict[tuple[str, str], Words] | None = None  # read when first needed

    def letter(self, message: Message) -> Letter:
        """Write the e-mail of a row read ``with_recipient``."""
        mould = self._mould(
            message.kind,
            has_more=message.is_elsewhere or bool(message.also_changed),
            has_stop=message.client_id is not None,
        )
        values = self.values(message)
        headers = {"Auto-Submitted": "auto-generated"}
        if message.client_id:
            # RFC 8058: mail programs show a button of their own, which posts to the address.
            headers["List-Unsubscribe"] = f"<{values['stop']}>"
            headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        return Letter(
            key=message.pk,
            sender=self._sender,
            sender_address=self._sender_address,
            recipient=_address(message),
            subject=" ".join(mould.subject.fill(values).split()),
            text=mould.text.fill(values),
            html=mould.html.fill({name: escape(value) for name, value in values.items()}),
            date=self._date,
            headers=headers,
            calendar=appointment_file(message.session) if message.kind in WITH_CALENDAR_FILE else b"",
        )

    def outline(self, message: Message) -> Outline:
        """Return what an e-mail says, without its links."""
        values = self.values(message)
        body = "\n\n".join(self._paragraphs(message.kind))
        stop = _("Stop these emails") if message.client else ""
        foot = " ".join(part for part in (_reason(message.kind), stop) if part)
        return Outline(Template.of(body).fill(values), _action(message.kind), Template.of(foot).fill(values))

    def text(self, message: Message) -> Text:
        """Write the text message of a row: one part, never more.

        Where it would be longer the link goes first, then the end of the practice's name.
        """
        return Text(
            key=message.pk, recipient=message.client.mobile if message.client else "", body=self._fitted(message)[0]
        )

    def has_room_for(self, message: Message) -> bool:
        """Whether the text message of a row says all of its words, if need be without the link."""
        return self._fitted(message)[1]

    def _fitted(self, message: Message) -> tuple[str, bool]:
        """Return the one part of a text message, and whether all of its words are in it."""
        values = {**self.values(message), **_short_times(message)}
        body = Template.of(plain(str(self.words(message.kind, Via.TEXT).body)))
        stop = _("Reply STOP to stop.")
        if message.is_elsewhere:
            stop = f"{_('New place: sign in.')} {stop}"
        link = _("Can't come? %(link)s") % {"link": values["link"]} if message.kind in ANSWERABLE else ""
        name = values["practice"]
        while True:
            filled = plain(body.fill({**values, "practice": name}))
            whole = " ".join(part for part in (filled, link, stop) if part)
            if septets(whole) <= ONE_MESSAGE:
                return whole, True
            if link:
                link = ""
            elif len(name) > _SHORTEST_NAME:
                name = name[: len(name) - 1].rstrip()
            else:
                return f"{filled[: ONE_MESSAGE - len(stop) - 1].rstrip()} {stop}", False

    def notice(self, message: Message) -> Words:
        """Write what the recipient reads after signing in."""
        found, values = self.words(message.kind, Via.APP), self.values(message)
        more = values["more"]
        return Words(
            Template.of(str(found.heading)).fill(values),
            " ".join(part for part in (Template.of(str(found.body)).fill(values), more) if part),
        )

    def words(self, kind: str, channel: str) -> Words:
        """Return the practice's own words if there are any."""
        if self.own_words is None:
            self.own_words = {
                (row.kind, row.channel): Words(row.heading, row.body) for row in MessageText.objects.all()
            }
        return self.own_words.get((kind, channel)) or words(kind, channel)

    def values(self, message: Message) -> dict[str, str]:
        """Return what stands for each placeholder, and for the links that are added."""
        values = {
            "practice": self.practice.name_in_messages,
            "phone": self.practice.phone,
            "link": _link(message),
            "stop": _absolute("reminders:stop", stop_token(message.client_id)) if message.client_id else "",
            "more": _more(message),
        }
        session = message.session
        if session is not None:
            values |= self._when(session.starts_at, session.zone)
            if message.previous_at:
                before = self._when(message.previous_at, session.zone)
                values |= {"old_day": before["day"], "old_time": before["time"]}
        if message.kind == Kind.INVITATION:
            values["last_day"] = date_text(day_before(message.useful_until, self._zone_of_account(message)), "F j, Y")
        return values

    def _zone_of_account(self, message: Message) -> str:
        """Return the zone in which an invitation's days are counted (``practice.services.zone_of``)."""
        home = message.account.home_site if message.account else None
        return home.zone if home else self._first_zone

    @cached_property
    def _first_zone(self) -> str:
        return first_zone()

    @cached_property
    def _sender_address(self) -> str:
        return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]

    @cached_property
    def _sender(self) -> str:
        return formataddr((self.practice.name_in_messages, self._sender_address))

    @cached_property
    def _date(self) -> str:
        return format_datetime(self.at)

    @cached_property
    def _moulds(self) -> dict[tuple[str, bool, bool], _Mould]:
        return {}

    @cached_property
    def _times(self) -> dict[tuple[datetime, str], dict[str, str]]:
        return {}

    def _when(self, at: datetime, zone: str) -> dict[str, str]:
        known = self._times.get((at, zone))
        if known is None:
            wall = local(at, zone)
            known = self._times[at, zone] = {
                "day": date_text(wall, "l, F j"),
                "time": date_text(wall, "g:i A"),
                "zone": zone_name(zone),
            }
        return known

    def _paragraphs(self, kind: str) -> list[str]:
        paragraphs = [part.strip() for part in str(self.words(kind, Via.EMAIL).body).split("\n\n") if part.strip()]
        if self.practice.phone:
            return paragraphs
        # Not yet: the first invitation is what lets somebody enter it.
        return [part for part in paragraphs if "{phone}" not in part]

    def _mould(self, kind: str, *, has_more: bool, has_stop: bool) -> _Mould:
        mould = self._moulds.get((kind, has_more, has_stop))
        if mould is None:
            found = self.words(kind, Via.EMAIL)
            paragraphs = self._paragraphs(kind)
            if has_more:
                paragraphs.append("{more}")
            context = {
                "heading": found.heading,
                "body": "\n\n".join(paragraphs),
                "paragraphs": [_paragraph(part) for part in paragraphs],
                "action": _action(kind),
                "link": "{link}",
                "reason": _reason(kind),
                "stop": "{stop}" if has_stop else "",
            }
            page = css_inline.inline(render_to_string("emails/message.html", context))
            mould = self._moulds[kind, has_more, has_stop] = _Mould(
                subject=Template.of(str(found.heading)),
                text=Template.of(render_to_string("emails/message.txt", context)),
                html=Template.of(page),
            )
        return mould


def _paragraph(text: str) -> _Paragraph:
    """The lines that only say when stand out."""
    words_only = "".join(Template.of(text).pieces[::2])
    html = mark_safe(escape(text.strip()).replace("\n", "<br>"))  # noqa: S308 (escaped in this line)
    return _Paragraph(html, is_when="{day}" in text and not any(sign.isalpha() for sign in words_only))


def _address(message: Message) -> str:
    if message.client is not None:
        return str(message.client.email)
    return message.account.email if message.account else ""


def _action(kind: str) -> str:
    if kind in ANSWERABLE:
        return _("Say whether you can come")
    if kind == Kind.INVITATION:
        return _("Choose your password")
    return "" if kind == Kind.CANCELLED else _("Sign in")


def _reason(kind: str) -> str:
    if kind == Kind.ALERT:
        return _("{practice} writes to you because you work there.")
    if kind == Kind.INVITATION:
        return _("{practice} writes to you because it made an account for you.")
    return _("{practice} writes to you because you agreed to messages by email.")


def _link(message: Message) -> str:
    if message.kind in ANSWERABLE:
        return _absolute("answers:answer", answer_token(message.pk))
    if message.kind == Kind.INVITATION:
        return invitation_link(Invitation(pk=message.subject_id))
    return f"{settings.BASE_URL}/"


def _absolute(name: str, token: str) -> str:
    return settings.BASE_URL + _path(name).replace(_PLACE, token)


@cache
def _path(name: str) -> str:
    """Look an address up once; half the time of writing a letter went into it. A token has no sign to be escaped."""
    return reverse(name, args=[_PLACE])


def _more(message: Message) -> str:
    """What one message says besides: that a moved appointment is elsewhere, too, and that others have changed."""
    if not message.is_elsewhere:
        return _more_changed(message)
    elsewhere = _("The place or the link is another one, too: sign in to see it.")
    return " ".join(part for part in (elsewhere, _more_changed(message)) if part)


def _more_changed(message: Message) -> str:
    if not message.also_changed:
        return ""
    return ngettext(
        "%(count)d more appointment has changed, too: sign in to see it.",
        "%(count)d more appointments have changed, too: sign in to see them.",
        message.also_changed,
    ) % {"count": message.also_changed}


def _short_times(message: Message) -> dict[str, str]:
    """Days as a text message has room for: "Tue, Nov 24"."""
    if message.session is None:
        return {}
    zone = message.session.zone
    short = {"day": date_text(local(message.session.starts_at, zone), "D, M j")}
    if message.previous_at:
        short["old_day"] = date_text(local(message.previous_at, zone), "D, M j")
    return short
