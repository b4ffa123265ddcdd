"""What the services of this room refuse, each as a sentence that says what to do."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.dateformat import format as date_text
from django.utils.translation import gettext as _

from common.clock import local
from common.errors import RuleBroken
from practice.models import Room, User
from sessions_log.models import GroupNote, MemberNote, Session
from sessions_log.series import Slot

if TYPE_CHECKING:
    from sessions_log.signing import Missing


class AlreadyScheduled(RuleBroken):
    """The group has its sessions; a series is scheduled once."""

    def __init__(self) -> None:
        super().__init__(_("The sessions of this group are scheduled already. Move or cancel single ones."))


class RoomTaken(RuleBroken):
    """Another session is in the room at that time."""

    def __init__(self, *, room: Room, slot: Slot, zone: str, other: str) -> None:
        """``other`` names the session in the way, as far as the person asking may know it."""
        self.day: date = slot.day
        super().__init__(
            _("%(room)s is taken on %(when)s by %(other)s. Choose another room or another time.")
            % {"room": room.name, "when": _when(slot, zone), "other": other}
        )


class LeaderTaken(RuleBroken):
    """A leader leads another session at that time."""

    def __init__(self, *, leader: User, slot: Slot, zone: str, other: str) -> None:
        """``other`` names the session in the way, as far as the person asking may know it."""
        self.day: date = slot.day
        super().__init__(
            _("%(leader)s leads %(other)s on %(when)s. Choose another time or another leader.")
            % {"leader": leader.name, "when": _when(slot, zone), "other": other}
        )


def _when(slot: Slot, zone: str) -> str:
    return _("%(day)s at %(time)s") % {
        "day": date_text(slot.day, "l, F j"),
        "time": date_text(local(slot.starts_at, zone), "g:i A"),
    }


class AlreadyStarted(RuleBroken):
    """The session lies in the past, or would."""

    def __init__(self) -> None:
        super().__init__(_("Only coming sessions can be changed. Choose a time that is still to come."))


class AlreadyCancelled(RuleBroken):
    """The session does not take place."""

    def __init__(self) -> None:
        super().__init__(_("This session is cancelled."))


class AlreadyDocumented(RuleBroken):
    """Something was recorded about the session, so it took place."""

    def __init__(self) -> None:
        super().__init__(_("Attendance or notes were recorded, so this session took place and cannot be cancelled."))


class SiteClosed(RuleBroken):
    """The site has a day off."""

    def __init__(self, *, day: date, reason: str) -> None:
        super().__init__(
            _("The site is closed on %(day)s: %(reason)s. Choose another day.")
            % {"day": date_text(day, "l, F j"), "reason": reason}
        )


class RoomElsewhere(RuleBroken):
    """The room is not at the group's site, or there is none for a session that needs one."""

    def __init__(self) -> None:
        super().__init__(_("Choose a room at the site of the group."))


class TooEarly(RuleBroken):
    """Attendance and notes are for sessions that are about to start, or did."""

    def __init__(self, *, session: Session) -> None:
        super().__init__(
            _("You can document this session from 30 minutes before its start, %(time)s, on.")
            % {"time": date_text(local(session.starts_at, session.zone), "l, F j, g:i A")}
        )


class NotOnRoster(RuleBroken):
    """The person is no member of the group on the day of the session."""

    def __init__(self) -> None:
        super().__init__(_("This person is not a member of the group on the day of the session. Reload the page."))


class AlreadySigned(RuleBroken):
    """The session's notes are signed, so its record is locked."""

    def __init__(self) -> None:
        super().__init__(_("The notes of this session are signed and cannot be changed."))


class StaleNote(RuleBroken):
    """Somebody saved another text since the writer opened the page; nothing of theirs was written.

    ``group_note`` and ``member_notes`` (by membership) are what is stored now, for exactly the notes in conflict.
    """

    def __init__(self, *, group_note: GroupNote | None, member_notes: Mapping[UUID, MemberNote]) -> None:
        self.group_note = group_note
        self.member_notes = member_notes
        super().__init__(
            _(
                "Somebody else changed the same note meanwhile. Nothing is lost: both texts are below. "
                "Save the one to keep."
            )
        )


class NotReadyToSign(RuleBroken):
    """Something is missing; ``missing`` says what."""

    def __init__(self, missing: "Sequence[Missing]") -> None:
        self.missing = missing
        super().__init__(_("Before you sign: %(missing)s") % {"missing": " ".join(str(item) for item in missing)})
