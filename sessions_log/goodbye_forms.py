"""Forms that choose a day among a group's sessions: that of an open door, and somebody's last one (R27, R28)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.dateformat import format as date_text
from django.utils.translation import gettext_lazy as _

from groups_app.models import LeavingReason
from sessions_log.models import Session
from sessions_log.words import title_of


def _day_choices(coming: Sequence[Session]) -> list[tuple[str, str]]:
    """Return the sessions by their days: "Tuesday, December 8 (session 9 of 14)"."""
    return [
        (session.local_day.isoformat(), f"{date_text(session.local_day, 'l, F j')} ({title_of(session).lower()})")
        for session in coming
    ]


class DoorForm(forms.Form):
    """From which session on people may join a running group, and why."""

    opens_on = forms.TypedChoiceField(label=_("Open from"), coerce=date.fromisoformat)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("Staff read it, members do not."),
    )

    def __init__(self, data: Any = None, *, coming: Sequence[Session]) -> None:
        super().__init__(data)
        self.fields["opens_on"].choices = _day_choices(coming)  # type: ignore[attr-defined]


class NoticeForm(forms.Form):
    """After which session a member leaves, and why. The policy's number of sessions is chosen to begin with."""

    last_day = forms.TypedChoiceField(label=_("Last session"), coerce=date.fromisoformat)
    why = forms.ChoiceField(label=_("Reason"), choices=[("", _("Choose a reason")), *LeavingReason.choices])
    reason = forms.CharField(
        label=_("Remark"),
        max_length=300,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("Staff read it, the client does not. A few words are enough."),
    )

    def __init__(self, data: Any = None, *, coming: Sequence[Session], sessions: int) -> None:
        choices = _day_choices(coming)
        last = choices[max(0, min(sessions, len(choices)) - 1)][0] if choices else ""
        super().__init__(data, initial={"last_day": last})
        self.fields["last_day"].choices = choices  # type: ignore[attr-defined]
        self.fields["last_day"].help_text = _(
            "Agreed is a notice of %(sessions)d sessions, so that there is time for a goodbye."
        ) % {"sessions": sessions}
