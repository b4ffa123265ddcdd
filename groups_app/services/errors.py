"""Why a verb of groups says no. Each text is a sentence for the person at the screen and tells what to do."""

from common.errors import RuleBroken


class GroupFull(RuleBroken):
    """Every place of the group is taken (R3, R23)."""


class DoorShut(RuleBroken):
    """The group runs already, so nobody joins (R1)."""


class AlreadyProposed(RuleBroken):
    """The client is in the group, or proposed for it, already."""


class KeptApart(RuleBroken):
    """The client must not sit with somebody of this group; the sentence never says with whom (R22)."""


class WrongState(RuleBroken):
    """The group or the membership is not where the verb makes sense, often because somebody was faster."""


class TooFewMembers(RuleBroken):
    """A group cannot start below the practice's smallest size (R23)."""


class NotPrepared(RuleBroken):
    """A group starts when everybody with a place was met and has signed: later its door is shut (R25)."""


class NotSigned(RuleBroken):
    """A group starts when every agreement is signed (R26)."""


class ProposalsOpen(RuleBroken):
    """A group does not start, and its door does not close, on people who wait for an answer (R1)."""


class NotLicensed(RuleBroken):
    """A leader has no valid license for the state where the group meets (R4)."""


class StepStays(RuleBroken):
    """A step in a group's life on which something was built already is not taken back."""


class DoorOpenAlready(RuleBroken):
    """The door was opened before, and is open still (R28)."""


class DoorInUse(RuleBroken):
    """Somebody is on the way through the door, so it cannot close on them (R28)."""


class DayPast(RuleBroken):
    """A day that was announced, or a last day, lies in the past."""


class LeadersWrong(RuleBroken):
    """Leaders are missing, named twice, or not therapists (R4, R24)."""


class NameTaken(RuleBroken):
    """Another group has the name."""


class PlacesTaken(RuleBroken):
    """A group cannot have fewer places than are taken."""


class ReasonMissing(RuleBroken):
    """A place is given up, or a proposal declined, only with a reason."""


class MeetingInFuture(RuleBroken):
    """A pre-group meeting is recorded after it took place (R25)."""


class MeetingIncomplete(RuleBroken):
    """A pre-group meeting without goals, inventory or agreement is none (R25)."""


class EmailInUse(RuleBroken):
    """The client's address belongs to an account that is not theirs."""


class AgreementChanged(RuleBroken):
    """A newer version was published meanwhile (R26)."""


class AgreementUnchanged(RuleBroken):
    """The text is the one in force: publishing it again would ask everybody to sign for nothing."""


class NotMeant(RuleBroken):
    """A signature without a name, or without both boxes, is none (R47)."""


class ClausesMissing(RuleBroken):
    """Somebody signs before every clause is acknowledged (R5, R47)."""


class ClauseWrong(RuleBroken):
    """An agreement has no clause, or one that could not be told apart from the text around it."""


class GoalWrong(RuleBroken):
    """A goal without a word is none (R10)."""


class GoalsFull(RuleBroken):
    """A member has two or three goals, not more (R10)."""


class NotApproved(RuleBroken):
    """No therapist has approved the client for a group (R21)."""


class PaperInFuture(RuleBroken):
    """A sheet of paper is recorded after it was signed."""


class ScanWrong(RuleBroken):
    """A scan is too large, or no file of a kind that is kept."""


class CourseChanged(RuleBroken):
    """Somebody else saved another course meanwhile: neither text may go lost."""


class CourseWrong(RuleBroken):
    """The phases of a practice do not follow one another to the last session (R15)."""
