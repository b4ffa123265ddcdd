"""A group that lacks nothing for its start."""

from typing import Any

from common.clock import now
from groups_app.models import AgreementVersion, Group, Membership, Signature
from groups_app.services import Wish
from tests.factories.groups_app import AgreementFactory, MembershipFactory
from tests.factories.sessions_log import SessionFactory

# What comes of a meeting before the group.
MEETING: dict[str, Any] = {
    "goals": [Wish(words="Say it when it hurts.")],
    "inventory": "A sister, close; a father, missed.",
    "contract_explained": True,
}
# The same as it is typed.
TYPED_MEETING = {
    "words_1": "Say it when it hurts.",
    "inventory": MEETING["inventory"],
    "contract_explained": "on",
}


def make_ready(group: Group, members: int = 5) -> list[Membership]:
    """Give ``group`` sessions, an agreement, and so many members who were met and have signed it."""
    SessionFactory.create_batch(3, group=group)
    version = AgreementFactory(group=group)
    memberships: list[Membership] = MembershipFactory.create_batch(members, group=group, client__with_account=True)
    for membership in memberships:
        sign(membership, version)
    return memberships


def sign(membership: Membership, version: AgreementVersion) -> Signature:
    """Write a signature as a row."""
    return Signature.objects.create(
        membership=membership,
        version=version,
        account=membership.client.user,
        text=version.text,
        sha256=version.sha256,
        typed_name=membership.client.name,
        has_read=True,
        intends_to_sign=True,
        signed_at=now(),
    )
