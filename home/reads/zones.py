"""Whose calendar a person's front page follows."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Self
from uuid import UUID

from common.clock import local
from practice.models import Site, User


@dataclass(frozen=True)
class Desk:
    """The site a person works from, its zone, and the day it is there. Without any site the clock is UTC's."""

    site_id: UUID | None
    site_name: str
    zone: str
    today: date

    @classmethod
    def of(cls, user: User, *, at: datetime) -> Self:
        """Return the desk of ``user`` at the moment ``at``: the home site, else the practice's first."""
        site = user.home_site or Site.objects.order_by("name").first()
        zone = site.zone if site else "UTC"
        return cls(
            site_id=user.home_site_id,
            site_name=site.name if site else "",
            zone=zone,
            today=local(at, zone).date(),
        )
