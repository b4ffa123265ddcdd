"""The practice's own words for messages: kept only when they say nothing they must not (R43, R48)."""

from django.db import transaction
from django.utils.translation import gettext as _

from audit.services import record
from common.acting import SYSTEM, acting_as
from common.clock import now
from common.errors import RuleBroken
from groups_app.models import Group
from practice.models import Practice, User
from reminders.models import MessageText, Via
from reminders.texts.lint import objections
from reminders.texts.preview import fits


class WordsRefused(RuleBroken):
    """The text says something that no message may say, or lacks what it must say."""

    def __init__(self, reasons: list[str]) -> None:
        self.reasons = reasons
        super().__init__(_("This text cannot be used. %(reasons)s") % {"reasons": " ".join(reasons)})


@transaction.atomic
def save_words(*, kind: str, channel: str, heading: str, body: str, by: User) -> MessageText:
    """Use these words from now on for messages of ``kind`` through ``channel``. Raises ``WordsRefused``."""
    ensure_harmless(kind=kind, channel=channel, heading=heading, body=body)
    text, _is_new = MessageText.objects.update_or_create(
        kind=kind,
        channel=channel,
        defaults={"heading": heading, "body": body, "changed_by": by, "changed_at": now()},
    )
    record(action="message.text_changed", by=by, target=text)
    return text


def ensure_harmless(*, kind: str, channel: str, heading: str, body: str) -> None:
    """Raise ``WordsRefused`` when the text names a group or somebody who works here, or tells why people come.

    So does a text message whose end would be cut off.
    """
    with acting_as(SYSTEM):  # an administrator sees no group, and must not write its name all the same
        groups = list(Group.objects.values_list("name", flat=True))
    reasons = objections(
        kind=kind,
        channel=channel,
        heading=heading,
        body=body,
        groups=groups,
        staff=User.objects.staff().values_list("first_name", "last_name"),
    )
    if channel == Via.TEXT and not reasons and not fits(kind, practice=Practice.objects.get(), body=body):
        reasons = [_("This is too long: a text message has 160 signs for these words and how to stop.")]
    if reasons:
        raise WordsRefused(reasons)


@transaction.atomic
def reset_words(*, kind: str, channel: str, by: User) -> bool:
    """Go back to the words Kith comes with; return whether there were others."""
    is_reset = MessageText.objects.filter(kind=kind, channel=channel).delete()[0] > 0
    if is_reset:
        record(action="message.text_reset", by=by)
    return is_reset
