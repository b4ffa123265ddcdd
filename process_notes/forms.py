"""Forms of psychotherapy notes."""

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from common.forms import Segments
from groups_app.models import GroupLeader
from practice.models import Role, User
from process_notes.interactions.entries import GROUP, Kind
from process_notes.interactions.network import Seat
from sessions_log.models import Session, SessionLeader

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
    """With whom: supervisors, and who leads the group or the session."""

    reader = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Colleague"),
        empty_label=_("Choose"),
        error_messages={"required": _("Choose with whom."), "invalid_choice": _("Choose one of your colleagues.")},
    )

    def __init__(self, data: Any = None, *, author: User, session: Session) -> None:
        super().__init__(data)
        leads = GroupLeader.objects.filter(group=session.group_id, until__isnull=True, user=OuterRef("pk")).order_by()
        led = SessionLeader.objects.filter(session=session, user=OuterRef("pk")).order_by()
        may_read = Q(roles__contains=[Role.SUPERVISOR]) | Q(roles__contains=[Role.THERAPIST]) & (
            Exists(leads) | Exists(led)
        )
        field: Any = self.fields["reader"]
        field.queryset = User.objects.filter(may_read, is_active=True).exclude(pk=author.pk).order_by("sort_key", "id")
        field.label_from_instance = lambda user: f"{user.name} ({user.role_names})"
