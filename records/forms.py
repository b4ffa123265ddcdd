"""The form to upload a list."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from common.malware import refuse_malware


class UploadForm(forms.Form):
    """One file."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV or Excel (.xlsx), with the names of the columns in its first line."),
        widget=forms.FileInput({"accept": ".csv,.txt,.tsv,.xlsx"}),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty. Choose another one.")},
    )

    def clean_file(self) -> UploadedFile:
        """Refuse a file that is too large before it is read."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > settings.IMPORT_MAX_BYTES:
            raise ValidationError(
                _t("The file is larger than %(limit)s MB. Split it into several files.")
                % {"limit": settings.IMPORT_MAX_BYTES // 1_000_000}
            )
        refuse_malware(file)
        return file


class HoldForm(forms.Form):
    """Why a record is held, or not any more. ``wanted`` is the button that was pressed."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For example the court and the number of the case. No clinical text."),
        error_messages={"required": _("Say why, so that whoever reads it later understands.")},
    )
    wanted = forms.ChoiceField(choices=[("place", "place"), ("lift", "lift")], widget=forms.HiddenInput)
