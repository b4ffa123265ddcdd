"""How every form page of this room saves: the form checks, the service decides, a refusal goes onto the form."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict

from common.errors import RuleBroken


def sent(request: HttpRequest) -> QueryDict | None:
    """Return what was sent, also when it is empty; nothing when the page is only opened."""
    return request.POST if request.method == "POST" else None


def saves(form: forms.BaseForm, save: Callable[[], Any]) -> bool:
    """Run ``save`` if the form was sent and is valid; return whether that worked, else the form carries the reason."""
    if not form.is_bound or not form.is_valid():
        return False
    try:
        save()
    except RuleBroken as refusal:
        form.add_error(None, refusal.sentence)
        return False
    return True
