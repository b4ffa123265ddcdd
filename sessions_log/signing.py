"""What is missing before the notes of a session can be signed, asked of a list of checks (R35, R37).

A check looks at a session's sheet and names each thing that is still to be done. To ask for one more thing, write a
``Check`` and put it into ``CHECKS``: the bar under the page counts what it finds, the summary lists it with a link to
the control, and nothing is signed before it is gone.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from groups_app.models import Membership
from sessions_log.sheet import Sheet


class Place(Enum):
    """Where on the page something is to be done."""

    ATTENDANCE = "attendance"
    NOTE = "note"


@dataclass(frozen=True)
class Missing:
    """Something without which a note cannot be signed; ``membership`` says whose note, ``None`` the group's.

    ``part`` is the key of the text to look at; empty, it is the note's first.
    """

    sentence: str
    membership: Membership | None = None
    place: Place = Place.NOTE
    part: str = ""

    def __str__(self) -> str:
        return self.sentence

    @property
    def is_about_group(self) -> bool:
        """Whether it stands between the group note and its signature, whatever the members' notes lack."""
        return self.membership is None and self.place is Place.NOTE


@dataclass(frozen=True)
class Check:
    """One thing to look for. ``find`` yields what is missing, ``in_short`` says how many of it in a few words."""

    find: Callable[[Sheet], Iterable[Missing]]
    in_short: Callable[[int], str]


def _attendance(sheet: Sheet) -> Iterable[Missing]:
    if not sheet.has_attendance:
        yield Missing(_("Save the attendance."), place=Place.ATTENDANCE)


def _group_note(sheet: Sheet) -> Iterable[Missing]:
    if not sheet.has_group_note:
        yield Missing(_("Write the group note."))


def _member_notes(sheet: Sheet) -> Iterable[Missing]:
    for line in sheet.lines:
        if line.needs_note and not line.is_signed:
            yield Missing(_("%(name)s needs a note.") % {"name": line.name}, line.membership)


def _names(sheet: Sheet) -> Iterable[Missing]:
    for one in sheet.named:
        yield Missing(one.sentence, one.membership, part=next(iter(one.places)))


CHECKS = (
    Check(_attendance, lambda _count: _("Attendance not saved")),
    Check(_group_note, lambda _count: _("Group note empty")),
    Check(
        _member_notes,
        lambda count: ngettext("%(count)d note empty", "%(count)d notes empty", count) % {"count": count},
    ),
    Check(
        _names,
        lambda count: ngettext("%(count)d name to check", "%(count)d names to check", count) % {"count": count},
    ),
)


def missing_before_signing(sheet: Sheet) -> list[Missing]:
    """Return all that has to be done first, in the order of the page's checks."""
    return [item for check in CHECKS for item in check.find(sheet)]


def gaps(sheet: Sheet) -> list[str]:
    """Return what is missing, each kind in a few words: "4 notes empty"."""
    counted = ((check, sum(1 for _item in check.find(sheet))) for check in CHECKS)
    return [check.in_short(count) for check, count in counted if count]
