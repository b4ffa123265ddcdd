"""A session's signed record as data for paper."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.templatetags.kith import full_date, span, weekday_date
from sessions_log.sheet import Line, Sheet
from sessions_log.words import title_of, whereabouts_of

WORDS = {
    "group": gettext_lazy("The group"),
    "members": gettext_lazy("Each member"),
    "boundaries": gettext_lazy("Boundary events"),
    "signatures": gettext_lazy("Signatures"),
    "confidential": gettext_lazy("Confidential clinical record"),
}


def paper_of(sheet: Sheet, *, practice_name: str) -> dict[str, Any]:
    """Return what ``templates/pdf/session_record.typ`` prints: all that is recorded, both times of every signature."""
    session = sheet.session
    zone = session.zone
    day = f"{weekday_date(session.starts_at, zone)}, {session.local_day.year}"
    leaders = ", ".join(leader.user.name for leader in session.leaders.all())
    return {
        "practice": practice_name,
        "title": title_of(session),
        "group": session.group.name,
        "facts": [
            [_("Session"), f"{day}, {span(session.starts_at, session.ends_at, zone)}"],
            [_("Place"), whereabouts_of(session)],
            [_("Leaders"), leaders],
            [_("Phase"), sheet.phase],
            [_("Attendance"), sheet.counts],
        ],
        "group_parts": [[label, words] for label, words in sheet.group_parts]
        + [[label, ", ".join(words)] for label, words in sheet.group_codes],
        "group_addenda": _addenda(sheet.group_addenda, zone),
        "members": [_member(line, zone) for line in sheet.lines],
        "boundaries": [[name, str(event.get_kind_display()), event.words] for event, name in sheet.boundary_lines],
        "signatures": sheet.signatures,
        "words": {name: str(words) for name, words in WORDS.items()},
    }


def _member(line: Line, zone: str) -> dict[str, Any]:
    return {
        "name": line.name,
        "came": str(line.came),
        "parts": [[label, words] for label, words in line.parts],
        "absence": line.absence,
        "addenda": _addenda(line.addenda, zone),
    }


def _addenda(addenda: list[Any], zone: str) -> list[list[str]]:
    return [
        [
            _("Addendum by %(name)s, %(day)s")
            % {"name": addendum.author.name, "day": full_date(addendum.written_at, zone)},
            addendum.text,
        ]
        for addendum in addenda
    ]
