"""Why a verb about psychotherapy notes may be refused."""

from django.utils.translation import gettext as _

from common.errors import RuleBroken
from process_notes.models import ProcessNote


class StaleProcessNote(RuleBroken):
    """The author saved other words since this page was made, in another window; ``stored`` is what they are."""

    def __init__(self, *, stored: ProcessNote) -> None:
        self.stored = stored
        super().__init__(
            _("You saved other words in another window. Nothing is lost: both are below. Choose, or save again.")
        )


class NoSuchSeat(RuleBroken):
    """One of the two is not in this session's circle."""

    def __init__(self) -> None:
        super().__init__(_("Choose who spoke and to whom, among the people of this session."))


class SameSeat(RuleBroken):
    """Nobody's words to themselves are recorded."""

    def __init__(self) -> None:
        super().__init__(_("Choose two different people, or the whole group."))


class NothingToShare(RuleBroken):
    """There is neither a note nor a map."""

    def __init__(self) -> None:
        super().__init__(_("There is nothing to share yet. Write your notes first."))


class NotAReader(RuleBroken):
    """Psychotherapy notes are shared for supervised training alone, so with nobody but the author's supervisor."""

    def __init__(self) -> None:
        super().__init__(_("Choose somebody who supervises you."))
