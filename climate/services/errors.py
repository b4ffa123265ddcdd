"""Why an answer may be refused."""

from django.utils.translation import gettext as _

from common.errors import RuleBroken


class NotOpen(RuleBroken):
    """The session is not over, or its check-in has closed."""

    def __init__(self, *, is_over: bool = True) -> None:
        super().__init__(
            _("This check-in has closed. Thank you for wanting to answer.")
            if is_over
            else _("You can answer once the session is over.")
        )


class AnsweredAlready(RuleBroken):
    """One answer a session."""

    def __init__(self) -> None:
        super().__init__(_("You have answered already. Thank you."))


class WasAway(RuleBroken):
    """Who was not there has nothing to say about the session."""

    def __init__(self) -> None:
        super().__init__(_("These questions are for those who were there."))
