"""Verbs of a group's course, as a practice wants it: the phases of a time-limited group, the checklist of an ending."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from audit import services as audit
from groups_app.models import EndingItem, Phase
from groups_app.services.errors import CourseChanged, CourseWrong
from practice.models import Practice, User


@dataclass(frozen=True)
class PhaseRow:
    """A phase as somebody wants it; without ``pk`` it is new."""

    pk: UUID | None
    name: str
    goals: str
    until_percent: int


@dataclass(frozen=True)
class ItemRow:
    """A line of the checklist as somebody wants it; without ``pk`` it is new."""

    pk: UUID | None
    title: str
    help_text: str


@transaction.atomic
def change_course(*, phases: Sequence[PhaseRow], items: Sequence[ItemRow], version: str, by: User) -> None:
    """Make ``phases`` and ``items``, in their order, those of every group from now on (R15, R29).

    What is left out is in use no more and stays for the notes and checklists that name it. ``version`` is that of the
    course the person began from. Raises ``CourseChanged`` if it is another by now, ``CourseWrong`` when two phases end
    at the same share of the sessions, or the last one before the end.
    """
    _check(phases)
    Practice.objects.select_for_update(no_key=True).get()
    if version != course_version():
        raise CourseChanged(_("Somebody else saved other words while you typed. Both are below, and nothing is lost."))
    _change_phases(phases)
    _change_items(items)
    audit.record(action="group.course_changed", by=by)


def course_version() -> str:
    """Return what tells the course as it is from every other one."""
    stored = [
        list(Phase.objects.filter(is_active=True).values_list("pk", "name", "goals", "until_percent")),
        list(EndingItem.objects.filter(is_active=True).values_list("pk", "title", "help_text")),
    ]
    return sha256(json.dumps(stored, default=str).encode()).hexdigest()


def _check(phases: Sequence[PhaseRow]) -> None:
    ends = [phase.until_percent for phase in phases]
    if len(set(ends)) < len(ends):
        raise CourseWrong(_("Two phases end at the same percentage. Give each its own."))
    if ends and max(ends) != 100:
        raise CourseWrong(_("The last phase lasts until 100 percent of the sessions. Change its number."))


def _change_phases(rows: Sequence[PhaseRow]) -> None:
    known = {phase.pk: phase for phase in Phase.objects.select_for_update()}
    # First out of use, so that two phases may change places.
    Phase.objects.update(is_active=False)
    codes = {phase.code for phase in known.values()}
    for row in rows:
        phase = known.get(row.pk) if row.pk else None
        if phase is None:
            phase = Phase(code=_code_for(row.name, codes))
            codes.add(phase.code)
        phase.name, phase.goals, phase.until_percent, phase.is_active = row.name, row.goals, row.until_percent, True
        phase.save()


def _change_items(rows: Sequence[ItemRow]) -> None:
    known = {item.pk: item for item in EndingItem.objects.select_for_update()}
    EndingItem.objects.update(is_active=False)
    for position, row in enumerate(rows, start=1):
        item = (known.get(row.pk) if row.pk else None) or EndingItem()
        item.title, item.help_text, item.position, item.is_active = row.title, row.help_text, position, True
        item.save()


def _code_for(name: str, taken: set[str]) -> str:
    """Return what notes will know a new phase by."""
    stem = slugify(name)[:24] or "phase"
    return next(code for number in range(1, len(taken) + 2) if (code := f"{stem}-{number}") not in taken)
