"""What staff see of a group's agreement: the version in force, who signed it and how, and what was before."""

from dataclasses import dataclass

from django.db.models import Count

from groups_app.clauses import Clause, changed, clauses
from groups_app.models import Acknowledgement, AgreementVersion, Group, Membership, Signature


@dataclass(frozen=True)
class SigningLine:
    """One member with a place, and how far they are with the version in force; ``read`` counts acknowledged clauses."""

    membership: Membership
    signature: Signature | None
    withdrawn: Signature | None
    read: int


@dataclass(frozen=True)
class AgreementPage:
    """Everything the page shows; ``total`` counts the clauses of the version in force."""

    version: AgreementVersion
    parts: list[Clause]
    new_parts: list[Clause]
    older: list[AgreementVersion]
    lines: list[SigningLine]
    total: int

    @property
    def signed(self) -> int:
        """How many of the members signed the version in force."""
        return sum(line.signature is not None for line in self.lines)

    @property
    def people(self) -> int:
        """How many members are asked to sign."""
        return len(self.lines)


def agreement_page(group: Group) -> AgreementPage:
    """Gather the page of ``group``. Four queries, whatever the number of members and versions."""
    versions = list(AgreementVersion.objects.filter(group=group).select_related("published_by").order_by("-number"))
    version, older = versions[0], versions[1:]
    members = list(Membership.objects.filter(group=group).seated().select_related("client"))
    signatures = list(
        Signature.objects.filter(version=version, membership__in=[member.pk for member in members])
        .select_related("scan", "recorded_by", "withdrawn_by")
        .defer("text", "scan__encoded")
        .order_by("signed_at")
    )
    in_force = {signature.membership_id: signature for signature in signatures if signature.withdrawn_at is None}
    withdrawn = {signature.membership_id: signature for signature in signatures if signature.withdrawn_at is not None}
    read = dict(
        Acknowledgement.objects.filter(
            membership__in=[member.pk for member in members], clause__version=version, signature__isnull=True
        )
        .order_by()
        .values_list("membership")
        .annotate(many=Count("pk"))
    )
    parts = clauses(version.text)
    return AgreementPage(
        version=version,
        parts=parts,
        new_parts=changed(clauses(older[0].text), parts) if older else [],
        older=older,
        lines=[
            SigningLine(member, in_force.get(member.pk), withdrawn.get(member.pk), read.get(member.pk, 0))
            for member in members
        ],
        total=len(parts),
    )
