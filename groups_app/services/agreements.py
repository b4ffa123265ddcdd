"""Verbs of agreements: a published text never changes, a signature keeps the text it stands under (R26, R47)."""

import hashlib

from django.db import transaction
from django.utils.translation import gettext as _

from common.clock import now
from groups_app.models import AgreementTemplate, AgreementVersion, Group, Membership, MembershipState, Signature
from groups_app.services.errors import AgreementChanged, AgreementUnchanged, NotMeant, WrongState
from groups_app.services.steps import activate_if_prepared, lock_group, lock_membership, require_state
from practice.models import User


def start_agreement(*, group: Group, by: User) -> AgreementVersion:
    """Give a new ``group`` the practice's default text as version 1."""
    template = AgreementTemplate.objects.get(is_default=True)
    return _publish(group, number=1, title=template.title, text=_plain_lines(template.text), by=by)


@transaction.atomic
def publish_agreement(
    *, group: Group, title: str, text: str, by: User, based_on: AgreementVersion | None = None
) -> AgreementVersion:
    """Publish a new version, which every member of ``group`` is then asked to sign (R26).

    ``based_on`` is the version the author had before their eyes: raises ``AgreementChanged`` if somebody has published
    a newer one since, ``AgreementUnchanged`` if the text is the one in force already.
    """
    lock_group(group)
    newest = AgreementVersion.objects.filter(group=group).newest().get()
    title, text = title.strip(), _plain_lines(text)
    if (title, text) == (newest.title, newest.text):
        raise AgreementUnchanged(
            _("This is version %(number)d word for word, so nothing was published. Change the text first.")
            % {"number": newest.number}
        )
    if based_on is not None and based_on != newest:
        raise AgreementChanged(
            _("%(name)s published version %(number)d meanwhile. Yours is kept below: compare the two, then publish.")
            % {"name": newest.published_by.name, "number": newest.number}
        )
    return _publish(group, number=newest.number + 1, title=title, text=text, by=by)


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
    thing missing (R25). Raises ``AgreementChanged`` if ``version`` is not the newest any more, ``NotMeant`` without a
    name or a box, ``WrongState`` if the account or the state of the membership does not allow it.
    """
    current = lock_membership(membership)
    if current.client.user_id != account.pk:
        raise WrongState(_("Only the member's own account can sign this agreement."))
    known = Signature.objects.filter(membership=current, version=version).first()
    if known is not None:
        return known
    require_state(current, MembershipState.PREPARING, MembershipState.ACTIVE, MembershipState.LEAVING)
    newest = AgreementVersion.objects.filter(group=current.group).newest().get()
    if version != newest:
        raise AgreementChanged(_("The agreement has changed since you opened it. Please read the new text, then sign."))
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
    activate_if_prepared(current, by=account)
    return signature


def _publish(group: Group, *, number: int, title: str, text: str, by: User) -> AgreementVersion:
    return AgreementVersion.objects.create(
        group=group,
        number=number,
        title=title,
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        published_at=now(),
        published_by=by,
    )


def _plain_lines(text: str) -> str:
    """Browsers send CR LF; one spelling of a line's end, so that the same words have the same hash."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip() + "\n"
