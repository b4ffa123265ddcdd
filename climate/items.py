"""The four questions, written for this product and taken from no instrument (R39). Answers go from 1 to 5."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Item:
    """One question: what a member reads, and its short name for leaders. ``code`` is a column's name."""

    code: str
    sentence: Promise
    short: Promise


ITEMS = (
    Item("speak", _("I could say what was on my mind."), _("Could speak")),
    Item("belong", _("I felt that I have a place here."), _("Had a place")),
    Item("honest", _("We were honest with each other."), _("Honest together")),
    Item("carry", _("I take something from today with me."), _("Took something along")),
)
LOWEST, HIGHEST = 1, 5
ANSWERS = (
    (1, _("Not at all")),
    (2, _("A little")),
    (3, _("Partly")),
    (4, _("Mostly")),
    (5, _("Fully")),
)
FEWEST_ANSWERS = 5  # below, an average would say too much about a few (R39)
# An average at either end would tell everybody's answer: all said 1. So it is not told nearer to the end than this.
LOWEST_SHOWN, HIGHEST_SHOWN = 1.5, 4.5
