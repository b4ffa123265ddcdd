"""Groups, memberships, agreements."""

from common.clock import now
from groups_app.models import (
    ConflictOverride,
    EndingItem,
    GroupTransition,
    MemberGoal,
    MemberNotice,
    Membership,
    MembershipTransition,
    PaperScan,
    PregroupMeeting,
    Signature,
)
from groups_app.services.goals import set_goal
from tests.architecture.permissions.matrix import CLINICAL_DESK, EVERYBODY, MEMBERS, Objects, Row
from tests.architecture.permissions.scene import Scene
from tests.architecture.permissions.words import word
from tests.factories.groups_app import AgreementFactory

ROWS = {
    "groups_app:list": Row(get=CLINICAL_DESK, shows="group"),
    "groups_app:edit": Row(get="TSC", post="TSC", of="group", shows="group"),
    "groups_app:change_state": Row(get="TS", post="TS", of="group", shows="group name"),
    "groups_app:call_off": Row(get="TS", post="TS", of="group", shows="group"),
    "groups_app:take_step_back": Row(post="TS", of="group"),
    "groups_app:close_door": Row(post="TS", of="group"),
    "groups_app:membership": Row(get="TS", of="membership", shows="group name reason"),
    "groups_app:take_notice_back": Row(post="TS", of="membership"),
    "groups_app:follow_up": Row(get="TS", post="TS", of="membership", shows="group name"),
    "groups_app:see_notice": Row(post="M", of="notice"),
    "groups_app:ending_check": Row(post="TS", of="ending line"),
    "groups_app:agreement_edit": Row(get="TS", post="TS", of="group", shows="agreement group"),
    "groups_app:accept": Row(post="TS", of="proposal"),
    "groups_app:decline": Row(get="TS", post="TS", of="proposal", shows="group"),
    "groups_app:withdraw": Row(get="TSC", post="TSC", of="proposal", shows="group"),
    "groups_app:pregroup": Row(get="TS", post="TS", of="membership", shows="group meeting name"),
    "groups_app:conflict": Row(get="TS", post="TS", of="proposed for the group", shows="group name"),
    "groups_app:composition": Row(get="TS", of="group", shows="group"),
    "groups_app:agreement": Row(get="TSC", of="group", shows="agreement group name"),
    "groups_app:agreement_version": Row(get="TSC", of="agreement version", shows="agreement group"),
    "groups_app:template_edit": Row(get="S", post="S"),
    "groups_app:course": Row(get="SD", post="SD"),
    "groups_app:my_goals": Row(get=MEMBERS),
    "groups_app:goals": Row(get="MTS", post="MTS", of="membership", shows="goal group name"),
    "groups_app:goal_add": Row(post="MT", of="membership", shows="goal group name"),
    "groups_app:goal_end": Row(post="MT", of="goal"),
    "groups_app:paper": Row(get="TSC", post="TSC", of="membership", shows="group name"),
    "groups_app:agreements": Row(get=MEMBERS, shows="group"),
    "groups_app:sign": Row(get="M", of="membership"),
    "groups_app:sign_clause": Row(get="M", post="M", of="clause to sign"),
    "groups_app:sign_finish": Row(get="M", post="M", of="membership"),
    "groups_app:signed": Row(get="M", of="signature", shows="agreement group signature"),
    "groups_app:signed_pdf": Row(get="MTS", of="signature", shows="agreement signature"),
    "groups_app:scan": Row(get="MTS", of="scanned signature"),
    "groups_app:withdraw_signature": Row(get="MTS", post="MTS", of="signature", shows="group name"),
    "groups_app:check_copy": Row(get=EVERYBODY, post=EVERYBODY),
}


def objects(scene: Scene) -> Objects:
    """The group and what stands in it; of the other members, and of the other group, as much as of this one."""
    _steps(scene)
    for whose, membership in (("fellow", scene.fellow), ("there", scene.elsewhere)):
        _goal(membership, whose)
    for whose, membership in (("member", scene.membership), ("fellow", scene.fellow), ("there", scene.elsewhere)):
        _meeting(membership, whose)
    return {
        "group": {"pk": scene.group.pk},
        "notice": {"pk": MemberNotice.objects.create(membership=scene.membership, kind="door", day="2026-12-08").pk},
        "ending line": {"pk": scene.group.pk, "item": EndingItem.objects.first().pk},
        "membership": {"pk": scene.membership.pk},
        "proposal": {"pk": scene.proposed.pk},
        "signature": {"pk": scene.signature.pk},
        "agreement version": {"pk": scene.group.pk, "number": scene.agreement.number},
        "proposed for the group": {"pk": scene.group.pk, "client_pk": scene.proposed.client_id},
        "goal": {"pk": scene.membership.pk, "goal_pk": _goal(scene.membership, "member").pk},
        "clause to sign": {"pk": scene.membership.pk, "position": 1},
        "scanned signature": {"pk": _scanned(scene).pk},
    }


def _scanned(scene: Scene) -> Signature:
    """A signature on paper under an earlier version, so that it stands beside the one on the screen."""
    version = AgreementFactory(group=scene.group, number=0)
    signature = Signature.objects.create(
        membership=scene.membership,
        version=version,
        text=version.text,
        sha256=version.sha256,
        typed_name=word("signature", "member"),
        has_read=True,
        intends_to_sign=True,
        signed_at=now(),
        paper_signed_on=scene.group.first_day,
        recorded_by=scene.people["T"],
    )
    PaperScan.objects.create(signature=signature, media_type="application/pdf", size=1, encoded="YQ==")
    return signature


def _goal(membership: Membership, whose: str) -> MemberGoal:
    leader = membership.group.leaders.get().user
    return set_goal(membership=membership, catalogue=None, words=word("goal", whose), by=leader)


def _meeting(membership: Membership, whose: str) -> None:
    words = word("meeting", whose)
    PregroupMeeting.objects.create(
        membership=membership,
        held_on=membership.pregroup_met_on,
        goals=words,
        inventory=words,
        recorded_by=membership.group.leaders.get().user,
        contract_explained=True,
    )


def _steps(scene: Scene) -> None:
    """Why both groups, and their members, are where they are."""
    for whose, membership in (("here", scene.membership), ("there", scene.elsewhere)):
        leader, why = membership.group.leaders.get().user, word("reason", whose)
        GroupTransition.objects.create(
            group=membership.group, from_state="planned", to_state="forming", by=leader, at=now(), reason=why
        )
        MembershipTransition.objects.create(membership=membership, to_state="active", by=leader, at=now(), reason=why)
        ConflictOverride.objects.create(
            group=membership.group, client=membership.client, by=leader, at=now(), reason=word("override", whose)
        )
