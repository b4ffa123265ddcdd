"""The words Kith comes with, and the placeholders each kind of message may use.

No group, no therapist, no member, no word of therapy (R43, R48): somebody else may read it. ``reminders.texts.lint``
holds these texts to the same rules as those a practice writes.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reminders.models import OF_A_SESSION, Kind, Via

ALWAYS = ("practice", "phone")
OF_A_MEETING = (*ALWAYS, "day", "time", "zone")
PLACEHOLDERS: dict[str, tuple[str, ...]] = {
    kind: OF_A_MEETING if kind in OF_A_SESSION else ALWAYS for kind in Kind.values
} | {Kind.MOVED: (*OF_A_MEETING, "old_day", "old_time"), Kind.INVITATION: (*ALWAYS, "last_day")}
# A message that does not say when is no use.
_DATED = (Kind.SESSION, Kind.MOVED, Kind.PLACE, Kind.CANCELLED, Kind.EXTRA)
NEEDED: dict[str, tuple[str, ...]] = dict.fromkeys(_DATED, ("day", "time"))


# What pages in Kith show anyway is not repeated there: the next session, the news of a group, what waits for staff. An
# account that was never opened has nothing to read, and staff are not texted.
CHANNELS: dict[str, tuple[str, ...]] = dict.fromkeys(Kind.values, (Via.EMAIL, Via.TEXT, Via.APP)) | {
    Kind.SESSION: (Via.EMAIL, Via.TEXT),
    Kind.QUESTIONS: (Via.EMAIL,),
    Kind.DOOR: (Via.EMAIL, Via.TEXT),
    Kind.INVITATION: (Via.EMAIL,),
    Kind.ALERT: (Via.EMAIL,),
}


@dataclass(frozen=True)
class Words:
    """A subject line and a text. A text message has no subject; in Kith it is the headline."""

    heading: str | Promise
    body: str | Promise


_CALL = _("If you cannot come or have a question, please call {phone}.")
_QUESTION = _("If you have a question, please call {phone}.")

_MAIL: dict[str, tuple[str | Promise, tuple[str | Promise, ...]]] = {
    Kind.SESSION: (
        _("Your appointment on {day}, {time}"),
        (_("This is a reminder from {practice} of your appointment on"), "{day}\n{time} ({zone})", _CALL),
    ),
    Kind.MOVED: (
        _("Your appointment is now on {day}, {time}"),
        (
            _("Your appointment with {practice} on {old_day}, {old_time} has moved. It is now on"),
            "{day}\n{time} ({zone})",
            _CALL,
        ),
    ),
    Kind.PLACE: (
        _("The place of your appointment on {day} has changed"),
        (
            _("Your appointment with {practice} stays at the same time, with another place or another link to join:"),
            "{day}\n{time} ({zone})",
            _("Sign in to see it. If you have a question, please call {phone}."),
        ),
    ),
    Kind.CANCELLED: (
        _("Your appointment on {day} is canceled"),
        (_("Your appointment with {practice} will not take place:"), "{day}\n{time} ({zone})", _QUESTION),
    ),
    Kind.EXTRA: (
        _("A further appointment on {day}, {time}"),
        (_("You have a further appointment with {practice}:"), "{day}\n{time} ({zone})", _CALL),
    ),
    Kind.AGREEMENT: (
        _("Something to read and sign"),
        (_("{practice} has something for you to read and sign. Please sign in."), _QUESTION),
    ),
    Kind.INVITATION: (
        _("Your account at {practice}"),
        (
            _("{practice} has made an account for you. Choose your password with the link below."),
            _("The link works once, until the end of {last_day}. If you did not expect this, you can ignore it."),
            _QUESTION,
        ),
    ),
    Kind.DOOR: (
        _("News about your appointments"),
        (_("There is news about your appointments with {practice}. Please sign in to read it."), _QUESTION),
    ),
    Kind.QUESTIONS: (
        _("A few short questions"),
        (_("{practice} has a few short questions for you. Please sign in to answer them."), _QUESTION),
    ),
    Kind.ALERT: (
        _("Please sign in"),
        (_("Please sign in: something there needs your attention today."), _("{practice}, {phone}")),
    ),
}

_TEXT: dict[str, str | Promise] = {
    Kind.SESSION: _("{practice}: appointment {day}, {time}. {phone}."),
    Kind.MOVED: _("{practice}: appointment now {day}, {time}. {phone}."),
    Kind.PLACE: _("{practice}: your appointment {day}, {time} has a new place or link. Sign in or call {phone}."),
    Kind.CANCELLED: _("{practice}: your appointment {day}, {time} is canceled. Call {phone}."),
    Kind.EXTRA: _("{practice}: further appointment {day}, {time}. {phone}."),
    Kind.AGREEMENT: _("{practice}: something to read and sign waits for you. Please sign in or call {phone}."),
    Kind.DOOR: _("{practice}: there is news about your appointments. Please sign in or call {phone}."),
}

# Read after signing in, and still as neutral: a phone lies on tables.
_APP: dict[str, Words] = {
    Kind.MOVED: Words(
        _("Moved"), _("Your appointment on {old_day}, {old_time} has moved. It is now on {day} at {time} ({zone}).")
    ),
    Kind.PLACE: Words(
        _("Another place or link"),
        _("Your appointment on {day} at {time} has another place, or another link to join. Your schedule shows it."),
    ),
    Kind.CANCELLED: Words(_("Canceled"), _("Your appointment on {day} at {time} will not take place.")),
    Kind.EXTRA: Words(_("One more"), _("You have a further appointment on {day} at {time} ({zone}).")),
    Kind.AGREEMENT: Words(_("To read and sign"), _("Something new waits for your signature.")),
}


def words(kind: str, channel: str) -> Words:
    """Return what messages of ``kind`` say through ``channel``, one of ``CHANNELS``, unless the practice says it."""
    if channel == Via.APP:
        return _APP[kind]
    if channel == Via.TEXT:
        return Words("", _TEXT[kind])
    heading, paragraphs = _MAIL[kind]
    return Words(heading, "\n\n".join([str(_("Hello,")), *(str(paragraph) for paragraph in paragraphs)]))
