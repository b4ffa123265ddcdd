"""What must be so before a group takes a step: the one list that its page shows and its services refuse by (R1).

Nothing here writes. A page that has the rows builds the facts from them; a service reads them afresh under lock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.dateformat import format as date_text
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.clock import today_in
from common.errors import RuleBroken
from groups_app.models import OVER_STATES, Group, GroupLeader, GroupState, Membership, MembershipState
from groups_app.services.errors import NotLicensed, NotPrepared, NotSigned, ProposalsOpen, TooFewMembers
from groups_app.signals import start_asked
from practice.models import Policy

MOST_NAMES = 3  # on one line
_NOT_YET = (MembershipState.ACCEPTED, MembershipState.INVITED, MembershipState.PREPARING)


@dataclass(frozen=True)
class Condition:
    """One thing before a step: what it is, whether it is so, how far it has come, and what a verb says if it is not.

    ``key`` tells a page where it can be done. ``waits`` means that something else has to come first.
    """

    key: str
    title: str
    is_met: bool
    note: str = ""
    refusal: RuleBroken | None = None
    waits: bool = False

    @property
    def state(self) -> str:
        """As the task component wants it: "done", "todo" or "later"."""
        return "done" if self.is_met else "later" if self.waits else "todo"


@dataclass(frozen=True)
class StartFacts:
    """What decides whether a group may start.

    ``leaders`` know until when they are licensed, ``memberships`` are the open ones with their agreement state,
    ``elsewhere`` are the conditions of rooms above.
    """

    group: Group
    leaders: Sequence[GroupLeader]
    memberships: Sequence[Membership]
    policy: Policy
    today: date
    elsewhere: Sequence[Condition]

    @property
    def seated(self) -> list[Membership]:
        """The memberships that hold a place."""
        return [membership for membership in self.memberships if membership.is_seated]


def facts_of(group: Group, policy: Policy) -> StartFacts:
    """Read the facts as they are now."""
    memberships = Membership.objects.filter(group=group).open().select_related("client").with_agreement_state()
    return StartFacts(
        group=group,
        leaders=leaders_with_licenses(group),
        memberships=list(memberships),
        policy=policy,
        today=today_in(group.site.zone),
        elsewhere=asked_elsewhere(group),
    )


def leaders_with_licenses(group: Group) -> list[GroupLeader]:
    """Return the leaders of today in their order, each with ``licensed_until`` where the group meets."""
    return list(GroupLeader.objects.filter(group=group).current().with_license().select_related("user"))


def asked_elsewhere(group: Group) -> list[Condition]:
    """Return what the rooms above say about a start."""
    answers: list[tuple[Any, Any]] = start_asked.send(sender=Group, group=group)
    return [condition for _receiver, condition in answers if condition]


def start_conditions(facts: StartFacts) -> list[Condition]:
    """Return everything that must be so before the group starts, in the order in which it is usually done."""
    seated = facts.seated
    conditions = [
        _licensed(facts.group, facts.leaders, facts.today),
        *facts.elsewhere,
        _enough(facts, seated),
    ]
    proposed = sum(membership.state == MembershipState.PROPOSED for membership in facts.memberships)
    if proposed:
        conditions.append(_answered(proposed))
    return [*conditions, _met(seated), _signed(seated)]


def first_unmet(conditions: Sequence[Condition]) -> Condition | None:
    """Return what is to be done first, if anything is."""
    return next((condition for condition in conditions if not condition.is_met), None)


def license_gap(group: Group, leaders: Sequence[GroupLeader], on: date) -> str:
    """Return a sentence naming who may not lead ``group`` on the day ``on`` where it meets, or nothing (R4).

    The leaders come from ``leaders_with_licenses``.
    """
    state = group.site.state
    for leader in leaders:
        until = leader.licensed_until
        if until is None:
            return _("%(name)s has no license for %(state)s, where this group meets.") % {
                "state": state,
                "name": leader.user.name,
            }
        if until < on:
            return _("The %(state)s license of %(name)s ended on %(day)s.") % {
                "state": state,
                "name": leader.user.name,
                "day": date_text(until, "F j, Y"),
            }
    return ""


# --- One by one -----------------------------------------------------------------------------------------------------
def _licensed(group: Group, leaders: Sequence[GroupLeader], today: date) -> Condition:
    title = _("Leaders chosen, licensed in %(state)s") % {"state": group.site.state}
    sentence = license_gap(group, leaders, today) if leaders else _("Nobody leads this group yet.")
    refusal = (
        NotLicensed(
            _("%(gap)s Ask the administrator to record a license, or choose another leader.") % {"gap": sentence}
        )
        if sentence
        else None
    )
    names = ", ".join(leader.user.short_name for leader in leaders)
    return Condition("leaders", title, is_met=not sentence, note=sentence or names, refusal=refusal)


def _enough(facts: StartFacts, seated: Sequence[Membership]) -> Condition:
    smallest, people = facts.policy.minimum_members, len(seated)
    return Condition(
        "places",
        _("At least %(smallest)d places taken") % {"smallest": smallest},
        is_met=people >= smallest,
        note=_("%(people)d so far") % {"people": people},
        refusal=TooFewMembers(
            _(
                "The group can start with %(smallest)d members whose meeting is recorded and whose agreement is "
                "signed. Now %(people)d have a place."
            )
            % {"smallest": smallest, "people": people}
        ),
    )


def _answered(proposed: int) -> Condition:
    note = ngettext("%(many)d waits for an answer", "%(many)d wait for an answer", proposed) % {"many": proposed}
    refusal = ProposalsOpen(
        _("Somebody proposed still waits for an answer. Accept, decline or take back, then start the group.")
    )
    return Condition("proposals", _("Every proposal answered"), is_met=False, note=note, refusal=refusal)


def _met(seated: Sequence[Membership]) -> Condition:
    unmet = [membership for membership in seated if membership.pregroup_met_on is None]
    refusal = NotPrepared(
        _("No meeting is recorded for %(names)s. Record it, or withdraw the place, then start the group.")
        % {"names": _names(unmet)}
    )
    return _for_everybody("meetings", _("Everybody met alone"), seated, unmet, refusal)


def _signed(seated: Sequence[Membership]) -> Condition:
    # Whoever was met and has signed but is no member yet has an account that was never taken over.
    missing = [
        membership
        for membership in seated
        if not membership.agreement_signed or (membership.pregroup_met_on and membership.state in _NOT_YET)
    ]
    refusal = NotSigned(
        _("%(names)s has not signed the agreement. It can be signed in the member’s own account.")
        % {"names": _names(missing)}
        if len(missing) == 1
        else _("%(names)s have not signed the agreement. It can be signed in each member’s own account.")
        % {"names": _names(missing)}
    )
    return _for_everybody("agreements", _("Every agreement signed"), seated, missing, refusal)


def _for_everybody(
    key: str, title: str, people: Sequence[Membership], missing: Sequence[Membership], refusal: RuleBroken
) -> Condition:
    note = _("%(done)d of %(all)d members") % {"done": len(people) - len(missing), "all": len(people)}
    if missing and len(missing) <= MOST_NAMES:
        note = _("%(note)s, not yet %(names)s") % {"note": note, "names": _names(missing)}
    return Condition(key, title, is_met=bool(people) and not missing, note=note, refusal=refusal, waits=not people)


def _names(memberships: Sequence[Membership]) -> str:
    """Return "Imani A., Ben K. and 2 others"."""
    names = [membership.client.roster_name for membership in memberships[:MOST_NAMES]]
    more = len(memberships) - len(names)
    if more:
        names.append(ngettext("%(many)d other", "%(many)d others", more) % {"many": more})
    return str(get_text_list(names, _("and")))


# --- Taking a step back ---------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class StepBackFacts:
    """What decides whether the last step of a group may be taken back: what was built on it since."""

    state: str
    has_open_memberships: bool
    was_door_opened: bool
    was_ending_begun: bool
    has_met: bool  # a session of the group began since


def why_step_stays(facts: StepBackFacts) -> str:
    """Return why the step that led to ``facts.state`` stays, or nothing when taking it back harms nobody.

    Harmless is: forming, while nobody was proposed; running, until a session began or the door was opened; ending,
    while nothing of its checklist is done. What is over stays: places were given up and sessions canceled.
    """
    if facts.state in OVER_STATES:
        return _("Places were given up and sessions canceled. Plan a new group instead.")
    if facts.state == GroupState.FORMING and facts.has_open_memberships:
        return _("People have been proposed for this group. Take the proposals back first, or call the group off.")
    if facts.state == GroupState.RUNNING and facts.was_door_opened:
        return _("The door of this group was opened since. Begin the ending instead.")
    if facts.state == GroupState.ENDING and facts.was_ending_begun:
        return _("Something of the ending is done already. Uncheck it first, then take the step back.")
    if facts.state == GroupState.RUNNING and facts.has_met:
        return _("The group has met since. Begin the ending instead.")
    return ""
