"""What the services of this room refuse, each as a sentence that says what to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Self
from uuid import UUID

from django.utils.dateformat import format as date_text
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

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


@dataclass(frozen=True)
class Clash:
    """What is in the way of one session: its room or one of its leaders is elsewhere at that time.

    ``other`` is the name of the group in the way, empty for those who may not know it (R43).
    """

    slot: Slot
    zone: str
    other: str = ""
    room: Room | None = None
    leader: User | None = None

    @classmethod
    def unnamed(cls, slot: Slot, zone: str) -> Self:
        """Return a clash of which nothing more is known."""
        return cls(slot, zone)

    @property
    def when(self) -> str:
        """The day and time, as clocks at the site show it."""
        return _when(self.slot, self.zone)

    def __str__(self) -> str:
        """The sentence: who or what is where."""
        words = {"when": self.when, "other": self.other or _("another session")}
        if self.leader:
            words["leader"] = self.leader.name
            return _("%(leader)s leads %(other)s on %(when)s.") % words
        if self.room:
            words["room"] = self.room.name
            return _("%(room)s is taken on %(when)s by %(other)s.") % words
        return _("The room or a leader was just taken on %(when)s.") % words


class Taken(RuleBroken):
    """A room or a leader is in another session at that time. ``clashes`` names every one."""

    advice: Promise

    def __init__(self, clashes: Sequence[Clash]) -> None:
        self.clashes = clashes
        super().__init__(f"{clashes[0]} {self.advice}")

    @property
    def day(self) -> date:
        """The first day on which something is in the way."""
        return self.clashes[0].slot.day

    @property
    def sentences(self) -> list[str]:
        """Each clash, and last what to do."""
        if len(self.clashes) == 1:
            return [self.sentence]
        return [*(str(clash) for clash in self.clashes), str(self.advice)]


class RoomTaken(Taken):
    """Another session is in the room at that time."""

    advice = gettext_lazy("Choose another room or another time.")


class LeaderTaken(Taken):
    """A leader leads another session at that time."""

    advice = gettext_lazy("Choose another time or another leader.")


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
    """The room is not at the group's site."""

    def __init__(self) -> None:
        super().__init__(_("Choose a room at the site of the group."))


class NoLink(RuleBroken):
    """There is neither a room nor a link, so nobody could come."""

    def __init__(self) -> None:
        super().__init__(_("Choose a room, or give the link by which people join."))


class NotCancelled(RuleBroken):
    """The session takes place."""

    def __init__(self) -> None:
        super().__init__(_("This session takes place as planned."))


class NotClosed(RuleBroken):
    """The site is open on the day of the session."""

    def __init__(self) -> None:
        super().__init__(_("The site is open on that day. Move the session if it should be on another one."))


class GroupOver(RuleBroken):
    """The group has ended, or has as many sessions as there can be."""

    def __init__(self) -> None:
        super().__init__(_("This group takes no more sessions."))


class NotALeader(RuleBroken):
    """Somebody is to be replaced who does not lead, or by somebody who cannot."""


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


class NotSigned(RuleBroken):
    """Addenda and co-signatures belong to signed notes; a draft is simply changed."""

    def __init__(self) -> None:
        super().__init__(_("The notes of this session are not signed yet."))


class OwnSignature(RuleBroken):
    """Whoever signed cannot co-sign."""

    def __init__(self) -> None:
        super().__init__(_("You signed these notes yourself. A co-leader or a supervisor can co-sign them."))


class AlreadyCoSigned(RuleBroken):
    """The person co-signed before."""

    def __init__(self) -> None:
        super().__init__(_("You have co-signed these notes already."))


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


class SeriesIncomplete(RuleBroken):
    """A group starts with its sessions in the calendar, none of them on a day off (R32)."""


class NoSessionBefore(RuleBroken):
    """The door of a running group opens after a session in which it can be talked about (R28)."""

    def __init__(self, following: date | None) -> None:
        """``following`` is the day of the next session, if there is one."""
        if following is None:
            sentence = _("No session is to come in which it could be talked about. Schedule one first.")
        else:
            sentence = _("The group has to meet once before. Announce a day after %(day)s.") % {
                "day": date_text(following, "l, F j")
            }
        super().__init__(sentence)


class AskedInFuture(RuleBroken):
    """Nobody has asked after a member on a day that is still to come."""
