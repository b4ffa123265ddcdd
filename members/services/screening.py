"""Verbs of screening: a coordinator asks a therapist, the therapist decides (R21)."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from audit import services as audit
from common.clock import now
from common.errors import RuleBroken
from members.models import Client, Screening, ScreeningFindings, ScreeningItem, ScreeningOutcome, ScreeningRequest
from practice.models import Role, User


class ScreenerWrong(RuleBroken):
    """Only an active therapist can be asked to screen."""


class AnswersMissing(RuleBroken):
    """A screening is decided once every question of the checklist is answered."""


class ScreeningReasonMissing(RuleBroken):
    """A decision that does not follow from the checklist, or keeps somebody out, needs a reason."""


@dataclass(frozen=True)
class Answer:
    """The answer to one question of the checklist: yes, no, or ``None`` for "not sure"; and a remark."""

    is_yes: bool | None
    remark: str = ""


@transaction.atomic
def ask_for_screening(*, clients: Collection[Client], therapist: User, by: User) -> int:
    """Ask ``therapist`` to screen ``clients``; return how many are asked for anew.

    Who was to be screened by somebody else is handed over. Raises ``ScreenerWrong``.
    """
    if not (therapist.is_active and therapist.has_role(Role.THERAPIST)):
        raise ScreenerWrong(_("%(name)s is not an active therapist. Choose somebody else.") % {"name": therapist.name})
    keys = [client.pk for client in clients]
    # Locked in one order, so that two coordinators never wait for each other in a circle.
    locked = (
        Client.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk").values_list("pk", flat=True)
    )
    keys = list(locked)
    open_requests = ScreeningRequest.objects.filter(client__in=keys, closed_at__isnull=True)
    asked_already = set(open_requests.filter(therapist=therapist).values_list("client", flat=True))
    open_requests.exclude(therapist=therapist).update(closed_at=now())
    requests = [
        ScreeningRequest(client_id=key, therapist=therapist, asked_by=by, asked_at=now())
        for key in keys
        if key not in asked_already
    ]
    ScreeningRequest.objects.bulk_create(requests)
    audit.record(
        action="screening.asked",
        by=by,
        target=("practice.user", str(therapist.pk)),
        clients=[request.client_id for request in requests],
    )
    return len(requests)


@transaction.atomic
def record_screening(
    *,
    client: Client,
    outcome: ScreeningOutcome,
    answers: Mapping[str, Answer],
    reason: str,
    by: User,
    review_on: date | None = None,
) -> Screening:
    """Decide about ``client``; the decision before is superseded and every open request is answered.

    ``answers`` go by the code of the checklist's item. Raises ``AnswersMissing``, and ``ScreeningReasonMissing`` for a
    decision that keeps somebody out, or approves in spite of an answer that speaks against it. From "wait" and "not
    suitable" on, nothing lets the client be proposed or taken into a group; who is a member stays one.
    """
    Client.objects.select_for_update(no_key=True).only("pk").get(pk=client.pk)
    items = list(ScreeningItem.objects.filter(is_offered=True))
    if any(item.code not in answers for item in items):
        raise AnswersMissing(_("Answer every question, if only with “not sure”."))
    if not reason.strip() and (outcome != ScreeningOutcome.APPROVED or speaks_against(items, answers)):
        raise ScreeningReasonMissing(_("Say why: the next clinician who reads this needs it."))
    at = now()
    Screening.objects.current().filter(client=client).update(superseded_at=at)
    screening = Screening.objects.create(
        client=client, outcome=outcome, review_on=review_on, decided_by=by, decided_at=at
    )
    stored = {code: {"answer": answer.is_yes, "remark": answer.remark.strip()} for code, answer in answers.items()}
    ScreeningFindings.objects.create(screening=screening, answers=json.dumps(stored), reason=reason.strip())
    ScreeningRequest.objects.filter(client=client, closed_at__isnull=True).update(closed_at=at)
    audit.record(action=f"screening.{outcome}", by=by, target=screening, client=client)
    return screening


def speaks_against(items: Collection[ScreeningItem], answers: Mapping[str, Answer]) -> bool:
    """Whether any answer is not the one that speaks for a group now."""
    return any(answers[item.code].is_yes is not item.favors for item in items)


def answers_of(findings: ScreeningFindings) -> dict[str, Answer]:
    """Return the stored answers by the code of their item."""
    stored = json.loads(findings.answers or "{}")
    return {code: Answer(each["answer"], each["remark"]) for code, each in stored.items()}
