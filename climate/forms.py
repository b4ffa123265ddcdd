"""Four questions on a phone."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from climate.items import ANSWERS, ITEMS
from common.forms import Segments


class CheckInForm(forms.Form):
    """One rating a question; nothing is chosen beforehand."""

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        for item in ITEMS:
            self.fields[item.code] = forms.TypedChoiceField(
                label=str(item.sentence),
                choices=ANSWERS,
                coerce=int,
                widget=Segments,
                error_messages={"required": _("Choose one of the five.")},
            )
