"""A session's page as one form: everybody's attendance, the group note, a note a member, boundary events (R33, R34)."""

from functools import cached_property
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from practice.models import User
from sessions_log import page_html
from sessions_log.formats import GROUP_KEY, PLAN
from sessions_log.models import BoundaryKind
from sessions_log.names.check import Named
from sessions_log.page_parts import CODES, GroupPart, LinePart, NotePart
from sessions_log.services import BoundaryDraft, Came, MemberNoteDraft, StaleNote
from sessions_log.sheet import Sheet
from sessions_log.signing import Missing, Place, gaps, missing_before_signing

_BOUNDARY = ("membership", "kind", "words")
_LONGEST_BOUNDARY = 500


class Row:
    """One person's line as the template shows it."""

    def __init__(self, part: LinePart, named: list[Named], zone: str) -> None:
        self.part = part
        self.named = named
        self.zone = zone

    @property
    def html(self) -> SafeString:
        """The line. Templates are asked only where there is something to check or to settle."""
        names = render_to_string("sessions_log/_names.html", {"named": self.named}) if self.named else ""
        return page_html.person(self.part, self.named, names=names, under=self._under)

    @property
    def _under(self) -> str:
        """What is wrong, and a colleague's words in conflict with those that were typed."""
        if not (self.part.problems or self.part.conflict):
            return ""
        problems = [page_html.problem(self.part, control) for control in self.part.problems]
        context = {"part": self.part, "problems": problems, "zone": self.zone}
        return render_to_string("sessions_log/_under.html", context)


class Page:
    """All parts of the page together, as stored or, with ``data``, as somebody typed them.

    ``preferred`` is the format in which the person begins new notes.
    """

    def __init__(self, sheet: Sheet, *, preferred: str, data: QueryDict | None = None) -> None:
        self.sheet = sheet
        self.zone = sheet.session.zone
        self.data = data
        self.group = GroupPart(sheet.group_note, data)
        if self.group.phase != (sheet.group_note.phase if sheet.group_note else ""):
            self.group.check_phase({phase.code for phase in sheet.phases})
        minutes = sheet.session.minutes
        self.lines = [LinePart(line, preferred=preferred, session_minutes=minutes, data=data) for line in sheet.lines]
        self.boundary_problem = ""
        self.boundary = self._boundary(data) if data is not None else None

    # --- What was typed ---------------------------------------------------------------------------------------------
    @property
    def parts(self) -> list[NotePart]:
        """The group's part and everybody's."""
        return [self.group, *self.lines]

    @property
    def is_valid(self) -> bool:
        """Whether every part can be saved; all are asked, so that all problems are shown at once."""
        return not self.boundary_problem and not any(part.problems for part in self.parts)

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Each problem with its part's name, and the id of the control to go to."""
        found = [
            (f"{label}: {sentence}" if (label := part.label_of(control)) else sentence, f"id_{part.name(control)}")
            for part in self.parts
            for control, sentence in part.problems.items()
        ]
        return [*found, *([(self.boundary_problem, "id_boundary-membership")] if self.boundary_problem else [])]

    @property
    def statuses(self) -> dict[UUID, Came | str]:
        """How people came, as far as somebody chose it on this page."""
        return {part.line.membership.pk: part.came for part in self.lines if part.is_sent and part.is_status_touched}

    @property
    def defaults(self) -> dict[UUID, Came | str]:
        """How people came as the page proposed it, nobody objecting."""
        return {
            part.line.membership.pk: part.came for part in self.lines if part.is_sent and not part.is_status_touched
        }

    @property
    def group_draft(self) -> Any:
        """The group note, if somebody touched it."""
        return self.group.draft() if self.group.is_touched else None

    @property
    def member_drafts(self) -> list[MemberNoteDraft]:
        """The members' notes that somebody touched."""
        return [part.draft() for part in self.lines if part.is_touched]

    @property
    def boundaries_withdrawn(self) -> list[UUID]:
        """The boundary events that were marked as mistaken."""
        marked = set(self.data.getlist("boundary-gone")) if self.data is not None else set()
        return [event.pk for event in self.sheet.boundary_events if str(event.pk) in marked]

    def _boundary(self, data: QueryDict) -> BoundaryDraft | None:
        """Return the event in the empty line, if somebody filled it in; both person and kind are needed."""
        person, kind, words = (str(data.get(f"boundary-{name}", "")).strip() for name in _BOUNDARY)
        if not (person or kind or words):
            return None
        membership = next((part.line.membership.pk for part in self.lines if part.key == person), None)
        if membership is None or kind not in BoundaryKind.values:
            self.boundary_problem = _("Choose a person and what happened, or empty the line.")
        elif "\x00" in words or len(words) > _LONGEST_BOUNDARY:
            self.boundary_problem = _("Keep the words to %(most)d characters of plain text.") % {
                "most": _LONGEST_BOUNDARY
            }
        else:
            return BoundaryDraft(membership, kind, words)
        return None

    def everybody(self, status: str) -> dict[UUID, Came | str]:
        """Everybody came as ``status``, but those who said that they would not."""
        return {part.line.membership.pk: status for part in self.lines if not part.line.notice}

    def carry_plans(self) -> str:
        """Put the plans of the session before into the plans that are empty here, and say so. Nothing is saved."""
        earlier = self.sheet.earlier
        if earlier is None:
            return _("There is no earlier plan to carry forward.")
        plans: dict[str, str] = {GROUP_KEY: earlier.group_note.parts.get(PLAN, "")}
        plans |= {str(note.membership_id): note.parts.get(PLAN, "") for note in earlier.member_notes.all()}
        for part in self.parts:
            if part.texts.get(PLAN) == "":
                part.texts[PLAN] = plans.get(part.key, "")
        return _("The plans of session %(number)d are below where yours were empty. Change what no longer holds.") % {
            "number": earlier.number
        }

    def typed_words(self) -> list[tuple[str, str]]:
        """Return each text that was typed and is not what is stored, with its label: for a page that takes no more."""
        return [
            (part.label_of(key), words)
            for part in self.parts
            if part.is_touched
            for key, words in part.texts.items()
            if words and words != part.stored.get(key, "")
        ]

    # --- When two people wrote --------------------------------------------------------------------------------------
    def say_conflicts(self, stale: StaleNote, *, reader: User) -> None:
        """Put what is stored beside what ``reader`` typed, for every note in conflict; show the others as stored."""
        for part in self.parts:
            part.catch_up()
        if stale.group_note:
            self.group.say_conflict(stale.group_note, reader=reader)
            self.group.meet(stale.group_note)
        for part in self.lines:
            stored = stale.member_notes.get(part.line.membership.pk)
            if stored:
                part.say_conflict(stored, reader=reader)
                part.meet(stored)

    @property
    def conflicts(self) -> list[tuple[str, str]]:
        """Whose note has two texts, and the id of the control to go to."""
        found = [(part, part.name(part.parts[0].key)) for part in self.parts if part.conflict]
        return [(part.whose, f"id_{control}") for part, control in found]

    def settle(self, choice: str) -> None:
        """Settle a conflict as its button says: ``both:<key>`` puts both texts together, ``theirs:<key>`` gives in."""
        how, _colon, key = choice.partition(":")
        for part in self.parts:
            if part.key == key and part.note is not None and part.is_sent:
                if how == "both":
                    part.take_both(part.note)
                elif how == "theirs":
                    part.take_theirs(part.note)

    # --- What is shown ----------------------------------------------------------------------------------------------
    @cached_property
    def rows(self) -> list[Row]:
        """Everybody's line."""
        return [Row(part, self.named_in(part.key), self.zone) for part in self.lines]

    @property
    def group_named(self) -> list[Named]:
        """The names to check in the group note."""
        return self.named_in(GROUP_KEY)

    def named_in(self, key: str) -> list[Named]:
        """Return the names to check in the note with that key."""
        return [one for one in self.sheet.named if one.key == key]

    @cached_property
    def group_html(self) -> dict[str, SafeString]:
        """The controls of the group's part by their names."""
        named = self.group_named
        texts = {part.key: page_html.group_text(self.group, part.key, named) for part in self.group.parts}
        choices = {name: page_html.chips(self.group, name) for name in CODES}
        return {
            **texts,
            **choices,
            "hidden": page_html.hidden(self.group, self.group.was),
            "phase": page_html.phases(self.group, self.sheet.phases),
        }

    @cached_property
    def missing(self) -> list[Missing]:
        """What has to be done before all notes can be signed."""
        return missing_before_signing(self.sheet)

    @property
    def tasks(self) -> list[tuple[str, str]]:
        """Return what is missing, each with the id of the control to go to."""
        notes: dict[UUID | None, NotePart] = {part.line.membership.pk: part for part in self.lines}
        notes[None] = self.group

        def control(item: Missing) -> str:
            if item.place == Place.ATTENDANCE and self.lines:
                return self.lines[0].name("status")
            part = notes[item.membership.pk if item.membership else None]
            return part.name(item.part if item.part in part.texts else part.parts[0].key)

        return [(item.sentence, f"id_{control(item)}") for item in self.missing]

    @property
    def gaps(self) -> list[str]:
        """Return what is missing, in a few words each."""
        return gaps(self.sheet)

    @property
    def typed_boundary(self) -> dict[str, str]:
        """What stands in the empty line: what was typed there and could not be taken."""
        data = self.data if self.data is not None else QueryDict()
        return {name: str(data.get(f"boundary-{name}", "")) for name in _BOUNDARY}

    @property
    def boundary_people(self) -> SafeString:
        """Whom a boundary event can be about, as options."""
        return page_html.people(self.lines, self.typed_boundary["membership"])

    @property
    def boundary_kinds(self) -> list[tuple[str, Any]]:
        """What a boundary event can be."""
        return BoundaryKind.choices
