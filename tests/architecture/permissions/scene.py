"""One group with its people and what belongs to it: what the addresses of the matrix speak of."""

from dataclasses import dataclass

from allauth.mfa.models import Authenticator

from common.clock import now
from groups_app.models import AgreementVersion, Group, GroupState, Membership, MembershipState, Signature
from members.models import Client
from practice.models import Role, User
from sessions_log.models import Session
from tests.factories.groups_app import AgreementFactory, GroupFactory, MembershipFactory
from tests.factories.members import ClientFactory
from tests.factories.practice import SupervisorFactory, TherapistFactory, UserFactory
from tests.factories.sessions_log import SessionFactory


@dataclass
class Scene:
    """What the rooms' ``objects`` start from. ``people`` holds the accounts by their letter in ``PERSONAS``."""

    people: dict[str, User]
    group: Group
    session: Session
    member: Client
    membership: Membership
    proposed: Membership
    agreement: AgreementVersion
    signature: Signature


def make_scene() -> Scene:
    """A forming group with a leader, a member who has signed, somebody proposed, a session; and another group."""
    leader = TherapistFactory()
    member, stranger = (ClientFactory(with_account=True) for _ in range(2))
    group = GroupFactory(leaders=[leader], state=GroupState.FORMING)
    other = GroupFactory(leaders=[TherapistFactory()])
    session = SessionFactory(group=group)
    membership = MembershipFactory(group=group, client=member)
    MembershipFactory(group=other, client=stranger)
    proposed = MembershipFactory(group=group, state=MembershipState.PROPOSED)
    agreement = AgreementFactory(group=group, published_by=leader)
    people = {
        "M": member.user,
        "m": stranger.user,
        "T": leader,
        "t": other.leaders.get().user,
        "S": SupervisorFactory(of=[leader]),
        "C": UserFactory(roles=[Role.COORDINATOR]),
        "D": UserFactory(roles=[Role.ADMINISTRATOR]),
        "X": UserFactory(roles=[Role.COORDINATOR]),
    }
    for letter in "TtSCD":
        Authenticator.objects.create(user=people[letter], type=Authenticator.Type.TOTP, data={"secret": ""})
    return Scene(
        people=people,
        group=group,
        session=session,
        member=member,
        membership=membership,
        proposed=proposed,
        agreement=agreement,
        signature=_signed(membership, agreement, member.user),
    )


def _signed(membership: Membership, version: AgreementVersion, account: User) -> Signature:
    return Signature.objects.create(
        membership=membership,
        version=version,
        account=account,
        text="x",
        sha256="x",
        typed_name="x",
        has_read=True,
        intends_to_sign=True,
        signed_at=now(),
    )
