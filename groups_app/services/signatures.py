"""Verbs of signatures: clause by clause, on a screen or on paper, and their withdrawal (R47)."""

import base64
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from audit import services as audit
from common.clock import now, today_in
from groups_app.models import (
    Acknowledgement,
    AgreementClause,
    AgreementVersion,
    Membership,
    MembershipState,
    PaperScan,
    Signature,
)
from groups_app.services.errors import AgreementChanged, ClausesMissing, NotMeant, PaperInFuture, ScanWrong, WrongState
from groups_app.services.steps import activate_if_prepared, lock_membership, require_state, take_step
from groups_app.signing import Step, StepState, steps_of
from practice.models import User

LARGEST_SCAN = 5 * 1024 * 1024
_SIGNS = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
_SIGNING = (MembershipState.PREPARING, MembershipState.ACTIVE, MembershipState.LEAVING)


@transaction.atomic
def acknowledge_clause(*, membership: Membership, clause: AgreementClause, account: User) -> Acknowledgement:
    """Record that ``account``, the member's own, agrees to ``clause``; a second time changes nothing (R5, R47).

    Raises ``AgreementChanged`` if the clause is not of the newest version, ``WrongState`` if the account or the state
    of the membership does not allow it.
    """
    current = _lock_own(membership, account)
    require_state(current, *_SIGNING)
    if clause.version_id != _newest(current).pk:
        raise _changed()
    acknowledgement, _is_new = Acknowledgement.objects.get_or_create(
        membership=current, clause=clause, signature=None, defaults={"account": account, "at": now()}
    )
    return acknowledgement


@transaction.atomic
def sign_agreement(
    *,
    membership: Membership,
    version: AgreementVersion,
    typed_name: str,
    has_read: bool,
    intends_to_sign: bool,
    account: User,
) -> Signature:
    """Record that ``account``, the member's own, signs ``version``; keep text and hash as they were read (R47).

    Signing the same version again returns the first signature. The membership becomes active if this was the last
    thing missing (R25). Raises ``AgreementChanged`` if ``version`` is not the newest any more, ``ClausesMissing`` if a
    clause is not acknowledged, ``NotMeant`` without a name or a box, ``WrongState`` if the account or the state of the
    membership does not allow it.
    """
    current = _lock_own(membership, account)
    known = Signature.objects.in_force().filter(membership=current, version=version).first()
    if known is not None:
        return known
    require_state(current, *_SIGNING)
    newest = _newest(current)
    if version != newest:
        raise _changed()
    steps = steps_of(current, newest)
    if any(step.state == StepState.OPEN for step in steps):
        raise ClausesMissing(_("Go through every clause first, then sign."))
    if not (typed_name.strip() and has_read and intends_to_sign):
        raise NotMeant(_("Type your full name and check both boxes to sign."))
    signature = Signature.objects.create(
        membership=current,
        version=newest,
        account=account,
        text=newest.text,
        sha256=newest.sha256,
        typed_name=typed_name.strip(),
        has_read=has_read,
        intends_to_sign=intends_to_sign,
        signed_at=now(),
    )
    _attach(steps, signature, account)
    audit.record(action="agreement.signed", by=account, target=signature, client=current.client_id)
    activate_if_prepared(current, by=account)
    return signature


@transaction.atomic
def record_paper_signature(
    *,
    membership: Membership,
    version: AgreementVersion,
    signed_on: date,
    name: str,
    by: User,
    scan: bytes | None = None,
) -> Signature:
    """Record that the member signed ``version`` on paper on the day ``signed_on``; keep a ``scan`` of the sheet (R47).

    Whoever signs on paper needs no account: an invited client goes on to *preparing*, and becomes active if nothing
    else is missing. Raises ``AgreementChanged`` for an older version, ``PaperInFuture``, ``ScanWrong`` for a file that
    is too large or neither PDF, JPEG nor PNG, ``WrongState`` without a place or if the version is signed already.
    """
    current = lock_membership(membership)
    require_state(current, MembershipState.ACCEPTED, MembershipState.INVITED, *_SIGNING)
    newest = _newest(current)
    if version != newest:
        raise _changed()
    if signed_on > today_in(current.group.site.zone):
        raise PaperInFuture(_("That day has not come yet. Enter the day that stands on the paper."))
    if Signature.objects.in_force().filter(membership=current, version=newest).exists():
        raise WrongState(
            _("%(name)s has signed this version already. Nothing was recorded.") % {"name": current.client.roster_name}
        )
    media_type = _checked(scan) if scan is not None else ""
    signature = Signature.objects.create(
        membership=current,
        version=newest,
        text=newest.text,
        sha256=newest.sha256,
        typed_name=name.strip() or current.client.name,
        has_read=True,
        intends_to_sign=True,
        signed_at=now(),
        paper_signed_on=signed_on,
        recorded_by=by,
    )
    if scan is not None:
        PaperScan.objects.create(
            signature=signature, media_type=media_type, size=len(scan), encoded=base64.b64encode(scan).decode()
        )
    audit.record(action="agreement.paper_recorded", by=by, target=signature, client=current.client_id)
    if current.state in (MembershipState.ACCEPTED, MembershipState.INVITED):
        take_step(current, MembershipState.PREPARING, by=by)
    activate_if_prepared(current, by=by)
    return signature


@transaction.atomic
def withdraw_signature(*, signature: Signature, by: User, reason: str = "") -> None:
    """Take a signature back: it stays on record, but the version counts as unsigned from now on (R47).

    Raises ``WrongState`` if it is withdrawn already.
    """
    lock_membership(signature.membership)
    current = Signature.objects.select_for_update(no_key=True).get(pk=signature.pk)
    if current.withdrawn_at is not None:
        raise WrongState(_("This signature is withdrawn already."))
    current.withdrawn_at, current.withdrawn_by, current.withdrawal_reason = now(), by, reason.strip()
    current.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawal_reason"])
    audit.record(
        action="agreement.signature_withdrawn",
        by=by,
        target=current,
        client=signature.membership.client_id,
        reason=reason.strip(),
    )


def _lock_own(membership: Membership, account: User) -> Membership:
    current = lock_membership(membership)
    if current.client.user_id != account.pk:
        raise WrongState(_("Only the member's own account can sign this agreement."))
    return current


def _newest(membership: Membership) -> AgreementVersion:
    return AgreementVersion.objects.filter(group=membership.group).newest().get()


def _changed() -> AgreementChanged:
    return AgreementChanged(_("The agreement has changed since you opened it. Please read the new text, then sign."))


def _attach(steps: list[Step], signature: Signature, account: User) -> None:
    """Give the signature its acknowledgements; unchanged clauses keep where they were acknowledged."""
    for step in steps:
        if step.state == StepState.UNCHANGED and step.earlier is not None:
            Acknowledgement.objects.create(
                membership=signature.membership,
                clause=step.clause,
                account=account,
                at=step.earlier.at,
                signature=signature,
                carried_from=step.earlier,
            )
    agreed = [step.clause.pk for step in steps if step.state == StepState.AGREED]
    Acknowledgement.objects.filter(membership=signature.membership, signature__isnull=True, clause__in=agreed).update(
        signature=signature
    )


def _checked(scan: bytes) -> str:
    """Return what kind of file a scan is, by its first bytes: names and browsers say what they like."""
    if len(scan) > LARGEST_SCAN:
        raise ScanWrong(_("The file is larger than 5 MB. Scan the page again with a lower resolution."))
    for sign, media_type in _SIGNS.items():
        if scan.startswith(sign):
            return media_type
    raise ScanWrong(_("This file is neither a PDF nor a JPEG or PNG picture. Choose another file."))
