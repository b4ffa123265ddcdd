"""What is to be done for a group, as a task list: conditions of the next step, or what its members need (R1, R29)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.dateformat import format as date_text
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from groups_app.models import Group, GroupState, Membership
from groups_app.services.conditions import Condition
from home.reads.group.grid import Row
from home.reads.group.read import Done
from home.reads.words import joined
from practice.models import Policy
from sessions_log.models import Session
from sessions_log.staying_away import Absences

STEP_NAMES = {
    GroupState.FORMING: gettext_lazy("Start forming"),
    GroupState.RUNNING: gettext_lazy("Start the group"),
    GroupState.ENDING: gettext_lazy("Begin the ending"),
    GroupState.ENDED: gettext_lazy("End the group"),
}


@dataclass(frozen=True)
class Lost:
    """A member who stays away, and when somebody asked after them lately, if anybody did."""

    row: Row
    absences: Absences
    asked: Done | None


@dataclass(frozen=True)
class Task:
    """One line of the list; ``state`` as the component wants it, ``check`` the address that checks or unchecks it."""

    title: str
    note: str
    state: str
    url: str = ""
    check: str = ""

    @property
    def is_done(self) -> bool:
        """Whether nothing remains to be done here."""
        return self.state == "done"


def before_the_start(group: Group, conditions: Sequence[Condition], *, may_step: bool) -> list[Task]:
    """Return the conditions of the start, and the start itself: todo once all are met (R23, R25, R26)."""
    urls = {
        "leaders": reverse("groups_app:edit", args=[group.pk]),
        "series": reverse("sessions_log:calendar"),
        "places": "#members",
        "proposals": "#members",
        "meetings": "#members",
        "agreements": "#members",
    }
    tasks = [
        Task(one.title, one.note, one.state, urls.get(one.key, "") if one.state == "todo" else "") for one in conditions
    ]
    open_ones = [one for one in conditions if not one.is_met]
    if not open_ones:
        note = date_text(group.first_day, "l, F j")
    else:
        note = ngettext("After what is open above", "After the %(many)d open lines above", len(open_ones)) % {
            "many": len(open_ones)
        }
    is_planned = group.state == GroupState.PLANNED
    step = reverse("groups_app:change_state", args=[group.pk]) if may_step else ""
    if is_planned:
        tasks.insert(0, Task(_("Start forming"), _("Then people can be asked and prepared"), "todo", step))
    return [*tasks, Task(_("Start the group"), note, "later" if open_ones or is_planned else "todo", step)]


def while_running(
    group: Group,
    *,
    policy: Policy,
    seated: Sequence[Membership],
    lost: Sequence[Lost],
    may_ask: bool,
    remaining: int | None,
    version: int | None,
    may_step: bool,
) -> list[Task]:
    """Return what a running group needs now: people to ask after, signatures, the ending in good time."""
    tasks = [_ask_after(one, may_ask=may_ask) for one in lost]
    signed = sum(membership.agreement_signed for membership in seated)
    if seated and version:
        note = _("%(done)d of %(all)d members") % {"done": signed, "all": len(seated)}
        title = _("Version %(number)d of the agreement signed") % {"number": version}
        tasks.append(Task(title, note, "done" if signed == len(seated) else "todo", "#members"))
    return [*tasks, _begin_ending(group, policy, remaining, may_step=may_step)]


def while_ending(group: Group, items: Sequence[Any], *, remaining: int | None, may_step: bool) -> list[Task]:
    """Return the ending's checklist and the last step (R29)."""
    tasks = [_ending_task(group, item, may_check=may_step) for item in items]
    open_ones = sum(task.state != "done" for task in tasks)
    step = reverse("groups_app:change_state", args=[group.pk]) if may_step else ""
    if remaining:
        note = ngettext("%(left)d session is still to come", "%(left)d sessions are still to come", remaining)
        return [*tasks, Task(_("End the group"), note % {"left": remaining}, "later")]
    note = _("Every session is over")
    if open_ones:
        note = ngettext("%(many)d line above is open", "%(many)d lines above are open", open_ones) % {"many": open_ones}
    return [*tasks, Task(_("End the group"), note, "todo", step)]


def _ask_after(lost: Lost, *, may_ask: bool) -> Task:
    membership = lost.row.membership
    url = reverse("sessions_log:ask_after", args=[membership.pk]) if may_ask else ""
    if lost.asked is None:
        return Task(_("Ask after %(name)s") % {"name": lost.row.name}, str(lost.absences), "todo", url)
    day = date_text(lost.asked.day, "F j")
    note = joined(str(lost.absences), _("%(name)s, %(day)s") % {"name": lost.asked.by, "day": day})
    return Task(_("Asked after %(name)s") % {"name": lost.row.name}, note, "done", url)


def _begin_ending(group: Group, policy: Policy, remaining: int | None, *, may_step: bool) -> Task:
    title = _("Begin the ending")
    step = reverse("groups_app:change_state", args=[group.pk]) if may_step else ""
    if remaining is None:
        return Task(title, _("When the leaders decide: the group is ongoing"), "later")
    if remaining > policy.ending_prompt_sessions:
        note = _("When %(count)d sessions are left; now %(left)d") % {
            "count": policy.ending_prompt_sessions,
            "left": remaining,
        }
        return Task(title, note, "later")
    note = ngettext("%(left)d session left", "%(left)d sessions left", remaining) % {"left": remaining}
    return Task(title, note, "todo", step)


def _ending_task(group: Group, item: Any, *, may_check: bool) -> Task:
    address = reverse("groups_app:ending_check", args=[group.pk, item.pk]) if may_check else ""
    if not item.done:
        return Task(item.title, item.help_text, "todo", check=address)
    note = _("%(name)s, %(day)s") % {"name": item.done.by, "day": date_text(item.done.day, "F j")}
    return Task(item.title, note, "done", check=address)


def sessions_left(group: Group, sessions: Sequence[Session], coming: Sequence[Session]) -> int | None:
    """Return how many sessions a time-limited group still has; ``None`` for an ongoing one.

    The grid of a long group may end before the last session; numbers tell the rest.
    """
    if group.session_count is None:
        return None
    shown = sum(not session.is_cancelled for session in coming)
    last = sessions[-1].number if sessions else 0
    return shown + max(0, group.session_count - last)
