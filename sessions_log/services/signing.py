"""Signing, and what may be added afterwards: co-signatures and addenda. The database locks what is signed (R37)."""

from enum import Enum

from django.db import transaction

from audit.services import record
from common.clock import now
from groups_app.models import Membership
from practice.models import User
from sessions_log.models import Addendum, CoSignature, GroupNote, MemberNote, Session
from sessions_log.services.attendance import ensure_documentable
from sessions_log.services.errors import AlreadyCoSigned, NotOnRoster, NotReadyToSign, NotSigned, OwnSignature
from sessions_log.services.locking import locked
from sessions_log.sheet import Sheet
from sessions_log.signals import session_documented
from sessions_log.signing import Missing, missing_before_signing


class SignScope(Enum):
    """Which notes are signed: the group's alone, the members' alone, or all that are not signed yet."""

    GROUP = "group"
    MEMBERS = "members"
    ALL = "all"


@transaction.atomic
def sign_session(*, session: Session, by: User, scope: SignScope = SignScope.ALL) -> None:
    """Sign the notes of ``scope``. From then on the database refuses every change of them.

    When the last note is signed the session is documented, and its attendance is locked too. Raises ``NotReadyToSign``
    when something is missing, ``AlreadySigned``, ``TooEarly`` or ``AlreadyCancelled``.
    """
    session = locked(session)
    ensure_documentable(session)
    missing = sign_if_complete(session, scope, by)
    if missing:
        raise NotReadyToSign(missing)


def sign_if_complete(session: Session, scope: SignScope, by: User) -> list[Missing]:
    """Sign the notes of a locked session, or return what is missing before that."""
    sheet = Sheet(session)
    missing = [item for item in missing_before_signing(sheet) if _concerns(item, scope)]
    if missing:
        return missing
    signature = {"signed_at": now(), "signed_by": by}
    if scope is not SignScope.MEMBERS:
        GroupNote.objects.unsigned().filter(session=session).update(**signature)
    if scope is not SignScope.GROUP:
        MemberNote.objects.unsigned().filter(session=session).update(**signature)
    is_group_signed = scope is not SignScope.MEMBERS or (sheet.group_note is not None and sheet.group_note.is_signed)
    are_members_signed = scope is not SignScope.GROUP or sheet.are_members_signed
    if is_group_signed and are_members_signed:
        session.documented_at = now()
        session.save(update_fields=["documented_at"])
        session_documented.send(sender=Session, session=session, by=by)
    people = [line.membership.client_id for line in sheet.lines]
    record(action="session.signed", by=by, target=session, clients=people)
    return []


def _concerns(item: Missing, scope: SignScope) -> bool:
    if scope is SignScope.GROUP:
        return item.is_about_group
    return scope is SignScope.ALL or not item.is_about_group


@transaction.atomic
def cosign_session(*, session: Session, by: User) -> CoSignature:
    """Stand behind a record that somebody else signed (R37). The rule ``cosign_session`` says who may.

    Raises ``NotSigned``, ``OwnSignature`` for who signed all of it alone, or ``AlreadyCoSigned``.
    """
    session = locked(session)
    if not session.is_documented:
        raise NotSigned
    signers = {
        *GroupNote.objects.filter(session=session).values_list("signed_by", flat=True),
        *MemberNote.objects.filter(session=session).values_list("signed_by", flat=True),
    }
    if signers == {by.pk}:
        raise OwnSignature
    if session.cosignatures.filter(by=by).exists():
        raise AlreadyCoSigned
    record(action="session.co_signed", by=by, target=session)
    return CoSignature.objects.create(session=session, by=by, signed_at=now())


@transaction.atomic
def add_addendum(*, session: Session, membership: Membership | None, text: str, by: User) -> Addendum:
    """Add words to a signed note, a member's or (``None``) the group's; sent twice they are added once.

    They can never be changed. Raises ``NotSigned``, or ``NotOnRoster`` if the member was not in the group then.
    """
    session = locked(session)
    if not session.is_documented:
        raise NotSigned
    if membership and membership.pk not in {line.membership.pk for line in Sheet(session).lines}:
        raise NotOnRoster
    for earlier in session.addenda.filter(membership=membership, author=by):
        if earlier.text == text:
            return earlier
    client = membership.client_id if membership else None
    record(action="session.addendum_added", by=by, target=session, client=client)
    return Addendum.objects.create(session=session, membership=membership, text=text, author=by, written_at=now())
