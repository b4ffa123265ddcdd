"""The component page: every component in each state. Shown to staff while developing, unknown otherwise."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from common.flash import done
from common.forms import BirthDateField, Chips, Choices, DateField, MultipleChoices, Segments

ZONE = "America/New_York"
MORNING = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)  # 10:00 AM in New York
LENGTH = timedelta(minutes=90)

ATTENDANCE = (
    ("present", _("Here")),
    ("late", _("Late")),
    ("absent", _("Away")),
    ("left_early", _("Left early")),
    ("no_show", _("No-show")),
    ("walked_out", _("Walked out")),
)
MINUTES = (("60", _("60 minutes")), ("90", _("90 minutes")))
EVENINGS = (("mon", _("Mondays")), ("tue", _("Tuesdays")), ("thu", _("Thursdays")))
INTERVENTIONS = (
    ("feedback", _("Constructive feedback")),
    ("modelled", _("Modelled communication")),
    ("dynamics", _("Managed dynamics")),
    ("here_and_now", _("Here and now")),
)


class Specimen(forms.Form):
    """One field of every kind."""

    name = forms.CharField(label=_("Full name"), max_length=80)
    email = forms.EmailField(label=_("Email address"), help_text=_("We write here only about sessions."))
    born_on = BirthDateField(label=_("Date of birth"), help_text=_("For example month 3, day 27, year 1985."))
    starts_on = DateField(label=_("First session"), required=False)
    site = forms.ChoiceField(label=_("Site"), choices=(("", "—"), ("brooklyn", "Brooklyn"), ("austin", "Austin")))
    length = forms.ChoiceField(label=_("Length of a session"), choices=MINUTES, widget=Choices)
    evenings = forms.MultipleChoiceField(label=_("Free evenings"), choices=EVENINGS, widget=MultipleChoices)
    attendance = forms.ChoiceField(
        label=_("Attendance"),
        choices=ATTENDANCE,
        widget=Segments(warn={"late", "absent"}, rest={"left_early", "no_show"}),
    )
    interventions = forms.MultipleChoiceField(label=_("What we did"), choices=INTERVENTIONS, widget=Chips)
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    file = forms.FileField(label=_("Waiting list"), help_text=_("A CSV or XLSX file."), required=False)
    consent = forms.BooleanField(label=_("May be reached by text message"), help_text=_("STOP ends it at once."))


class RosterLine(forms.Form):
    """How one person came to a session."""

    status = forms.ChoiceField(
        choices=ATTENDANCE,
        widget=Segments(warn={"late", "absent"}, rest={"left_early", "no_show", "walked_out"}),
    )


@require_safe
def style(request: HttpRequest) -> HttpResponse:
    """Show the component page; raise ``Http404`` outside development and for anybody but staff."""
    if not settings.DEBUG or not request.user.is_authenticated or not request.user.is_staff_member:
        raise Http404
    _say_something(request)
    return render(request, "style/index.html", _context())


def _say_something(request: HttpRequest) -> None:
    done(request, gettext("Keiko Tanaka was proposed to Thursday evening."), undo_url=request.path)
    messages.warning(request, gettext("Two members have not signed the agreement yet."))
    messages.error(request, gettext("Room 2 is taken on Tuesday from 10:00 to 11:30 AM by Morning circle."))


def _context() -> dict[str, Any]:
    # The bound form's field ids differ from the fresh one's, so that a page may show both.
    faulty = Specimen({"wrong-name": "Imani", "wrong-born_on_month": "13"}, prefix="wrong")
    faulty.is_valid()
    statuses = ("present", "late", "absent", "walked_out")
    people = (
        ("Imani A.", _("Goal: say it when it hurts")),
        ("Jonas Z.", _("Goal: ask for something")),
        ("Victor B.", _("Said on Sunday he is away")),
        ("Keiko T.", _("Goal: take up space")),
    )
    return {
        "fresh": Specimen(initial={"length": "90", "attendance": "present", "interventions": ["feedback"]}),
        "faulty": faulty,
        "roster": [
            (name, note, RosterLine(prefix=f"line{number}", initial={"status": status}))
            for number, ((name, note), status) in enumerate(zip(people, statuses, strict=True))
        ],
        "zone": ZONE,
        "starts": MORNING,
        "ends": MORNING + LENGTH,
        "noon_ends": MORNING + 2 * LENGTH,
        "week": [MORNING + timedelta(days=day) for day in range(-1, 6)],
        "page_obj": Paginator(range(120), 25).page(2),
        "trail": [(_("Groups"), "#navigation"), (_("Tuesday morning circle"), "#navigation")],
        "seats": [range(1, 9)],
    }
