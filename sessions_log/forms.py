"""Moving and cancelling a session, and the calendar's filter; the session's page is ``page_forms``."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import DateField
from practice.models import Room, Site
from sessions_log.models import Session

TIME_FORMATS = ("%H:%M", "%H:%M:%S", "%I:%M %p", "%I:%M%p", "%I %p", "%I%p")


class MoveForm(forms.Form):
    """A new day, time and, unless the session is online, room of the same site."""

    day = DateField(label=_("Day"), help_text=_("Month, day and year."))
    wall = forms.TimeField(
        label=_("Time"),
        input_formats=TIME_FORMATS,
        widget=forms.TimeInput({"type": "time", "class": "w-8"}, format="%H:%M"),
    )
    room = forms.ModelChoiceField(Room.objects.none(), label=_("Room"), empty_label=None)

    def __init__(self, data: Any = None, *, session: Session) -> None:
        super().__init__(data, initial={"day": session.local_day, "wall": session.local_time, "room": session.room_id})
        self.fields["wall"].help_text = _("As clocks show it in %(site)s.") % {"site": session.group.site.name}
        if session.room is None:
            del self.fields["room"]
        else:
            self.fields["room"].queryset = Room.objects.filter(site=session.group.site_id).order_by("name")  # type: ignore[attr-defined]


class CancelForm(forms.Form):
    """Why a session does not take place."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        help_text=_("Staff read it, members do not. A few words are enough."),
    )


class FilterForm(forms.Form):
    """Which week of which site; what is not understood narrows nothing."""

    week = forms.DateField(required=False, input_formats=["%Y-%m-%d"], widget=forms.HiddenInput)
    site = forms.ModelChoiceField(
        Site.objects.order_by("name"), label=_("Site"), required=False, empty_label=_("All sites")
    )
