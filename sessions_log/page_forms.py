"""The session's page as one form: attendance of everybody, the group note and a note a member (R33, R34).

Words carry with them what they were when the page was made (``show_hidden_initial``). So a note that was not touched is
never written over a colleague's newer one, and a conflict shows exactly the notes that two people changed.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any
from uuid import UUID

from django import forms
from django.utils.dateformat import format as date_text
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.clock import local
from common.forms import Chips, Segments
from sessions_log.models import (
    AbsenceNotice,
    AttendanceStatus,
    GroupNote,
    Intervention,
    MemberNote,
    Note,
    TherapeuticFactor,
)
from sessions_log.services import GroupNoteDraft, MemberNoteDraft, StaleNote
from sessions_log.sheet import Line, Sheet
from sessions_log.signing import Missing, Place, gaps, missing_before_signing

LONGEST_NOTE = 20_000
_GROUP_TEXTS = ("theme", "observations", "plan")


class NoteField(forms.CharField):
    """Words of a note. Browsers send line ends in their own way; one way is stored."""

    def __init__(self, *, label: Any, rows: int, **attrs: Any) -> None:
        super().__init__(
            label=label,
            required=False,
            max_length=LONGEST_NOTE,
            show_hidden_initial=True,
            widget=forms.Textarea({"rows": rows, "autocomplete": "off", **attrs}),
        )

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n").replace("\r", "\n")


class PartForm(forms.Form):
    """A part of the page that holds one note. ``conflict`` is what a colleague stored meanwhile."""

    version = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)

    conflict: Note | None = None

    def say_conflict(self, stored: Note, names: list[str], zone: str) -> None:
        """Show ``stored`` beside the words typed here; saving once more then writes these over it, knowingly."""
        self.conflict = stored
        data = self.data.copy()  # type: ignore[attr-defined]
        data[self.add_prefix("version")] = stored.version
        for name in names:
            data[self.add_initial_prefix(name)] = getattr(stored, name)
        self.data = data
        sentence = _("%(author)s saved other words at %(time)s. Save again to keep yours.") % {
            "author": stored.author.name,
            "time": date_text(local(stored.updated_at, zone), "g:i A"),
        }
        self.add_error(names[0], sentence)


class GroupForm(PartForm):
    """What happened in the group, without names."""

    theme = NoteField(label=gettext_lazy("Theme"), rows=2)
    observations = NoteField(label=gettext_lazy("What happened"), rows=3)
    plan = NoteField(label=gettext_lazy("Plan"), rows=2)
    interventions = forms.MultipleChoiceField(
        label=gettext_lazy("What we did"),
        choices=Intervention.choices,
        required=False,
        widget=Chips,
        show_hidden_initial=True,
    )
    factors = forms.MultipleChoiceField(
        label=gettext_lazy("Factors at work"),
        choices=TherapeuticFactor.choices,
        required=False,
        widget=Chips,
        show_hidden_initial=True,
    )

    def __init__(self, data: Any, *, note: GroupNote | None) -> None:
        stored = note or GroupNote(version=0)
        names = (*_GROUP_TEXTS, "interventions", "factors", "version")
        super().__init__(data, prefix="group", initial={name: getattr(stored, name) for name in names})

    def draft(self) -> GroupNoteDraft | None:
        """Return what was written, or nothing if nobody touched it."""
        if not set(self.changed_data) - {"version"}:
            return None
        return GroupNoteDraft(**{**self.cleaned_data, "version": self.cleaned_data["version"] or 0})

    @property
    def stored_words(self) -> list[str]:
        """The texts of the note in conflict."""
        return [getattr(self.conflict, name) for name in _GROUP_TEXTS if getattr(self.conflict, name)]

    def differing(self, stored: GroupNote) -> list[str]:
        """Return the names of the texts that are not what is ``stored``."""
        return [name for name in _GROUP_TEXTS if self.cleaned_data.get(name) != getattr(stored, name)] or ["theme"]


class LineForm(PartForm):
    """One person: how they were there, and a few words."""

    status = forms.ChoiceField(choices=AttendanceStatus.choices, show_hidden_initial=True)
    text = NoteField(label="", rows=2, placeholder=gettext_lazy("Participation, response, plan"))

    def __init__(self, data: Any, *, line: Line) -> None:
        self.line = line
        stored = line.note or MemberNote(version=0)
        super().__init__(
            data,
            prefix=str(line.membership.pk),
            initial={"status": _status_of(line), "text": stored.text, "version": stored.version},
        )
        self.fields["status"].label = line.name
        self.fields["status"].widget = _segments(line)
        self.fields["text"].label = _("Note for %(name)s") % {"name": line.name}
        self.fields["text"].widget.attrs["class"] = "bare"

    @property
    def membership_id(self) -> UUID:
        """Whose line it is."""
        return self.line.membership.pk

    def draft(self) -> MemberNoteDraft | None:
        """Return what was written, or nothing if nobody touched it."""
        if "text" not in self.changed_data:
            return None
        return MemberNoteDraft(self.membership_id, self.cleaned_data["text"], self.cleaned_data["version"] or 0)


class PageForm:
    """All parts of the page together; ``form_errors.html`` takes it as its ``formset``."""

    def __init__(self, sheet: Sheet, data: Mapping[str, Any] | None = None) -> None:
        self.sheet = sheet
        self.zone = sheet.session.zone
        self.group = GroupForm(data, note=sheet.group_note)
        self.lines = [LineForm(data, line=line) for line in sheet.lines]

    def __iter__(self) -> Iterator[PartForm]:
        yield self.group
        yield from self.lines

    def is_valid(self) -> bool:
        """Whether every part can be saved; all are asked, so that all problems are shown at once."""
        return self.total_error_count() == 0

    def total_error_count(self) -> int:
        """How many problems there are."""
        return sum(len(part.errors) for part in self)

    non_form_errors = ()

    @cached_property
    def statuses(self) -> dict[UUID, str]:
        """How people were there, as far as somebody chose it on this page."""
        return {line.membership_id: line.cleaned_data["status"] for line in self.lines if "status" in line.changed_data}

    @cached_property
    def defaults(self) -> dict[UUID, str]:
        """How people were there as the page proposed it, nobody objecting."""
        return {
            line.membership_id: line.cleaned_data["status"] for line in self.lines if "status" not in line.changed_data
        }

    def tasks(self) -> list[tuple[str, str]]:
        """Return what is missing before the session can be signed, each with the id of the control to go to."""
        theme = self.group["theme"].id_for_label
        first = self.lines[0]["status"].auto_id + "_0" if self.lines else theme
        texts = {line.membership_id: line["text"].id_for_label for line in self.lines}

        def control(item: Missing) -> str:
            if item.membership:
                return texts[item.membership.pk]
            return first if item.place == Place.ATTENDANCE else theme

        return [(item.sentence, control(item)) for item in missing_before_signing(self.sheet)]

    def gaps(self) -> list[str]:
        """Return what is missing, in a few words each."""
        return gaps(self.sheet)

    def member_drafts(self) -> list[MemberNoteDraft]:
        """The members' notes that somebody touched."""
        return [draft for draft in (line.draft() for line in self.lines) if draft]

    def say_conflicts(self, stale: StaleNote) -> None:
        """Put what is stored beside what was typed, for every note in conflict."""
        if stale.group_note:
            self.group.say_conflict(stale.group_note, self.group.differing(stale.group_note), self.zone)
        for line in self.lines:
            stored = stale.member_notes.get(line.membership_id)
            if stored:
                line.say_conflict(stored, ["text"], self.zone)

    def typed_words(self) -> list[tuple[str, str]]:
        """Return each text that was typed and is not what is stored, with its label: for a page that takes no more."""
        return [
            (str(part.fields[name].label), str(part.cleaned_data[name]))
            for part in self
            for name in part.changed_data
            if isinstance(part.fields[name], NoteField) and part.cleaned_data[name] != part.initial[name]
        ]


def _status_of(line: Line) -> str:
    if line.attendance:
        return line.attendance.status
    return AttendanceStatus.ABSENT_WITH_NOTICE if line.notice else AttendanceStatus.PRESENT


def _segments(line: Line) -> Segments:
    """Offer the three usual answers at one tap; *Away* means what is known: with a notice, or without one."""
    away, other = _away_statuses(line.notice)
    first = [AttendanceStatus.PRESENT, AttendanceStatus.LATE]
    rest = [AttendanceStatus.LEFT_EARLY, AttendanceStatus.WALKED_OUT, other]
    heard = _("with notice") if line.notice else _("no notice")
    short = format_html('{} <span class="quiet-text">{}</span>', _("Away"), heard)
    return Segments(
        choices=[
            *((status.value, status.label) for status in first),
            (away.value, short),
            *((s.value, s.label) for s in rest),
        ],
        warn=[status.value for status in AttendanceStatus if status != AttendanceStatus.PRESENT],
        rest=[status.value for status in rest],
    )


def _away_statuses(notice: AbsenceNotice | None) -> tuple[AttendanceStatus, AttendanceStatus]:
    with_notice, without = AttendanceStatus.ABSENT_WITH_NOTICE, AttendanceStatus.NO_SHOW
    return (with_notice, without) if notice else (without, with_notice)
