"""The rule by which a group's sessions are made, as the group's row and the practice's tables say it."""

from datetime import date, timedelta

from django.db.models import Max
from django.db.models.functions import Coalesce

from common.clock import local, today_in
from groups_app.models import Group
from practice.models import Closure, Practice
from sessions_log.series import DaysOff, Rule


def rule_of(group: Group) -> Rule:
    """Return when ``group`` meets from now on."""
    return Rule(group.rhythm_from, group.start_time, group.minutes, group.cadence, group.site.zone)


def days_off(group: Group, first: date) -> DaysOff:
    """Return the days off at the site of ``group`` that are not over on ``first``."""
    closures = Closure.objects.at_site(group.site_id).filter(last_day__gte=first)
    return list(closures.values_list("first_day", "last_day"))


def last_planned_day(group: Group) -> date:
    """Return the day of the last session that the group's rule made; moved, it stands for the day it was planned on.

    Before there is any: the day before the rule begins.
    """
    made = group.sessions.filter(is_extra=False).aggregate(last=Max(Coalesce("moved_from", "starts_at")))["last"]
    return local(made, group.site.zone).date() if made else group.rhythm_from - timedelta(days=1)


def horizon(group: Group) -> date:
    """Return the last day to schedule: the policy's weeks from today, or from the first session if that is later."""
    weeks = Practice.objects.current().policy.horizon_weeks
    return max(today_in(group.site.zone), group.first_day) + timedelta(weeks=weeks)
