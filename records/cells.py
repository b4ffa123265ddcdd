"""From the text of one cell to a value. Each function raises ``CellRefused`` with a sentence that says what to do."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, time
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from common.errors import RuleBroken
from common.spreadsheets import is_formula
from members.models import Channel, Gender
from members.phones import NotAPhone, to_e164
from members.services import Span
from records.parsing import shown

T = TypeVar("T")

# Control characters, marks of writing direction and the like: nobody sees them, and they can make a name read backward.
INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co"})
JOINERS = "\u200c\u200d"  # invisible too, but Persian and Indian names need them
LONGEST_EMAIL = 254

EARLIEST_BIRTH = date(1900, 1, 1)
CHANNELS = {"email": Channel.EMAIL, "e-mail": Channel.EMAIL, "text": Channel.TEXT, "sms": Channel.TEXT}
ANSWERS = {"yes": True, "y": True, "true": True, "1": True, "no": False, "n": False, "false": False, "0": False}
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SPAN = re.compile(r"([a-z]{3,9})\.? +(\d{1,2}):(\d{2}) *[-–—] *(\d{1,2}):(\d{2})", re.ASCII)


class CellRefused(RuleBroken):
    """The cell cannot be taken as it is."""


# --- Text -----------------------------------------------------------------------------------------------------------
def words(text: str, *, limit: int) -> str:
    """Return a text of one line, every run of blanks as one space."""
    return prose(" ".join(text.split()), limit=limit)


def prose(text: str, *, limit: int) -> str:
    """Return a text that may have several lines."""
    if is_formula(text):
        raise CellRefused(
            _("The cell begins with “%(sign)s”, which a spreadsheet takes for a formula. Delete that character.")
            % {"sign": text[0]}
        )
    _refuse_invisible(text.replace("\r\n", "\n").replace("\n", " ").replace("\t", " "))
    if len(text) > limit:
        raise CellRefused(
            _("The text has %(length)s characters; the limit is %(limit)s. Shorten it.")
            % {"length": f"{len(text):,}", "limit": f"{limit:,}"}
        )
    return unicodedata.normalize("NFC", text)


def _refuse_invisible(text: str) -> None:
    if any(unicodedata.category(character) in INVISIBLE and character not in JOINERS for character in text):
        raise CellRefused(_("An invisible character is hidden in this cell. Empty the cell and type the text again."))


def needed(text: str) -> str:
    """Return ``text`` unless it is empty."""
    if not text:
        raise CellRefused(_("The cell is empty. Fill it in."))
    return text


# --- Dates ----------------------------------------------------------------------------------------------------------
def birth_day(text: str, *, today: date) -> date:
    """Return a date of birth from 1900 to ``today``."""
    day = _day(needed(text))
    if day > today:
        raise CellRefused(_("%(day)s is in the future. Check the year.") % {"day": day.isoformat()})
    if day < EARLIEST_BIRTH:
        raise CellRefused(_("%(day)s is before 1900. Check the year.") % {"day": day.isoformat()})
    return day


def past_day(text: str, *, today: date) -> date:
    """Return a day that is not after ``today``."""
    day = _day(needed(text))
    if day > today:
        raise CellRefused(_("%(day)s is in the future. Enter the day of the referral.") % {"day": day.isoformat()})
    return day


def _day(text: str) -> date:
    """Read ``1988-03-04``, and dates with strokes, points or dashes if they can mean one day only."""
    parts = [int(part) for part in re.findall(r"\d+", text, re.ASCII)] if len(text) <= 20 else []
    if re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2}", text, re.ASCII):
        possible = {_date_or_none(*parts)}
    elif re.fullmatch(r"\d{1,2}([/.-])\d{1,2}\1\d{4}", text, re.ASCII):
        first, second, year = parts
        possible = {_date_or_none(year, first, second), _date_or_none(year, second, first)}
    elif re.fullmatch(r"\d{1,2}([/.-])\d{1,2}\1\d{2}", text, re.ASCII):
        raise _ambiguous(text)
    else:
        raise CellRefused(
            _("“%(text)s” is not a date. Write year-month-day, for example 1988-03-04.") % {"text": shown(text)}
        )
    days = [day for day in possible if day is not None]
    if not days:
        raise CellRefused(
            _("There is no day “%(text)s” in the calendar. Write year-month-day, for example 1988-03-04.")
            % {"text": shown(text)}
        )
    if len(days) > 1:
        raise _ambiguous(text)
    return days[0]


def _date_or_none(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _ambiguous(text: str) -> CellRefused:
    return CellRefused(
        _("“%(text)s” can mean more than one day. Write year-month-day, for example 1988-03-04.")
        % {"text": shown(text)}
    )


# --- Contact --------------------------------------------------------------------------------------------------------
def email(text: str) -> str:
    """Return an e-mail address in lower case."""
    address = needed(text).lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise CellRefused(
            _("“%(text)s” is not an email address. Example: name@mail.example.") % {"text": shown(text)}
        ) from error
    if len(address) > LONGEST_EMAIL:
        raise CellRefused(_("The address is longer than %(limit)s characters.") % {"limit": LONGEST_EMAIL})
    return address


def emails(text: str) -> list[str]:
    """Return e-mail addresses with semicolons or commas between them."""
    return list(dict.fromkeys(email(part) for part in re.split(r"[;,\s]+", text) if part))


def mobile(text: str) -> str:
    """Return a phone number as E.164, or nothing for an empty cell."""
    if not text:
        return ""
    _refuse_invisible(text)
    try:
        return to_e164(text)
    except NotAPhone as error:
        raise CellRefused(error.sentence) from error


def channels(text: str) -> list[Channel]:
    """Return how the client agreed to be reached: "email", "text", "email and text" or "none"."""
    parts = [part for part in re.split(r"\s*(?:\band\b|[;,&+/])\s*|\s+", text.lower()) if part]
    if parts == ["none"]:
        return []
    if not parts or not set(parts) <= set(CHANNELS):
        raise CellRefused(
            _("“%(text)s” is not a way to reach somebody. Write email, text, email and text, or none.")
            % {"text": shown(text)}
        )
    return list(dict.fromkeys(CHANNELS[part] for part in parts))


# --- Choices --------------------------------------------------------------------------------------------------------
def gender(text: str) -> str:
    """Return one of ``Gender`` or, for an empty cell, nothing."""
    known = {str(gender.label).casefold(): gender.value for gender in Gender}
    known |= {gender.value: gender.value for gender in Gender}
    if text and text.casefold() not in known:
        raise CellRefused(
            _("“%(text)s” is not one of woman, man, non-binary, another. Choose one, or leave the cell empty.")
            % {"text": shown(text)}
        )
    return str(known[text.casefold()]) if text else ""


def answer(text: str) -> bool:
    """Return whether the cell says yes; an empty one says no."""
    if text and text.lower() not in ANSWERS:
        raise CellRefused(_("“%(text)s” is neither yes nor no. Write one of them.") % {"text": shown(text)})
    return ANSWERS[text.lower()] if text else False


def choice(text: str, known: Mapping[str, T]) -> T:
    """Return the entry of ``known`` (label to entry) that is named."""
    entry = known.get(folded(text))
    if entry is None:
        raise CellRefused(
            _("“%(text)s” is not known here. Choose from: %(known)s.")
            % {"text": shown(text), "known": "; ".join(map(str, known.values()))}
        )
    return entry


def choices(text: str, known: Mapping[str, T]) -> list[T]:
    """Return the entries named, each once, in their order. Semicolons stand between them: a label may have a comma."""
    return list(dict.fromkeys(choice(part, known) for part in _parts(text)))


def folded(label: str) -> str:
    """Return what counts of a label: neither case nor the width of blanks."""
    return " ".join(label.casefold().split())


# --- Hours ----------------------------------------------------------------------------------------------------------
def spans(text: str) -> list[Span]:
    """Return when somebody can come: "Mon 16:00-19:00; Thu 18:00-21:00"."""
    parts = _parts(text)
    if not parts:
        raise CellRefused(
            _("The cell is empty, so no group would ever fit. Write when the client can come: Mon 16:00-19:00.")
        )
    return [_span(part) for part in parts]


def _span(text: str) -> Span:
    match = SPAN.fullmatch(text.lower())
    weekday = next((number for number, day in enumerate(DAYS) if match and day.startswith(match[1])), None)
    unreadable = CellRefused(
        _("“%(text)s” is not a time. Write the day and 24-hour times: Mon 16:00-19:00; Thu 18:00-21:00.")
        % {"text": shown(text)}
    )
    if match is None or weekday is None:
        raise unreadable
    try:
        starts, ends = time(int(match[2]), int(match[3])), time(int(match[4]), int(match[5]))
    except ValueError as error:
        raise unreadable from error
    if starts >= ends:
        raise CellRefused(_("“%(text)s” ends before it begins. Check the times.") % {"text": shown(text)})
    return Span(weekday, starts, ends)


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]
