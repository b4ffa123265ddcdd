"""Forms of psychotherapy notes."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from common.forms import Segments
from practice.models import Role, User
from process_notes.interactions.entries import GROUP, Kind
from process_notes.interactions.network import Seat
from process_notes.models import ProcessNote
from sessions_log.conflicts import Conflict
from sessions_log.merging import merged

LONGEST_NOTE = 50_000


class NoteForm(forms.Form):
    """An author's words, one part that saves itself (``js/autosave.js``).

    ``was`` says from which version of ``stored``, the note as it is now, they started.
    """

    key = "note"
    prefix = key

    was = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("My process notes"),
        required=False,
        strip=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea({"rows": 14, "autocomplete": "off", "class": "notebook"}),
    )

    def __init__(self, data: QueryDict | None = None, *, stored: ProcessNote | None) -> None:
        self.conflict: Conflict | None = None
        initial = {"text": stored.text, "was": stored.version} if stored else {"was": 0}
        super().__init__(data and self._settled(data, stored), initial=initial)

    @property
    def version(self) -> int:
        """From which version the words started."""
        return int(self.cleaned_data["was"] or 0)

    def meet(self, stored: ProcessNote) -> None:
        """Show what is stored beside what was typed; saving once more then writes that over it, knowingly."""
        text, typed = self.add_prefix("text"), str(self["text"].value())
        self.conflict = Conflict(
            author="",
            at=stored.updated_at,
            words=[("", stored.text)],
            theirs={text: stored.text},
            both={text: merged(stored.text, typed)},
        )
        self.data = {**self.data, text: typed, self.add_prefix("was"): str(stored.version)}

    def _settled(self, data: QueryDict, stored: ProcessNote | None) -> dict[str, str]:
        """Return what was sent, settled as the button of a conflict says that was pressed, if one was."""
        sent = {name: str(value) for name, value in data.items()}
        how = sent.get("settle", "").partition(":")[0]
        if stored and how in ("both", "theirs"):
            text = self.add_prefix("text")
            sent[text] = merged(stored.text, _lines_of(sent.get(text, ""))) if how == "both" else stored.text
            sent[self.add_prefix("was")] = str(stored.version)
        return sent

    def clean_text(self) -> str:
        """Browsers send line ends in their own way; one way is stored."""
        return _lines_of(str(self.cleaned_data["text"]))


def _lines_of(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


class TalkForm(forms.Form):
    """Who spoke to whom, and how. With JavaScript, tapping two seats fills and sends it."""

    source = forms.ChoiceField(label=_("Who spoke"))
    target = forms.ChoiceField(label=_("To whom"))
    kind = forms.ChoiceField(label=_("How"), choices=Kind.choices, widget=Segments)

    def __init__(self, data: Any = None, *, seats: list[Seat], kind: str = Kind.REMARK) -> None:
        super().__init__(data, initial={"kind": kind})
        people = [(seat.key, seat.name) for seat in seats]
        for name, choices in (("source", people), ("target", [(GROUP, _("The whole group")), *people])):
            field: Any = self.fields[name]
            field.choices = [("", _("Choose")), *choices]
            field.error_messages["required"] = _("Choose somebody.")


class ShareForm(forms.Form):
    """With whom: the author's own supervisors."""

    reader = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Supervisor"),
        empty_label=_("Choose"),
        error_messages={"required": _("Choose with whom."), "invalid_choice": _("Choose one of your supervisors.")},
    )

    def __init__(self, data: Any = None, *, author: User) -> None:
        super().__init__(data)
        field: Any = self.fields["reader"]
        field.queryset = User.objects.with_role(Role.SUPERVISOR).filter(
            pk__in=author.supervised_by.open().values("supervisor")
        )
