"""One group with its people and what belongs to it: what the addresses of the matrix speak of."""

from dataclasses import dataclass

from allauth.mfa.models import Authenticator

from common.clock import now
from groups_app.models import AgreementVersion, Group, GroupState, Membership, MembershipState, Signature
from members.models import Client
from practice.models import Role, User
from sessions_log.models import Session
from tests.architecture.permissions.matrix import Objects, room_modules
from tests.architecture.permissions.words import phone, word
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
    fellow: Membership
    proposed: Membership
    elsewhere: Membership
    agreement: AgreementVersion
    signature: Signature


def make_scene() -> Scene:
    """A forming group with a leader, two members of whom one has signed, somebody proposed, a session; another group.

    What stands in the records are canaries (``permissions.words``).
    """
    leader, other_leader = _therapist("here"), _therapist("there")
    member, stranger = _client("member", with_account=True), _client("there", with_account=True)
    group = GroupFactory(name=word("group", "here"), leaders=[leader], state=GroupState.FORMING)
    other = GroupFactory(name=word("group", "there"), leaders=[other_leader])
    membership = MembershipFactory(group=group, client=member)
    agreement = _agreement(group, leader, "here")
    _agreement(other, other_leader, "there")
    people = {
        "M": member.user,
        "m": stranger.user,
        "T": leader,
        "t": other_leader,
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
        session=SessionFactory(group=group),
        member=member,
        membership=membership,
        fellow=MembershipFactory(group=group, client=_client("fellow")),
        proposed=MembershipFactory(group=group, state=MembershipState.PROPOSED),
        elsewhere=MembershipFactory(group=other, client=stranger),
        agreement=agreement,
        signature=_signed(membership, agreement, member.user),
    )


def all_objects(scene: Scene) -> Objects:
    """Make what the addresses of all rooms speak of."""
    found: Objects = {"": {}}
    for module in room_modules():
        if hasattr(module, "objects"):
            found |= module.objects(scene)
    return found


def _therapist(whose: str) -> User:
    return TherapistFactory(email=f"{word('account', whose)}@kith.example".lower())


def _client(whose: str, **traits: bool) -> Client:
    name = word("name", whose)
    return ClientFactory(
        first_name=name,
        last_name=name,
        email=f"{word('contact', whose)}@mail.example".lower(),
        mobile=phone(whose),
        notes=word("desk", whose),
        **traits,
    )


def _agreement(group: Group, leader: User, whose: str) -> AgreementVersion:
    return AgreementFactory(
        group=group, published_by=leader, text=f"## We talk\nWe say {word('agreement', whose)}.", clauses=True
    )


def _signed(membership: Membership, version: AgreementVersion, account: User) -> Signature:
    return Signature.objects.create(
        membership=membership,
        version=version,
        account=account,
        text=version.text,
        sha256=version.sha256,
        typed_name=word("signature", "member"),
        has_read=True,
        intends_to_sign=True,
        signed_at=now(),
    )
