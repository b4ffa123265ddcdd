"""When a reminder goes out: the policy's leads, moved into the hours in which people may be written to (R48)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from common.clock import local, moment

SHORTEST_NOTICE = timedelta(minutes=30)  # nobody is reminded of a session that begins sooner
# Nothing is planned for the last minutes of the day, so that a queue that is a little late still keeps the hours.
SLACK = timedelta(minutes=15)


@dataclass(frozen=True)
class Hours:
    """The part of a day in which a message may arrive, as clocks in the recipient's zone show it."""

    opens: time
    closes: time

    def contain(self, at: datetime, zone: str) -> bool:
        """Whether a message may arrive at the moment ``at``."""
        return self.opens <= local(at, zone).time() < self.closes

    def next_opening(self, at: datetime, zone: str) -> datetime:
        """Return the first moment after ``at`` at which the hours begin."""
        wall = local(at, zone)
        day = wall.date() if wall.time() < self.opens else wall.date() + timedelta(days=1)
        return moment(day, self.opens, zone)

    def place(self, wanted: datetime, *, zone: str, before: datetime) -> datetime:
        """Return ``wanted``, or the moment it moves to if it lies outside the hours.

        It moves to the next morning or, where that would be after ``before``, to the evening before: earlier than
        wanted rather than too late.
        """
        wall = local(wanted, zone)
        if self.opens <= wall.time() <= self._latest:
            return wanted
        morning = self.next_opening(wanted, zone)
        if morning <= before:
            return morning
        evening = wall.date() if wall.time() > self._latest else wall.date() - timedelta(days=1)
        return moment(evening, self._latest, zone)

    @property
    def _latest(self) -> time:
        opens, closes = (datetime.combine(date(2000, 1, 1), wall) for wall in (self.opens, self.closes))
        return (closes - min(SLACK, (closes - opens) / 2)).time()


def plan(*, starts_at: datetime, zone: str, leads: Iterable[int], hours: Hours, at: datetime) -> dict[int, datetime]:
    """Return for each lead (hours before ``starts_at``) the moment at which its reminder is due.

    At the moment ``at`` some leads may be past already, because the session or the consent came late. Then only the
    most recent of them remains, due at once. Of leads that fall on the same moment only the shortest remains.
    """
    before = starts_at - SHORTEST_NOTICE
    due = {
        lead: hours.place(starts_at - timedelta(hours=lead), zone=zone, before=before) for lead in sorted(set(leads))
    }
    past = [lead for lead, moment_due in due.items() if moment_due <= at]
    for lead in past[1:]:
        del due[lead]
    if past:
        due[past[0]] = hours.place(at, zone=zone, before=before)
    shortest: dict[datetime, int] = {}
    for lead, moment_due in due.items():
        shortest.setdefault(moment_due, lead)
    return {lead: moment_due for moment_due, lead in shortest.items()}
