"""allauth's forms about passwords, in the words of the house."""

from typing import Any

from allauth.account import forms as allauth_forms
from django.utils.translation import gettext_lazy as _

_LABELS = {"oldpassword": _("Current password"), "password1": _("New password"), "password2": _("The same again")}


class _OurWords:
    """Labels as everywhere else: a capital at the beginning, and plain."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = _LABELS.get(name, field.label)


class ChangePasswordForm(_OurWords, allauth_forms.ChangePasswordForm):
    """The old password, and the new one twice."""


class ResetPasswordKeyForm(_OurWords, allauth_forms.ResetPasswordKeyForm):
    """The new password twice, for who followed a link in a mail."""
