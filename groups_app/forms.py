"""Forms of groups and memberships."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import Choices, ClockField, DateField
from groups_app.models import OVER_STATES, Group, GroupCover, GroupLeader, GroupState, LeavingReason, Length
from groups_app.querysets import GroupQuerySet
from practice.models import LARGEST_GROUP_EVER, Policy, Room, User

DEFAULT_SESSION_COUNT = 14  # time-limited groups run 12 to 16 weeks (R15)


class LeadersMixin(forms.Form):
    """As many selects as a group may have leaders at a glance; their order is who leads first (R24)."""

    leader_labels: tuple[Any, ...] = (_("First leader"), _("Second leader"), _("Third leader"), _("Fourth leader"))

    def add_leader_fields(self, current: list[User]) -> None:
        """Put the selects at the end of the form; ``current`` leaders stay choosable whatever they are now."""
        therapists = {user.pk: user for user in User.objects.therapists()}
        self._people = {str(user.pk): user for user in (*therapists.values(), *current)}
        choices = [("", _("Nobody")), *((key, user.name) for key, user in self._people.items())]
        for position, label in enumerate(self.leader_labels):
            self.fields[f"leader_{position + 1}"] = forms.TypedChoiceField(
                label=label,
                choices=choices if position else [("", _("Choose a therapist")), *choices[1:]],
                coerce=self._people.__getitem__,
                empty_value=None,
                required=position == 0,
                initial=str(current[position].pk) if position < len(current) else "",
            )

    def add_cover_field(self, current: User | None) -> None:
        """Add the therapist who steps in when the leaders cannot; ``add_leader_fields`` comes before."""
        if current is not None:
            self._people.setdefault(str(current.pk), current)
        self.fields["cover"] = forms.TypedChoiceField(
            label=_("Cover"),
            help_text=_("Steps in when the leaders cannot."),
            choices=[("", _("Nobody")), *((key, user.name) for key, user in self._people.items())],
            coerce=self._people.__getitem__,
            empty_value=None,
            required=False,
            initial=str(current.pk) if current else "",
        )

    @property
    def leaders(self) -> list[User]:
        """The chosen leaders in their order; gaps are closed."""
        chosen = (self.cleaned_data.get(f"leader_{position + 1}") for position in range(len(self.leader_labels)))
        return [user for user in chosen if user is not None]

    def leader_fields(self) -> list[forms.BoundField]:
        """The selects, for a template."""
        return [self[f"leader_{position + 1}"] for position in range(len(self.leader_labels))]


class RoomField(forms.ModelChoiceField):
    """A room of any site, named with its site: which rooms there are depends on the site chosen beside it."""

    def label_from_instance(self, obj: Room) -> str:
        return f"{obj.site}: {obj}"


class LinkField(forms.URLField):
    """The address at which people meet online; written without a scheme it is a secure one."""

    def __init__(self, **options: Any) -> None:
        usual = {"label": _("Link for online sessions"), "required": False, "max_length": 300}
        super().__init__(assume_scheme="https", **{**usual, **options})


class GroupForm(LeadersMixin, forms.ModelForm):
    """A new group with its schedule. ``leaders`` are for ``plan_group``."""

    first_day = DateField(label=_("First session"), help_text=_("The weekday of this date is the group's day."))
    start_time = ClockField(label=_("Time"), help_text=_("As clocks show it at the site."))
    online_link = LinkField(help_text=_("Only for an online group. Members get it with their sessions."))
    room = RoomField(
        Room.objects.select_related("site").order_by("site__name", "name"),
        label=_("Room"),
        required=False,
        empty_label=_("None, it meets online"),
    )

    class Meta:
        model = Group
        fields = (
            "name",
            "orientation",
            "site",
            "room",
            "online_link",
            "first_day",
            "start_time",
            "minutes",
            "cadence",
            "length",
            "session_count",
            "capacity",
        )
        widgets = {
            "cadence": Choices,
            "length": Choices,
            "minutes": forms.NumberInput({"class": "w-4"}),
            "session_count": forms.NumberInput({"class": "w-4"}),
            "capacity": forms.NumberInput({"class": "w-4"}),
        }

    def __init__(self, *args: Any, policy: Policy, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["minutes"].initial = policy.session_minutes
        self.fields["session_count"].initial = DEFAULT_SESSION_COUNT
        self.fields["site"].empty_label = _("Choose a site")  # type: ignore[attr-defined]
        self.fields["site"].initial = user.home_site_id
        _limit_capacity(self.fields["capacity"])
        self.add_leader_fields([])
        if user.has_perm("groups_app.lead_groups") and not user.has_perm("groups_app.plan_for_others"):
            self.fields["leader_1"].initial = str(user.pk)

    def clean(self) -> dict[str, Any]:
        """Drop the number of sessions of an ongoing group: it stands in the form from the start."""
        data = super().clean() or self.cleaned_data
        if data.get("length") == Length.ONGOING:
            data["session_count"] = None
        return data


class EditGroupForm(LeadersMixin, forms.ModelForm):
    """What may change in a group that has its sessions; when and where they are is changed in the calendar."""

    class Meta:
        model = Group
        fields = ("name", "orientation", "capacity")
        widgets = {"capacity": forms.NumberInput({"class": "w-4"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _limit_capacity(self.fields["capacity"])
        leaders = GroupLeader.objects.filter(group=self.instance, until__isnull=True).select_related("user")
        self.add_leader_fields([leader.user for leader in leaders.order_by("position")])
        cover = GroupCover.objects.filter(group=self.instance, until__isnull=True).select_related("user").first()
        self.add_cover_field(cover.user if cover else None)


def _limit_capacity(field: forms.Field) -> None:
    field.widget.attrs.update(min=2, max=LARGEST_GROUP_EVER)


class FilterForm(forms.Form):
    """Narrowing the list of groups; what is not understood narrows nothing."""

    q = forms.CharField(required=False, max_length=80)
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All but those that are over")), *GroupState.choices]
    )

    away = forms.BooleanField(label=_("Somebody stays away"), required=False)

    def narrowed(self, groups: GroupQuerySet) -> GroupQuerySet:
        """Return the groups asked for."""
        self.full_clean()
        state, search = self.cleaned_data.get("state"), self.cleaned_data.get("q")
        groups = groups.filter(state=state) if state else groups.exclude(state__in=OVER_STATES)
        return groups.filter(name__icontains=search) if search else groups


class ReasonForm(forms.Form):
    """Why somebody is declined, or gives a place back."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("Staff read it, the client does not. A few words are enough."),
    )


class StepForm(forms.Form):
    """A step of a group's life; ``must_explain`` asks why it is taken though something is open."""

    to = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Remark"), max_length=300, required=False, widget=forms.Textarea({"rows": 2}))

    def __init__(self, *args: Any, must_explain: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if must_explain:
            reason = self.fields["reason"]
            reason.label, reason.required = _("Why it is not done"), True
            reason.error_messages["required"] = _("Not everything is done. Do it, or say in a few words why not.")


class CallOffForm(forms.Form):
    """Why a group is given up before it started."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("Staff read it. A few words are enough."),
    )


class EndForm(ReasonForm):
    """Why a membership ends at once: one of the known reasons, and a few words (R27)."""

    why = forms.ChoiceField(label=_("Reason"), choices=[("", _("Choose a reason")), *LeavingReason.choices])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = _("Remark")


class DayForm(forms.Form):
    """A day on which somebody is met."""

    on = DateField(label=_("Day of the meeting"))
