"""The copy of a record that its client may have: signed notes, attendance, agreements, goals (R44).

Psychotherapy notes are in a room that this one may not import; drafts, group notes and other people are not in it.
"""

import json
import zipfile
from collections import defaultdict
from datetime import date
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _

from common.acting import SYSTEM, acting_as
from common.clock import today_in
from common.pdf import TEMPLATES, render
from common.templatetags.kith import full_date
from groups_app.models import GoalRating, MemberGoal, Signature
from members.models import Client
from practice.models import Practice
from records.disclosures import PART_2_NOTICE, is_part_2
from sessions_log.formats import labeled
from sessions_log.models import Addendum, Attendance, MemberNote

Part = dict[str, Any]


def copy_of_record(client: Client) -> bytes:
    """Return the copy as a ZIP of ``record.json``, for programs, and ``record.pdf``, for people.

    Rows of notes are hidden from the client, so the program gathers them. Who may have the copy, the view has asked.
    """
    with acting_as(SYSTEM):
        data = _gathered(client)
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("record.json", json.dumps(data, ensure_ascii=False, indent=2))
        archive.writestr("record.pdf", render(TEMPLATES / "member_record.typ", _on_paper(data)))
    return packed.getvalue()


def _gathered(client: Client) -> Part:
    practice = Practice.objects.current()
    return {
        "practice": practice.name,
        "made_on": today_in(client.site.zone).isoformat(),
        "notice": PART_2_NOTICE if is_part_2(client) else "",
        "person": {
            "name": client.name,
            "legal_name": f"{client.first_name} {client.last_name}",
            "born": client.birth_date.isoformat(),
            "email": client.email,
            "mobile": client.mobile,
            "record_number": client.record_number,
        },
        "sessions": _sessions(client),
        "agreements": _agreements(client),
        "goals": _goals(client),
    }


def _sessions(client: Client) -> list[Part]:
    of_client = {"membership__client": client}
    sessions: dict[Any, Part] = {}

    def part_of(session: Any) -> Part:
        empty = {"group": session.group.name, "number": session.number, "day": session.local_day.isoformat()}
        return sessions.setdefault(session.pk, empty | {"attendance": "", "note": [], "signed_by": "", "added": []})

    for came in Attendance.objects.filter(**of_client).select_related("session__group"):
        part_of(came.session)["attendance"] = str(came.get_status_display())
    signed = MemberNote.objects.signed().filter(**of_client).select_related("session__group", "signed_by")
    for note in signed:
        part = part_of(note.session)
        part["note"] = [{"part": label, "words": words} for label, words in labeled(note)]
        part["signed_by"], part["signed_at"] = note.signed_by.name, note.signed_at.isoformat()
    for added in Addendum.objects.filter(**of_client).select_related("session__group", "author"):
        words = {"words": added.text, "by": added.author.name, "at": added.written_at.isoformat()}
        part_of(added.session)["added"].append(words)
    return sorted(sessions.values(), key=lambda part: (part["day"], part["group"]))


def _agreements(client: Client) -> list[Part]:
    signatures = Signature.objects.filter(membership__client=client).select_related("membership__group")
    return [
        {
            "group": signature.membership.group.name,
            "text": signature.text,
            "signed_as": signature.typed_name,
            "signed_at": signature.signed_at.isoformat(),
            "withdrawn_at": signature.withdrawn_at.isoformat() if signature.withdrawn_at else None,
            "reference": signature.reference,
        }
        for signature in signatures.order_by("signed_at")
    ]


def _goals(client: Client) -> list[Part]:
    goals = list(MemberGoal.objects.filter(membership__client=client).select_related("catalogue", "membership"))
    ratings: dict[Any, list[Part]] = defaultdict(list)
    for rating in GoalRating.objects.filter(goal__in=goals).order_by("day"):
        ratings[rating.goal_id].append({"day": rating.day.isoformat(), "side": rating.side, "score": rating.score})
    return [{"goal": goal.title, "ratings": ratings[goal.pk]} for goal in goals]


def _on_paper(data: Part) -> Part:
    """The same for the paper: labels and words in the order in which they are read."""
    return {
        "practice": data["practice"],
        "title": _("Copy of the record"),
        "name": data["person"]["name"],
        "note": data["notice"] or _("Confidential"),
        "facts": [
            [_("Name"), data["person"]["legal_name"]],
            [_("Born"), _day(data["person"]["born"])],
            [_("Record number"), data["person"]["record_number"]],
            [_("Copy made on"), _day(data["made_on"])],
        ],
        "headings": {"sessions": _("Sessions"), "agreements": _("Agreements"), "goals": _("Goals")},
        "sessions": [
            {
                "title": f"{_day(part['day'])}, {part['group']}",
                "came": part["attendance"],
                "parts": [
                    *([each["part"], each["words"]] for each in part["note"]),
                    *([_("Added by %(name)s") % {"name": each["by"]}, each["words"]] for each in part["added"]),
                    [_("Signed by"), part["signed_by"]],
                ],
            }
            for part in data["sessions"]
        ],
        "agreements": [
            {
                "title": part["group"],
                "signed": _("Signed as %(name)s, reference %(reference)s")
                % {"name": part["signed_as"], "reference": part["reference"]},
                "text": part["text"],
            }
            for part in data["agreements"]
        ],
        "goals": [
            [goal["goal"], ", ".join(f"{_day(each['day'])}: {each['score']}/10" for each in goal["ratings"]) or "–"]
            for goal in data["goals"]
        ],
    }


def _day(text: str) -> str:
    return str(full_date(date.fromisoformat(text)))
