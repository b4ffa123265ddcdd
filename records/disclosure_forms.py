"""Forms of the ledger: a disclosure, a consent to disclose, more time for a copy, what is under part 2."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.clock import today_in
from common.forms import Choices, DateField, MultipleChoices
from members.models import Client, Condition
from records.models import Disclosure, DisclosureConsent, LegalBasis


class DisclosureForm(forms.ModelForm):
    """One line of the ledger. What leaves by the person's own request is entered when it is handed over."""

    made_on = DateField(label=_("Day"))
    basis = forms.ChoiceField(
        label=_("Why it may be disclosed"),
        choices=[choice for choice in LegalBasis.choices if choice[0] != LegalBasis.OWN_REQUEST],
        widget=Choices,
        error_messages={"required": _("Choose one.")},
    )

    class Meta:
        model = Disclosure
        fields = ("made_on", "recipient", "content", "purpose", "basis", "consent")
        labels = {
            "recipient": _("Who received it"),
            "content": _("What they received"),
            "purpose": _("What for"),
            "consent": _("Consent it goes by"),
        }
        help_texts = {
            "recipient": _("Name and, if known, address."),
            "content": _("In a few words, for example dates of attendance from March to June. No clinical text."),
        }

    def __init__(self, *args: Any, client: Client, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        consent: Any = self.fields["consent"]
        consent.queryset = client.disclosure_consents.in_force(today_in(client.site.zone))
        consent.empty_label = _("None")
        consent.label_from_instance = lambda each: f"{each.recipient}: {each.content}"


class DisclosureConsentForm(forms.ModelForm):
    """What the client signed."""

    signed_on = DateField(label=_("Signed on"))
    expires_on = DateField(label=_("Holds until"), help_text=_("The last day, as the paper says."))

    class Meta:
        model = DisclosureConsent
        fields = ("recipient", "content", "purpose", "signed_on", "expires_on")
        labels = {
            "recipient": _("Who may receive it"),
            "content": _("What they may receive"),
            "purpose": _("What for"),
        }


class PutOffForm(forms.Form):
    """Until when, and why, in words that the client reads."""

    until = DateField(label=_("New day"))
    reason = forms.CharField(
        label=_("Why it takes longer"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The client reads your words on their page. No clinical text."),
        error_messages={"required": _("Say why: the client has a right to know.")},
    )


class Part2Form(forms.Form):
    """Which conditions put a record under part 2."""

    conditions = forms.ModelMultipleChoiceField(
        Condition.objects.all(), label=_("Conditions under part 2"), required=False, widget=MultipleChoices
    )
