"""What the trail's actions are called on pages. The trail stores the action, so its words may be mended later."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

_WORDS = {
    "account.factor_added": _("Set up a second step for signing in"),
    "account.factor_changed": _("Changed a second step for signing in"),
    "account.password_changed": _("Changed a password"),
    "account.sign_in_failed": _("Failed to sign in"),
    "account.signed_in": _("Signed in"),
    "account.signed_out": _("Signed out"),
    "agreement.copy_read": _("Downloaded a signed agreement"),
    "agreement.paper_recorded": _("Recorded an agreement signed on paper"),
    "agreement.published": _("Published a version of an agreement"),
    "agreement.scan_read": _("Downloaded the scan of a signed agreement"),
    "agreement.signature_withdrawn": _("Withdrew a signature"),
    "agreement.signed": _("Signed an agreement"),
    "agreement.template_changed": _("Changed the agreement of new groups"),
    "client.changed": _("Changed the client record"),
    "client.contact_read": _("Opened how the client is reached"),
    "client.read": _("Opened the client record"),
    "client.trail_read": _("Looked at who was at the record"),
    "group.read": _("Opened a page of the group"),
    "intake.read": _("Opened the intake"),
    "intake.written": _("Wrote the intake"),
    "session.documented": _("Wrote attendance or notes"),
    "session.read": _("Opened a session’s attendance and notes"),
    "waiting.exported": _("Took a copy of the waiting list"),
    "group.called_off": _("Called a group off"),
    "group.cover_changed": _("Changed who covers a group"),
    "group.door_closed": _("Closed the door of a group"),
    "group.door_opened": _("Opened the door of a group"),
    "group.ended": _("Ended a group"),
    "group.ending": _("Began the ending of a group"),
    "group.forming": _("Let a group form"),
    "group.leaders_changed": _("Changed the leaders of a group"),
    "group.running": _("Started a group"),
    "group.step_taken_back": _("Took a step of a group back"),
    "membership.accepted": _("Gave a client a place in a group"),
    "membership.active": _("Became a member of a group"),
    "membership.declined": _("Declined a client for a group"),
    "membership.invited": _("Invited a client into a group"),
    "membership.leaving": _("Recorded that a member will leave"),
    "membership.left": _("Ended a membership"),
    "membership.preparing": _("Began to prepare for a group"),
    "membership.withdrawn": _("Took back a proposal or a place"),
    "series.changed": _("Changed the sessions of a group"),
    "series.scheduled": _("Scheduled the sessions of a group"),
    "series.taken_days_skipped": _("Let a series go on after days that are taken"),
    "session.added": _("Added a session"),
    "session.canceled": _("Canceled a session"),
    "session.leader_replaced": _("Changed who stands in for a leader"),
    "session.moved": _("Moved a session"),
    "session.moved_out": _("Moved a session out of closed days"),
    "session.sheet_read": _("Opened the session sheet"),
    "session.sheets_exported": _("Downloaded session sheets"),
    "session.restored": _("Put a canceled session back"),
    "session.resynced": _("Moved a session with the time zone data"),
    "key.destroyed": _("Destroyed an encryption key"),
    "interaction_map.begun": _("Began an interaction map"),
    "note.names_confirmed": _("Said that names in a note are somebody else’s"),
    "process_note.begun": _("Began a process note"),
    "process_note.read": _("Read a process note a colleague shares"),
    "process_note.share_ended": _("Ended sharing a process note"),
    "process_note.shared": _("Shared a process note for supervised training"),
    "screening.approved": _("Approved somebody by screening"),
    "screening.asked": _("Asked a therapist to screen"),
    "screening.read": _("Opened a screening"),
    "screening.unsuitable": _("Decided by screening: not suitable"),
    "screening.wait": _("Decided by screening: wait"),
    "refused.get": _("Was refused a page"),
    "refused.post": _("Was refused a change"),
    "text.unreadable": _("Met a text that cannot be read"),
}


def words_for(action: str) -> str:
    """Return ``action`` in words; one that has none yet is shown as it is written: "group.door_opened" as such."""
    known = _WORDS.get(action)
    if known:
        return str(known)
    room, _dot, what = action.partition(".")
    return gettext("%(room)s: %(what)s") % {"room": room.capitalize(), "what": what.replace("_", " ")}
