"""Forms of clients. They read what was typed; ``services`` decides and writes."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from common.clock import today_in
from common.forms import BirthDateField, Chips, DateField, MultipleChoices, Rows, TimeField
from members.models import (
    Availability,
    Channel,
    Client,
    Condition,
    DifficultyArea,
    FamilyRole,
    Gender,
    Goal,
    Identity,
    Intake,
    ProblemArea,
    ReferralReason,
    Weekday,
)
from members.phones import NotAPhone, as_written, to_e164
from members.services import Fit, Span
from practice.models import Site

LONG = 20_000  # characters of a clinical text: some pages


class ClientForm(forms.ModelForm):
    """A client's record."""

    gender = forms.ChoiceField(label=_("Gender"), choices=[("", _("Not answered")), *Gender.choices], required=False)
    birth_date = BirthDateField(label=_("Date of birth"))
    site = forms.ModelChoiceField(Site.objects.all(), label=_("Site"), empty_label=_("Choose a site"))
    referral_reason = forms.ModelChoiceField(
        ReferralReason.objects.filter(is_offered=True),
        label=_("Referral reason"),
        required=False,
        empty_label=_("Not known"),
    )
    mobile = forms.CharField(
        label=_("Mobile phone"),
        required=False,
        max_length=40,
        help_text=_("With area code, for example (718) 555-0100."),
        widget=forms.TextInput({"type": "tel", "class": "w-16", "autocomplete": "off"}),
    )
    referral_date = DateField(label=_("Referral date"), help_text=_("The wait is counted from this day."))
    difficulties = forms.ModelMultipleChoiceField(
        DifficultyArea.objects.filter(is_offered=True), label=_("Difficulties"), required=False, widget=Chips
    )
    problem_areas = forms.ModelMultipleChoiceField(
        ProblemArea.objects.filter(is_offered=True), label=_("Problem areas"), required=False, widget=Chips
    )
    primary_area = forms.ModelChoiceField(
        ProblemArea.objects.filter(is_offered=True),
        label=_("Which of them is the main one"),
        required=False,
        empty_label=_("There is only one, or none"),
    )
    conditions = forms.ModelMultipleChoiceField(
        Condition.objects.filter(is_offered=True), label=_("Conditions"), required=False, widget=Chips
    )
    goals = forms.ModelMultipleChoiceField(
        Goal.objects.filter(is_offered=True), label=_("Goals"), required=False, widget=Chips
    )
    identities = forms.ModelMultipleChoiceField(
        Identity.objects.filter(is_offered=True),
        label=_("Asked us to consider"),
        required=False,
        widget=Chips,
        help_text=_("Only what the client wants considered when a group is composed."),
    )

    class Meta:
        model = Client
        fields = (
            "first_name",
            "last_name",
            "preferred_name",
            "pronouns",
            "gender",
            "birth_date",
            "email",
            "mobile",
            "site",
            "online_ok",
            "referral_date",
            "referral_reason",
            "notes",
        )
        widgets = {"notes": forms.Textarea({"rows": 3})}

    def __init__(self, data: Any = None, *, instance: Client | None = None) -> None:
        super().__init__(data, instance=instance)
        for name in ("first_name", "last_name", "preferred_name", "email"):
            self.fields[name].widget.attrs["autocomplete"] = "off"
        if instance is not None:
            areas = list(instance.client_problem_areas.all())
            self.initial = {
                **self.initial,
                "mobile": as_written(instance.mobile),
                "difficulties": list(instance.difficulties.all()),
                "conditions": list(instance.conditions.all()),
                "goals": list(instance.goals.all()),
                "identities": list(instance.identities.all()),
                "problem_areas": [area.area_id for area in areas],
                "primary_area": next((area.area_id for area in areas if area.is_primary), None),
            }

    def clean_email(self) -> str:
        """An address is kept in lower case, so that one person is known once."""
        return str(self.cleaned_data["email"]).lower()

    def clean_mobile(self) -> str:
        """A number is kept as E.164."""
        typed = self.cleaned_data["mobile"]
        try:
            return to_e164(typed) if typed else ""
        except NotAPhone as error:
            raise ValidationError(error.sentence) from error

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        site, referral_date = data.get("site"), data.get("referral_date")
        if site and referral_date and referral_date > today_in(site.zone):
            self.add_error(
                "referral_date", _("The referral date is in the future. Enter today's date or an earlier one.")
            )
        areas, primary = data.get("problem_areas") or [], data.get("primary_area")
        if len(areas) > 1 and primary is None:
            self.add_error("primary_area", _("Choose which problem area is the main one."))
        return data

    def fit(self, availability: Sequence[Span]) -> Fit:
        """Return what matching looks at, from the cleaned form and the hours of its formset."""
        data = self.cleaned_data
        primary = data["primary_area"]
        others = [area for area in data["problem_areas"] if area != primary]
        return Fit(
            difficulties=data["difficulties"],
            problem_areas=[primary, *others] if primary else others,
            conditions=data["conditions"],
            goals=data["goals"],
            identities=data["identities"],
            availability=availability,
        )


class ConsentForm(forms.Form):
    """How a client may be reached."""

    channels = forms.MultipleChoiceField(
        label=_("May be contacted by"),
        choices=Channel.choices,
        required=False,
        widget=MultipleChoices,
        help_text=_("Tick only what the client agreed to. Without any, no reminder is sent."),
    )


class NewClientForm(ClientForm, ConsentForm):
    """A new client: the record and how the person may be reached, in one go."""

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        # Only when the number is missing, not when it was wrong: that has its own message.
        if Channel.TEXT in data.get("channels", ()) and data.get("mobile") == "":
            self.add_error("mobile", _("Enter a mobile phone, or untick text messages."))
        return data


class TrailFilter(forms.Form):
    """The days of which the trail of a record is shown."""

    since = DateField(label=_("From"), required=False)
    until = DateField(label=_("Until"), required=False)

    def clean(self) -> dict[str, Any]:
        """Refuse days in the wrong order."""
        days = super().clean() or {}
        if days.get("since") and days.get("until") and days["since"] > days["until"]:
            raise ValidationError(_("The first day is after the last. Change one of them."))
        return days


class AvailabilityForm(forms.Form):
    """One span of a weekday. An empty row says nothing."""

    weekday = forms.TypedChoiceField(
        label=_("Day"), choices=[("", _("No day")), *Weekday.choices], coerce=int, empty_value=None, required=False
    )
    starts = TimeField(label=_("From"), required=False)
    ends = TimeField(label=_("Until"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.errors:
            return data
        weekday, starts, ends = data.get("weekday"), data.get("starts"), data.get("ends")
        if weekday is None and starts is None and ends is None:
            return data
        if weekday is None or starts is None or ends is None:
            raise ValidationError(_("Choose the day and both times, or empty the whole row."))
        if starts >= ends:
            self.add_error("ends", _("The end must be later than the start."))
        return data


class AvailabilityFormSet(Rows):
    """When a client can come: the rows already there, and three empty ones."""

    form = AvailabilityForm
    extra = 3
    max_num = absolute_max = 60

    def spans(self) -> list[Span]:
        """Return the filled rows of a valid formset."""
        rows = (form.cleaned_data for form in self.forms)
        return [
            Span(row["weekday"], row["starts"], row["ends"]) for row in rows if row and row.get("weekday") is not None
        ]


def availability_rows(availabilities: Sequence[Availability]) -> list[dict[str, Any]]:
    """Return the initial rows of the formset for a client's stored hours."""
    return [{"weekday": span.weekday, "starts": span.starts, "ends": span.ends} for span in availabilities]


class LongText(forms.Textarea):
    """Room for a paragraph or two."""

    def __init__(self) -> None:
        super().__init__({"rows": 5})


class IntakeForm(forms.ModelForm):
    """What a clinician learned at intake; stored encrypted."""

    fee = forms.DecimalField(
        label=_("Agreed fee for a session"),
        required=False,
        min_value=Decimal(0),
        max_digits=8,
        decimal_places=2,
        help_text=_("In dollars."),
        widget=forms.TextInput({"inputmode": "decimal", "class": "w-8"}),
    )
    brings = forms.CharField(label=_("What brings the client here"), required=False, max_length=LONG, widget=LongText)
    hopes = forms.CharField(label=_("What the client hopes for"), required=False, max_length=LONG, widget=LongText)
    family_roles = forms.ModelMultipleChoiceField(
        FamilyRole.objects.filter(is_offered=True),
        label=_("Roles in the family of origin"),
        required=False,
        widget=Chips,
    )
    concurrent_therapist = forms.CharField(label=_("Individual therapist, if any"), required=False, max_length=300)
    # What the writer started from, so that nobody's text is overwritten unread.
    seen = forms.DateTimeField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Intake
        fields = ("brings", "hopes", "family_roles", "concurrent_therapist", "release_on_file")

    def __init__(self, data: Any = None, *, instance: Intake) -> None:
        super().__init__(data, instance=instance)
        if instance.recorded_at is not None:
            self.initial["seen"] = instance.recorded_at.isoformat()
        if instance.fee_cents is not None:
            self.initial["fee"] = Decimal(instance.fee_cents) / 100

    def fee_cents(self) -> int | None:
        """Return the fee in cents, or nothing when none is agreed."""
        fee = self.cleaned_data["fee"]
        return None if fee is None else int(fee * 100)
