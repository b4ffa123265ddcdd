"""Changing when, where and by whom sessions are held, and the calendar's filter; a session's page is ``page``."""

from collections.abc import Callable, Sequence
from datetime import date, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import Chips, Choices, ClockField, DateField, TimeField
from groups_app.forms import DEFAULT_SESSION_COUNT, LeadersMixin, LinkField
from groups_app.models import Cadence, Group, GroupLeader
from members.models import Weekday
from practice.models import Policy, Room, Site, User
from sessions_log.billing import Period
from sessions_log.calendar import Narrowed
from sessions_log.finding import Search
from sessions_log.models import Session
from sessions_log.services import Scope, Wish

SHORTEST_MINUTES, LONGEST_MINUTES = 15, 480
MOST_SESSIONS = 200
_LONGEST_PERIOD = timedelta(days=366)
_LOOKED_AHEAD = timedelta(days=731)


class WhenWhereForm(forms.Form):
    """A day, a time, a length, and a room of the group's site or the link by which people join."""

    day = DateField(label=_("Day"), help_text=_("Month, day and year."))
    wall = ClockField(label=_("Time"))
    minutes = forms.IntegerField(
        label=_("Minutes"),
        help_text=_("How long it lasts."),
        min_value=SHORTEST_MINUTES,
        max_value=LONGEST_MINUTES,
        widget=forms.NumberInput({"class": "w-4"}),
    )
    room = forms.ModelChoiceField(
        Room.objects.none(), label=_("Room"), required=False, empty_label=_("None, it meets online")
    )
    link = LinkField(help_text=_("Only without a room. Members get it with their sessions."))

    def __init__(self, *args: Any, site: Site, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["wall"].help_text = _("%(site)s time.") % {"site": site.name}
        self.fields["room"].queryset = Room.objects.filter(site=site).order_by("name")  # type: ignore[attr-defined]


class MoveForm(WhenWhereForm):
    """Where a session goes, and how many others with it."""

    scope = forms.ChoiceField(label=_("What changes"), choices=Scope.choices, widget=Choices, initial=Scope.ONE)

    def __init__(self, data: Any = None, *, session: Session, has_more: bool) -> None:
        """``has_more``: whether other sessions of the group are still to come."""
        initial = {
            "day": session.local_day,
            "wall": session.local_time,
            "minutes": session.minutes,
            "room": session.room_id,
            "link": session.online_link or session.group.online_link,
        }
        super().__init__(data, initial=initial, site=session.group.site)
        if not has_more:
            del self.fields["scope"]

    @property
    def reach(self) -> Scope:
        """How far the change reaches."""
        return Scope(self.cleaned_data.get("scope", Scope.ONE))

    @property
    def wish(self) -> Wish:
        """What was asked for."""
        data = self.cleaned_data
        return Wish(data["day"], data["wall"], data["minutes"], data["room"], data["link"])


class ExtraForm(WhenWhereForm):
    """One session more."""

    def __init__(self, data: Any = None, *, group: Group) -> None:
        initial = {
            "wall": group.start_time,
            "minutes": group.minutes,
            "room": group.room_id,
            "link": group.online_link,
        }
        super().__init__(data, initial=initial, site=group.site)


class StandInForm(forms.Form):
    """Who leads in place of whom, and for how long."""

    leader = forms.TypedChoiceField(label=_("In place of"))
    substitute = forms.TypedChoiceField(label=_("Who leads"), required=False, empty_value=None)
    scope = forms.ChoiceField(label=_("For how long"), choices=Scope.choices, widget=Choices, initial=Scope.ONE)

    def __init__(self, data: Any = None, *, session: Session) -> None:
        super().__init__(data)
        rows = GroupLeader.objects.filter(group=session.group_id, until__isnull=True).select_related("user")
        leaders = {str(row.user_id): row.user for row in rows.order_by("position")}
        others = User.objects.therapists().exclude(pk__in=leaders)
        people = {str(user.pk): user for user in sorted(others, key=lambda user: user.name)}
        self._people = {**leaders, **people}
        leader, substitute = self.fields["leader"], self.fields["substitute"]
        leader.choices = [(key, user.name) for key, user in leaders.items()]  # type: ignore[attr-defined]
        substitute.choices = [  # type: ignore[attr-defined]
            ("", _("The group’s leader, as usual")),
            *((key, user.name) for key, user in people.items()),
        ]
        for field in (leader, substitute):
            field.coerce = self._people.__getitem__  # type: ignore[attr-defined]


class AskedForm(forms.Form):
    """The day on which somebody asked after a member."""

    on = DateField(label=_("Day on which you asked"))


class CancelForm(forms.Form):
    """Why a session does not take place."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        help_text=_("Staff read it, members do not. A few words are enough."),
    )


class FindForm(LeadersMixin, forms.Form):
    """Who wants to meet, where, and how often."""

    leader_labels = (_("First leader"), _("Second leader"))

    site = forms.ModelChoiceField(Site.objects.order_by("name"), label=_("Site"), empty_label=None)
    count = forms.IntegerField(
        label=_("Sessions"), min_value=1, max_value=MOST_SESSIONS, widget=forms.NumberInput({"class": "w-4"})
    )
    cadence = forms.TypedChoiceField(label=_("Meets"), choices=Cadence.choices, coerce=int)
    minutes = forms.IntegerField(
        label=_("Minutes"),
        min_value=SHORTEST_MINUTES,
        max_value=LONGEST_MINUTES,
        widget=forms.NumberInput({"class": "w-4"}),
    )
    earliest_day = DateField(label=_("From"))
    earliest_time = TimeField(label=_("Not before"))
    latest_time = TimeField(label=_("Over by"))
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Days"),
        choices=Weekday.choices,
        coerce=int,
        widget=Chips,
        error_messages={"required": _("Choose at least one day.")},
    )

    def __init__(self, data: Any, *, user: User, policy: Policy, today: date) -> None:
        super().__init__(
            data,
            initial={
                "site": user.home_site_id,
                "count": DEFAULT_SESSION_COUNT,
                "cadence": Cadence.WEEKLY,
                "minutes": policy.session_minutes,
                "earliest_day": today + timedelta(days=1),
                "earliest_time": time(9),
                "latest_time": time(20),
                "weekdays": list(range(5)),
            },
        )
        self.add_leader_fields([])
        if user.has_perm("groups_app.lead_groups"):
            self.fields["leader_1"].initial = str(user.pk)
        self.today = today

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, last = data.get("earliest_time"), data.get("latest_time")
        if first and last and data.get("minutes"):
            room = (last.hour - first.hour) * 60 + last.minute - first.minute
            if room < data["minutes"]:
                self.add_error("latest_time", _("Between these times there is no room for a session of that length."))
        day = data.get("earliest_day")
        if day and not self.today <= day <= self.today + _LOOKED_AHEAD:
            self.add_error("earliest_day", _("Choose a day from today on, within the next two years."))
        if data.get("leader_1") and data.get("leader_1") == data.get("leader_2"):
            self.add_error("leader_2", _("Choose somebody else, or nobody."))
        return data

    @property
    def search(self) -> Search:
        """What to look for."""
        data = self.cleaned_data
        names = ("site", "minutes", "count", "earliest_day", "earliest_time", "latest_time", "weekdays")
        return Search(leaders=self.leaders, weeks=data["cadence"], **{name: data[name] for name in names})


class PeriodForm(forms.Form):
    """Sessions from one day to another, of a site and a leader; without days the usual ones."""

    first = DateField(label=_("From"), required=False)
    last = DateField(label=_("To"), required=False)

    def __init__(self, data: Any, *, first: date, last: date, sites: Sequence[Site], leaders: Sequence[User]) -> None:
        shown = {"first": f"{first:%m/%d/%Y}", "last": f"{last:%m/%d/%Y}"}
        super().__init__({**shown, **{name: value for name, value in data.items() if value}})
        self._usual = {"first": first, "last": last}
        for name, label, everything, rows in (
            ("site", _("Site"), _("All sites"), sites),
            ("leader", _("Leader"), _("All leaders"), leaders),
        ):
            if len(rows) > 1:
                self.fields[name] = _one_of(rows, label=label, everything=everything)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, last = data.get("first"), data.get("last")
        if first and last and not timedelta() <= last - first <= _LONGEST_PERIOD:
            self.add_error("last", _("Choose a last day that is not before the first, and at most a year after it."))
        return data

    @property
    def period(self) -> Period:
        """The sessions asked for."""
        data = self.cleaned_data
        return Period(data["first"], data["last"], data.get("site"), data.get("leader"))

    def shown_fields(self) -> list[forms.BoundField]:
        """All controls, for a template."""
        return list(self.visible_fields())


def _one_of(
    rows: Sequence[Any], *, label: Any, everything: Any, named: Callable[[Any], str] = str
) -> forms.TypedChoiceField:
    """Return a select over ``rows`` that asks the database nothing to understand an answer."""
    by_key = {str(row.pk): row for row in rows}
    choices = [("", everything), *((key, named(row)) for key, row in by_key.items())]
    return forms.TypedChoiceField(label=label, required=False, choices=choices, coerce=by_key.get, empty_value=None)


class FilterForm(forms.Form):
    """Which days of what; what is not understood narrows nothing. Nothing is asked of the database to understand it."""

    day = forms.DateField(required=False, input_formats=["%Y-%m-%d"], widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any,
        *,
        sites: Sequence[Site],
        rooms: Sequence[Room],
        leaders: Sequence[User],
        groups: Sequence[Group],
    ) -> None:
        super().__init__(data)
        named_room = _site_and_name if len(sites) > 1 else str
        for name, label, everything, rows, named in (
            ("site", _("Site"), _("All sites"), sites, str),
            ("room", _("Room"), _("All rooms"), rooms, named_room),
            ("leader", _("Leader"), _("All leaders"), leaders, str),
            ("group", _("Group"), _("All groups"), groups, str),
        ):
            if len(rows) > 1:
                self.fields[name] = _one_of(rows, label=label, everything=everything, named=named)

    @property
    def narrowed(self) -> Narrowed:
        """What was asked for; needs ``full_clean`` before."""
        names = ("site", "room", "leader", "group")
        return Narrowed(**{name: self.cleaned_data.get(name) for name in names})

    def shown_fields(self) -> list[forms.BoundField]:
        """The selects, for a template."""
        return [field for field in self.visible_fields() if isinstance(field.field, forms.TypedChoiceField)]


def _site_and_name(room: Room) -> str:
    return f"{room.site}: {room}"
