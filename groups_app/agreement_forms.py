"""Forms of agreements: writing them clause by clause, signing them, the paper alternative, checking a copy."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from common.forms import DateField, Rows
from common.malware import refuse_malware
from groups_app.clauses import Clause, plain_lines
from groups_app.models import AgreementVersion, Group
from groups_app.services.signatures import LARGEST_SCAN

MOST_CLAUSES = 30


class TitleForm(forms.Form):
    """What an agreement is called."""

    title = forms.CharField(label=_("Title"), max_length=120)


class AgreementForm(TitleForm):
    """A new version of a group's agreement, and the version its author started from; its clauses are a formset."""

    def __init__(self, *args: Any, group: Group, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["based_on"] = _version_of(group)


class ClauseForm(forms.Form):
    """One clause. A row without any word says nothing."""

    heading = forms.CharField(label=_("Heading"), required=False, max_length=120)
    body = forms.CharField(
        label=_("Text"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("**bold**, *italic*, and lines that begin with “- ” become a list."),
    )
    why = forms.CharField(label=_("Why it is there"), required=False, max_length=500)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("body") and not data.get("heading"):
            self.add_error("heading", _("Give the clause a heading: members find it by its heading."))
        return data

    def clause(self) -> Clause:
        """Return what was typed."""
        data = self.cleaned_data
        return Clause(data["heading"].strip(), plain_lines(data["body"]).strip(), " ".join(data["why"].split()))


class ClauseFormSet(Rows):
    """The clauses in the order of their numbers, and empty rows for two more."""

    form = ClauseForm
    extra = 2
    max_num = absolute_max = MOST_CLAUSES
    can_order = can_delete = True

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["ORDER"].label = _("Number")
        form.fields["ORDER"].widget.attrs["class"] = "w-2"
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = _("Remove this clause")

    def clauses(self) -> list[Clause]:
        """Return the clauses that stay, in order; needs a valid formset."""
        return [clause for form in self.ordered_forms if (clause := form.clause()).heading]


def clause_rows(clauses: list[Clause]) -> list[dict[str, str]]:
    """Return the initial rows of the formset."""
    return [{"heading": clause.heading, "body": clause.body, "why": clause.why} for clause in clauses]


class SignForm(forms.Form):
    """A signature. Both boxes start empty: nobody signs by leaving things as they are (R47)."""

    typed_name = forms.CharField(
        label=_("Your full name"),
        max_length=200,
        widget=forms.TextInput({"autocomplete": "name"}),
        error_messages={"required": _("Type your name as your signature.")},
    )
    has_read = forms.BooleanField(
        label=_("I have read this agreement, clause by clause."),
        error_messages={"required": _("Check this box once you have read the agreement.")},
    )
    intends_to_sign = forms.BooleanField(
        label=_("I mean to sign it: typing my name here counts as my signature."),
        error_messages={"required": _("Check this box if you want to sign.")},
    )

    def __init__(self, *args: Any, group: Group, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"] = _version_of(group)


class PaperForm(forms.Form):
    """A sheet of paper that a member signed."""

    signed_on = DateField(label=_("Day on the paper"))
    name = forms.CharField(label=_("Name as signed"), max_length=200)
    scan = forms.FileField(
        label=_("Scan"),
        required=False,
        help_text=_("PDF, JPEG or PNG, up to 5 MB. It is stored encrypted. Without one, keep the paper."),
        widget=forms.ClearableFileInput({"accept": ".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png"}),
    )

    def __init__(self, *args: Any, group: Group, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"] = _version_of(group)

    def clean_scan(self) -> bytes | None:
        """Read the file, but never more than may be kept and one byte: the service refuses what is larger."""
        upload: UploadedFile | None = self.cleaned_data["scan"]
        if upload is None:
            return None
        if (upload.size or 0) <= LARGEST_SCAN:
            refuse_malware(upload)
        return upload.read(LARGEST_SCAN + 1)


class WithdrawSignatureForm(forms.Form):
    """Why a signature is taken back. Staff say why; a member may."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea({"rows": 2}))

    def __init__(self, *args: Any, is_own: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = not is_own
        self.fields["reason"].help_text = _now("Your therapist reads it.") if is_own else _now("Staff read it.")


class CheckCopyForm(forms.Form):
    """What stands on a copy of a signed agreement."""

    reference = forms.CharField(
        label=_("Reference"), max_length=40, widget=forms.TextInput({"class": "w-16", "autocomplete": "off"})
    )
    name = forms.CharField(label=_("Signed as"), max_length=200, widget=forms.TextInput({"autocomplete": "off"}))
    fingerprint = forms.CharField(
        label=_("Fingerprint"),
        max_length=200,
        widget=forms.Textarea({"rows": 2, "autocomplete": "off", "spellcheck": "false"}),
        help_text=_("The 64 letters and digits at the end of the copy."),
    )


def _version_of(group: Group) -> forms.Field:
    return forms.ModelChoiceField(AgreementVersion.objects.filter(group=group), widget=forms.HiddenInput)
