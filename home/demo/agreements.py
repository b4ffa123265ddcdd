"""Agreements of the demo practice's groups, and how their members signed them, clause by clause."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from groups_app.clauses import Clause, text_of
from groups_app.models import Acknowledgement, AgreementClause, AgreementVersion, Group, Membership, Signature
from home.demo.scene import Scene
from practice.models import User

_PHONES = Clause(
    "Phones",
    "Phones stay silent and out of sight during a session. Who has to be reachable says so at the beginning.",
    "Half an ear is heard by everybody.",
)
_READING = timedelta(minutes=20)  # from the first clause to the signature


@dataclass(frozen=True)
class Published:
    """A version with its clauses."""

    version: AgreementVersion
    clauses: list[AgreementClause]


def add_agreements(scene: Scene, group: Group, *, lead: User, changed_on: date | None) -> list[Published]:
    """Write version 1 of the group's agreement and, if it was changed, a second one with one clause more."""
    texts = [(scene.agreement, group.created_at)]
    if changed_on:
        texts.append(([*scene.agreement, _PHONES], scene.on(changed_on, 12)))
    return [
        _publish(scene, group, parts, number=number, at=at, by=lead)
        for number, (parts, at) in enumerate(texts, start=1)
    ]


def add_signatures(scene: Scene, membership: Membership, published: list[Published], *, first_at: datetime) -> None:
    """Let a member sign each of ``published``: the first at ``first_at``, a changed one the day after."""
    earlier: dict[Clause, Acknowledgement] = {}
    for number, one in enumerate(published):
        version = one.version
        signed_at = min(scene.at, version.published_at + timedelta(hours=20)) if number else first_at
        signature = _sign(scene, membership, version, at=signed_at)
        for clause in one.clauses:
            known = earlier.get(clause.words)
            acknowledgement = Acknowledgement(
                id=scene.keys.next("acknowledgement"),
                created_at=signed_at,
                membership=membership,
                clause=clause,
                account=signature.account,
                at=known.at if known else signed_at - _READING,
                signature=signature,
                carried_from=known,
            )
            earlier[clause.words] = acknowledgement
            scene.sink.add(acknowledgement)


def _publish(scene: Scene, group: Group, parts: list[Clause], *, number: int, at: datetime, by: User) -> Published:
    text = text_of(parts)
    version = AgreementVersion(
        id=scene.keys.next("agreement"),
        created_at=at,
        group=group,
        number=number,
        title=scene.agreement_title,
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        published_at=at,
        published_by=by,
    )
    rows = [
        AgreementClause(
            id=scene.keys.next("clause"),
            created_at=at,
            version=version,
            position=position,
            heading=part.heading,
            body=part.body,
            why=part.why,
        )
        for position, part in enumerate(parts, start=1)
    ]
    scene.sink.add(version, *rows)
    return Published(version, rows)


def _sign(scene: Scene, membership: Membership, version: AgreementVersion, *, at: datetime) -> Signature:
    client = membership.client
    signature = Signature(
        id=scene.keys.next("signature"),
        created_at=at,
        membership=membership,
        version=version,
        account=client.user,
        text=version.text,
        sha256=version.sha256,
        typed_name=f"{client.first_name} {client.last_name}",
        has_read=True,
        intends_to_sign=True,
        signed_at=at,
    )
    scene.sink.add(signature)
    return signature
