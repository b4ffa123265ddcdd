"""What the shell around every page needs; it asks the database nothing."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from math import ceil

from django.conf import settings
from django.http import HttpRequest

from common.clock import now
from common.navigation import Entry, entries_for


@dataclass(frozen=True)
class OpenRecord:
    """A record open in an emergency: the key of the access, until when, and whose clock says it."""

    pk: str
    until: datetime
    zone: str

    @property
    def minutes_left(self) -> int:
        """Minutes until it closes by itself, the begun one included."""
        return ceil(self.seconds_left / 60)

    @property
    def seconds_left(self) -> int:
        """Seconds until it closes by itself; 0 when it is over."""
        return max(0, ceil((self.until - now()).total_seconds()))


class Shell:
    """The frame of one page. Everything is worked out when a template asks for it."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def roles(self) -> list[str]:
        """The roles of the person at the screen; none before sign-in."""
        user = getattr(self._request, "user", None)
        return list(getattr(user, "roles", ())) if user is not None and user.is_authenticated else []

    @property
    def layout(self) -> str:
        """The frame that fits the person: for pages that staff and members share."""
        if not self.roles:
            return "layout/account.html"
        return "layout/member.html" if "member" in self.roles else "layout/page.html"

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """The places this person may go to."""
        return entries_for(self.roles)

    @property
    def seconds_left(self) -> int:
        """Seconds until this screen locks unless somebody uses it; the log-off middleware knows."""
        return int(getattr(self._request, "seconds_left", 0))

    @cached_property
    def emergency(self) -> "OpenRecord | None":
        """The record that this person has open in an emergency (R41); the browser's session knows until when."""
        session = getattr(self._request, "session", None)
        if not self.roles or session is None or "emergency" not in session:
            return None
        key, until, zone = session["emergency"]
        opened = OpenRecord(key, datetime.fromisoformat(until), zone)
        return opened if opened.seconds_left else None

    @property
    def can_search(self) -> bool:
        """Whether the search across clients and groups is for this person; an administrator sees neither (R43)."""
        return bool(self.roles and self._request.user.has_perm("home.search"))

    @property
    def is_demo(self) -> bool:
        """Whether the people shown are invented."""
        return bool(settings.DEMO)

    @property
    def is_mfa_off(self) -> bool:
        """Whether staff may work without a second step, which every page of theirs says."""
        return bool(self.roles) and "member" not in self.roles and not settings.REQUIRE_STAFF_MFA


def shell(request: HttpRequest) -> dict[str, Shell]:
    """Put ``shell`` into every template."""
    return {"shell": Shell(request)}
