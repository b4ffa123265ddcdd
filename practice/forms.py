"""The forms of this room."""

from collections.abc import Iterable
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib.auth.forms import SetPasswordMixin
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.forms import DateField, MultipleChoices, TimeField
from practice.models import Closure, License, Policy, Practice, Role, Room, Site, User

Choice = tuple[str, "str | Promise"]

ROLE_CHOICES: list[Choice] = [
    (Role.THERAPIST.value, _("Therapist: leads groups and documents their sessions")),
    (Role.SUPERVISOR.value, _("Supervisor: reviews the work of therapists")),
    (Role.COORDINATOR.value, _("Coordinator: waiting list and matching, never notes")),
    (Role.ADMINISTRATOR.value, _("Administrator: staff, sites and policy, never clients")),
]
COMMON_ZONES: list[Choice] = [
    ("America/New_York", _("Eastern (New York)")),
    ("America/Chicago", _("Central (Chicago)")),
    ("America/Denver", _("Mountain (Denver)")),
    ("America/Phoenix", _("Arizona (Phoenix)")),
    ("America/Los_Angeles", _("Pacific (Los Angeles)")),
    ("America/Anchorage", _("Alaska (Anchorage)")),
    ("Pacific/Honolulu", _("Hawaii (Honolulu)")),
]
REGIONS = ("America", "Atlantic", "Europe", "Africa", "Asia", "Australia", "Pacific", "Indian")
MOST_REMINDERS = 4
LONGEST_LEAD_HOURS = 336  # two weeks


@cache
def zone_choices() -> list[tuple[Any, Any]]:
    """Return every place-named IANA zone by region, those of the United States first."""
    regions = [
        (region, [(zone, zone.partition("/")[2].replace("_", " ").replace("/", ", ")) for zone in zones])
        for region in REGIONS
        if (zones := sorted(zone for zone in available_timezones() if zone.startswith(f"{region}/")))
    ]
    return [(_("United States"), COMMON_ZONES), *regions]


class AcceptInvitationForm(SetPasswordMixin, forms.Form):
    """The first password, twice."""

    password1, password2 = SetPasswordMixin.create_password_fields(label1=_("Password"), label2=_("The same again"))
    field_order = ("password1", "password2")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)
        self.fields["password2"].help_text = ""

    def clean(self) -> dict[str, Any]:
        self.validate_passwords()
        self.validate_password_for_user(self.user, "password1")
        return super().clean() or {}


class PracticeForm(forms.ModelForm):
    """Name, phone, and what messages call the practice."""

    class Meta:
        model = Practice
        fields = ("name", "phone", "message_name")


class HoursField(forms.CharField):
    """Some numbers of hours with commas between them, told from the largest to the smallest."""

    widget = forms.TextInput(attrs={"class": "w-8", "inputmode": "text", "autocomplete": "off"})

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(str(hours) for hours in value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            hours = sorted({int(part) for part in text.replace(";", ",").split(",") if part.strip()}, reverse=True)
        except ValueError:
            raise forms.ValidationError(_("Enter whole numbers with commas between them, for example 48, 2.")) from None
        if not 1 <= len(hours) <= MOST_REMINDERS:
            raise forms.ValidationError(_("Enter one to four numbers."))
        if hours[0] > LONGEST_LEAD_HOURS or hours[-1] < 1:
            raise forms.ValidationError(_("Each number must be between 1 and 336, which is two weeks."))
        return hours


POLICY_PARTS: list[tuple[Any, list[str]]] = [
    (
        _("Size of groups"),
        ["minimum_members", "target_members", "maximum_with_one_leader", "maximum_with_two_leaders"],
    ),
    (_("Sessions"), ["session_minutes", "horizon_weeks", "minimum_stay_sessions", "notice_sessions"]),
    (
        _("Members and endings"),
        ["early_sessions", "early_absences", "absences_in_a_row", "ask_again_days", "ending_prompt_sessions"],
    ),
    (_("Messages to members"), ["reminder_leads", "texts_a_day", "texts_a_week", "quiet_until", "quiet_from"]),
    (_("Staff"), ["note_due_hours", "climate_hours", "invitation_days"]),
    (
        _("Records"),
        [
            "retention_years",
            "minor_retention_years",
            "emergency_minutes",
            "emergency_review_days",
            "access_days",
            "trail_names_staff",
        ],
    ),
    (_("Billing"), ["service_code", "session_fee", "coordinators_bill"]),
    (_("Screens nobody uses"), ["staff_idle_minutes", "member_idle_minutes", "session_hours"]),
    (_("Signing in"), ["members_need_second_step"]),
]


class PolicyForm(forms.ModelForm):
    """Everything a practice decides for itself, in parts."""

    reminder_leads = HoursField(
        label=_("Hours before a session at which a reminder is sent"),
        help_text=_("Numbers with commas between them: 48, 2 means two days and two hours before."),
    )
    quiet_until = TimeField(label=_("No message before"))
    quiet_from = TimeField(
        label=_("No message after"),
        help_text=_("In the recipient’s time zone. What falls into the quiet hours is sent later, never dropped."),
    )

    class Meta:
        model = Policy
        fields = [name for _heading, names in POLICY_PARTS for name in names]
        labels = {
            "horizon_weeks": _("Weeks planned ahead"),
            "minimum_stay_sessions": _("Shortest stay, in sessions"),
            "notice_sessions": _("Notice before leaving, in sessions"),
            "session_minutes": _("Usual length, in minutes"),
            "minimum_members": _("Smallest group"),
            "target_members": _("Preferred size"),
            "maximum_with_one_leader": _("Largest group with one leader"),
            "maximum_with_two_leaders": _("Largest group with two or more leaders"),
            "texts_a_day": _("Most texts to one person in a day"),
            "texts_a_week": _("Most texts to one person in seven days"),
            "early_sessions": _("First sessions of a member that are watched"),
            "early_absences": _("Absences within them that are pointed out"),
            "absences_in_a_row": _("Absences in a row after which somebody is asked after"),
            "ask_again_days": _("Days until somebody who was asked after is pointed out again"),
            "ending_prompt_sessions": _("Sessions left when the ending is brought up"),
            "note_due_hours": _("Hours until an unsigned note is overdue"),
            "climate_hours": _("Hours a check-in stays open after a session"),
            "invitation_days": _("Days an invitation works"),
            "service_code": _("Service code"),
            "session_fee": _("Fee of a session, in dollars"),
            "coordinators_bill": _("Coordinators prepare billing"),
            "staff_idle_minutes": _("Minutes until a screen of staff locks"),
            "member_idle_minutes": _("Minutes until a screen of a member locks"),
            "session_hours": _("Hours until everybody signs in again"),
            "members_need_second_step": _("Members need a second step"),
            "retention_years": _("Years a record is kept after the last contact"),
            "minor_retention_years": _("Years a minor’s record is kept after the 18th birthday"),
            "emergency_minutes": _("Minutes a record stays open in an emergency"),
            "emergency_review_days": _("Days until its review is overdue"),
            "access_days": _("Days until a requested copy of the record is due"),
            "trail_names_staff": _("Members see by name who opened their record"),
        }
        help_texts = {
            "minimum_members": _("A group below it is shown as needing members."),
            "target_members": _("The number of members you aim for."),
            "horizon_weeks": _("How far sessions of groups without a last session are put into the calendar."),
            "minimum_stay_sessions": _("What a member agrees to when joining."),
            "service_code": _("90853 is group psychotherapy."),
            "session_fee": _("Leave it empty if fees differ; session sheets then say none."),
            "coordinators_bill": _("They then see who attended which session, and nothing else about it."),
            "notice_sessions": _("Sessions a member still attends after saying they will leave."),
            "staff_idle_minutes": _(
                "The password opens it again, with everything typed. Holds from the next time somebody signs in."
            ),
            "session_hours": _("Counted from signing in, however busy the day was."),
            "members_need_second_step": _(
                "Staff always do. From their next page on, members are asked to set up a passkey or an app."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.IntegerField):
                field.widget = forms.TextInput(attrs={"class": "w-4", "inputmode": "numeric", "autocomplete": "off"})

    def parts(self) -> Iterable[tuple[Any, list[BoundField]]]:
        """Yield each part's heading and its fields."""
        for heading, names in POLICY_PARTS:
            yield heading, [self[name] for name in names]


class StateField(forms.CharField):
    """The two letters of a state, in whatever case they are typed."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs["widget"] = forms.TextInput(
            attrs={"class": "w-2", "autocapitalize": "characters", "autocomplete": "off"}
        )
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").upper()


class SiteForm(forms.ModelForm):
    """A site."""

    zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=zone_choices,
        help_text=_("Clocks of this site. Sessions that are already planned keep their moment if you change it."),
    )

    class Meta:
        model = Site
        fields = ("name", "zone", "state", "address", "is_online", "retention_years")
        field_classes = {"state": StateField}
        error_messages = {"name": {"unique": _("There is already a site of that name.")}}
        help_texts = {"is_online": _("Groups meet by video; the site has no rooms.")}


class RoomForm(forms.ModelForm):
    """A room of one site."""

    class Meta:
        model = Room
        fields = ("name", "seats")
        labels = {"name": _("Name of the room")}
        widgets = {"seats": forms.TextInput(attrs={"class": "w-2", "inputmode": "numeric", "autocomplete": "off"})}


class EverySiteField(forms.ModelChoiceField):
    """One site or, chosen just as deliberately, all of them."""

    def validate(self, value: Any) -> None:
        """Accept the empty choice, which means all sites."""


class ClosureForm(forms.ModelForm):
    """Days without sessions."""

    site = EverySiteField(Site.objects.all(), label=_("Where"), empty_label=_("All sites"))
    first_day = DateField(label=_("First day"))
    last_day = DateField(label=_("Last day"), required=False, help_text=_("Leave it empty for a single day."))

    class Meta:
        model = Closure
        fields = ("name", "site", "first_day", "last_day")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        data["last_day"] = data.get("last_day") or data.get("first_day")
        return data


class PersonForm(forms.ModelForm):
    """A member of staff. Once a person signs in with their address, only they change it."""

    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=ROLE_CHOICES,
        widget=MultipleChoices,
        error_messages={"required": _("Choose at least one role.")},
    )

    class Meta:
        model = User
        fields = ("first_name", "last_name", "credentials", "email", "roles", "home_site")
        error_messages = {"email": {"unique": _("There is already an account for this address.")}}
        help_texts = {"home_site": _("The site whose clock and calendar this person sees first.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["home_site"].empty_label = _("None")  # type: ignore[attr-defined]
        if self.instance.password and self.instance.has_usable_password():
            email = self.fields["email"]
            email.disabled = True
            email.help_text = _("Only the person can change it, on their own account’s page.")

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


class LicenseForm(forms.ModelForm):
    """A license to practice in one state."""

    expires_on = DateField(label=_("Valid until"), help_text=_("Its last day."))

    class Meta:
        model = License
        fields = ("state", "number", "expires_on")
        field_classes = {"state": StateField}


class SupervisorForm(forms.Form):
    """Who supervises a therapist: somebody with the role who does not do so yet."""

    supervisor = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Supervisor"),
        empty_label=_("Choose"),
        error_messages={"required": _("Choose a supervisor."), "invalid_choice": _("Choose one of the supervisors.")},
    )

    def __init__(self, data: Any = None, *, therapist: User) -> None:
        super().__init__(data)
        supervisors = User.objects.with_role(Role.SUPERVISOR).exclude(pk=therapist.pk)
        field: Any = self.fields["supervisor"]
        field.queryset = supervisors.exclude(pk__in=therapist.supervised_by.open().values("supervisor"))
