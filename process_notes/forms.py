"""Forms of psychotherapy notes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import Segments
from practice.models import Role, User
from process_notes.interactions.entries import GROUP, Kind
from process_notes.interactions.network import Seat

LONGEST_NOTE = 50_000


class NoteForm(forms.Form):
    """An author's words. ``version`` says which stored note they started from."""

    version = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("My process notes"),
        required=False,
        strip=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea({"rows": 14, "autocomplete": "off", "class": "notebook"}),
    )

    def clean_text(self) -> str:
        """Browsers send line ends in their own way; one way is stored."""
        return str(self.cleaned_data["text"]).replace("\r\n", "\n").replace("\r", "\n")


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
