"""How far a member has come with an agreement, clause by clause (R47, UX 8)."""

from dataclasses import dataclass
from enum import StrEnum

from groups_app.models import Acknowledgement, AgreementClause, AgreementVersion, Membership, Signature


class StepState(StrEnum):
    """Whether a clause still has to be acknowledged."""

    OPEN = "open"
    AGREED = "agreed"
    UNCHANGED = "unchanged"  # the member signed the very same words before, and is not asked again


@dataclass(frozen=True)
class Step:
    """One clause on the way to a signature; ``earlier`` is where an unchanged one was acknowledged."""

    clause: AgreementClause
    state: StepState
    earlier: Acknowledgement | None = None


def steps_of(membership: Membership, version: AgreementVersion) -> list[Step]:
    """Return every clause of ``version`` in order, with what ``membership`` did about it. Three queries."""
    waiting = set(
        Acknowledgement.objects.filter(membership=membership, signature__isnull=True)
        .order_by()
        .values_list("clause", flat=True)
    )
    last = Signature.objects.in_force().filter(membership=membership).order_by("-signed_at").values("pk")[:1]
    signed = Acknowledgement.objects.filter(signature__in=last).select_related("clause")
    earlier = {acknowledgement.clause.words: acknowledgement for acknowledgement in signed}
    steps = []
    for clause in version.clauses.all():
        known = earlier.get(clause.words)
        if clause.pk in waiting:
            steps.append(Step(clause, StepState.AGREED))
        elif known is not None:
            steps.append(Step(clause, StepState.UNCHANGED, known))
        else:
            steps.append(Step(clause, StepState.OPEN))
    return steps
