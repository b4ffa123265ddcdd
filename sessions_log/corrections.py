"""What was corrected about who came to a session: what was recorded before, by whom it was changed, and when (R33)."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.utils.dateformat import format as date_text
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from common.clock import local
from common.versions import REMOVED
from groups_app.models import Membership
from sessions_log.models import Attendance, AttendanceVersion, Session


@dataclass(frozen=True)
class Correction:
    """One change of one person's attendance; ``at`` is UTC, ``by`` is empty where the program acted."""

    was: str
    became: str
    by: str
    at: datetime
    zone: str

    @property
    def sentence(self) -> str:
        """Say it: "was Here, now Late — R. Osei, Nov 25, 2:40 PM"."""
        return _("was %(was)s, now %(became)s — %(who)s, %(when)s") % {
            "was": self.was,
            "became": self.became,
            "who": self.by or _("automatically"),
            "when": date_text(local(self.at, self.zone), _("M j, g:i A")),
        }


def came_in_words(row: Any) -> str:
    """Return how somebody came, by an attendance or an earlier version of it: "Late, 12 min missed"."""
    status, minutes = str(row.get_status_display()), row.minutes_missed
    return _("%(status)s, %(minutes)d min missed") % {"status": status, "minutes": minutes} if minutes else status


def corrections_of(session: Session, recorded: Mapping[UUID, Attendance]) -> dict[UUID, list[Correction]]:
    """Return the corrections by membership, the newest first, in one query. ``recorded`` is what holds now.

    A version is what was recorded until a change, so the next version, or what holds now, is what it became.
    """
    versions = AttendanceVersion.objects.filter(session=session)
    return _found(versions, recorded, key=attrgetter("membership_id"), zones={session.pk: session.zone})


def corrections_about(
    membership: Membership, sessions: Sequence[Session], recorded: Mapping[UUID, Attendance]
) -> dict[UUID, list[Correction]]:
    """Return the corrections about one member by session, as ``corrections_of`` does by membership, in one query."""
    versions = AttendanceVersion.objects.filter(membership=membership, session__in=sessions)
    zones = {session.pk: session.zone for session in sessions}
    return _found(versions, recorded, key=attrgetter("session_id"), zones=zones)


def _found(
    versions: Any, recorded: Mapping[UUID, Attendance], *, key: Callable[[Any], UUID], zones: Mapping[UUID, str]
) -> dict[UUID, list[Correction]]:
    nothing = pgettext("attendance", "not recorded")
    newer = {of: came_in_words(row) for of, row in recorded.items()}
    found: dict[UUID, list[Correction]] = defaultdict(list)
    for version in versions.select_related("changed_by").order_by("-pgh_id"):
        was, of = came_in_words(version), key(version)
        became = nothing if version.pgh_label == REMOVED else newer.get(of, nothing)
        newer[of] = was
        if was != became:
            by = version.changed_by.short_name if version.changed_by else ""
            found[of].append(Correction(was, became, by, version.pgh_created_at, zones[version.session_id]))
    return found
