"""Phrases about sessions that several pages share."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from practice.models import User
from sessions_log.models import Session
from sessions_log.words import title_of

_NUMBERS = (
    gettext_lazy("No"),
    gettext_lazy("One"),
    gettext_lazy("Two"),
    gettext_lazy("Three"),
    gettext_lazy("Four"),
    gettext_lazy("Five"),
    gettext_lazy("Six"),
    gettext_lazy("Seven"),
    gettext_lazy("Eight"),
    gettext_lazy("Nine"),
)


def sessions_today(count: int) -> str:
    """Return "Three sessions today"; small numbers are words."""
    number = str(_NUMBERS[count]) if count < len(_NUMBERS) else str(count)
    return ngettext("%(number)s session today", "%(number)s sessions today", count) % {"number": number}


def numbering(session: Session) -> str:
    """Return "Session 7 of 14", or "Session 31 · Ongoing" for a group without a last session."""
    return joined(title_of(session), "" if session.group.session_count else _("Ongoing"))


def with_others(leaders: Iterable[User], user: User) -> str:
    """Return "with R. Osei": the leaders besides ``user``; empty without any."""
    names = [leader.short_name for leader in leaders if leader.pk != user.pk]
    return _("with %(names)s") % {"names": ", ".join(names)} if names else ""


def joined(*parts: str) -> str:
    """Join what is not empty with middle dots."""
    return " · ".join(part for part in parts if part)


def days_ago(days: int) -> str:
    """Return "today", "1 day" or "6 days", for "unsigned for …"."""
    return ngettext("%(days)d day", "%(days)d days", days) % {"days": days}
