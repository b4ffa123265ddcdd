"""What is added to signed notes, and how an author likes to write; the session's page itself is ``page``."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import Choices
from practice.models import User
from sessions_log.formats import MEMBER
from sessions_log.models import NoteFormat, WritingStyle
from sessions_log.sheet import Sheet


class AddendumForm(forms.Form):
    """What is to be added to a signed note, and to whose."""

    about = forms.TypedChoiceField(label=_("To the note about"), required=False, empty_value=None)
    text = forms.CharField(
        label=_("What is to be added"),
        max_length=20_000,
        widget=forms.Textarea({"rows": 5}),
        help_text=_("It stays beside the signed note with your name and the time, and cannot be changed."),
    )

    def __init__(self, data: Any = None, *, sheet: Sheet, about: str) -> None:
        super().__init__(data, initial={"about": about})
        people = {str(line.membership.pk): line for line in sheet.lines}
        field: Any = self.fields["about"]
        field.choices = [("", _("The group")), *((key, line.name) for key, line in people.items())]
        field.coerce = lambda key: people[key].membership


class StyleForm(forms.Form):
    """In which parts new notes about members are written."""

    member_format = forms.ChoiceField(label=_("Format of members’ notes"), choices=NoteFormat.choices, widget=Choices)

    def __init__(self, data: Any = None, *, user: User) -> None:
        style = WritingStyle.objects.filter(user=user).first()
        super().__init__(data, initial={"member_format": style.member_format if style else NoteFormat.SHORT})
        field: Any = self.fields["member_format"]
        field.choices = [
            (value, f"{label}: {', '.join(str(part.label) for part in MEMBER[value])}" if value != "short" else label)
            for value, label in NoteFormat.choices
        ]


class SnippetForm(forms.Form):
    """A sentence of one's own and the name under which it is found."""

    name = forms.CharField(label=_("Name"), max_length=40, help_text=_("Short, for example “check in”."))
    text = forms.CharField(label=_("Words"), max_length=2_000, widget=forms.Textarea({"rows": 3}))
