"""What is written about a session: drafts that overwrite nobody, and the signature that locks them (R34, R37)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction

from common.clock import now
from practice.models import User
from sessions_log.models import GroupNote, MemberNote, Session
from sessions_log.services.attendance import ensure_documentable, ensure_on_roster, write_attendance
from sessions_log.services.errors import NotReadyToSign, StaleNote
from sessions_log.services.locking import locked
from sessions_log.sheet import Sheet
from sessions_log.signing import Missing, missing_before_signing

_NOBODY: Mapping[UUID, str] = {}


@dataclass(frozen=True)
class GroupNoteDraft:
    """A group note as somebody wrote it, starting from ``version`` of what was stored (0: nothing was)."""

    theme: str = ""
    observations: str = ""
    plan: str = ""
    interventions: Sequence[str] = ()
    factors: Sequence[str] = ()
    version: int = 0

    def is_in(self, note: GroupNote | None) -> bool:
        """Whether ``note`` says just this; no note says nothing."""
        if note is None:
            return not any((self.theme, self.observations, self.plan, self.interventions, self.factors))
        return (self.theme, self.observations, self.plan) == (note.theme, note.observations, note.plan) and (
            set(self.interventions) == set(note.interventions) and set(self.factors) == set(note.factors)
        )


@dataclass(frozen=True)
class MemberNoteDraft:
    """A member's note as somebody wrote it, starting from ``version`` of what was stored (0: nothing was)."""

    membership_id: UUID
    text: str
    version: int = 0

    def is_in(self, note: MemberNote | None) -> bool:
        """Whether ``note`` says just this; no note says nothing."""
        return self.text == (note.text if note else "")


@dataclass
class _Page:
    """What is stored about a locked session, beside what somebody wants to store."""

    session: Session
    group_note: GroupNote | None
    member_notes: dict[UUID, MemberNote] = field(default_factory=dict)


@transaction.atomic
def document_session(
    *,
    session: Session,
    by: User,
    statuses: Mapping[UUID, str] = _NOBODY,
    defaults: Mapping[UUID, str] = _NOBODY,
    group_note: GroupNoteDraft | None = None,
    member_notes: Sequence[MemberNoteDraft] = (),
    sign: bool = False,
) -> list[Missing]:
    """Save attendance (as ``record_attendance``) and drafts of notes together, or nothing of it.

    With ``sign`` the session is signed as well, unless something is missing: then it is only saved, and what is missing
    is returned.

    A draft that says what is stored writes nothing, so saving twice is saving once; whoever changed the words last is
    the note's author. Raises ``StaleNote`` when a note changed since the draft's version, ``TooEarly``,
    ``AlreadyCancelled``, ``AlreadySigned`` or ``NotOnRoster``.
    """
    session = locked(session)
    ensure_documentable(session)
    ensure_on_roster(session, {*statuses, *defaults, *(draft.membership_id for draft in member_notes)})
    write_attendance(session=session, statuses=statuses, defaults=defaults, by=by)

    page = _stored(session, with_members=bool(member_notes))
    _refuse_stale(page, group_note, member_notes)
    if group_note:
        _write_group_note(page, group_note, by)
    _write_member_notes(page, member_notes, by)
    return _sign_if_complete(session, by) if sign else []


def save_group_note(*, session: Session, draft: GroupNoteDraft, by: User) -> None:
    """Save a draft of the group note; see ``document_session``."""
    document_session(session=session, group_note=draft, by=by)


def save_member_note(*, session: Session, draft: MemberNoteDraft, by: User) -> None:
    """Save a draft of one member's note; see ``document_session``."""
    document_session(session=session, member_notes=[draft], by=by)


@transaction.atomic
def sign_session(*, session: Session, by: User) -> None:
    """Sign the group note and the members' notes together. From then on the database refuses every change of them.

    Raises ``NotReadyToSign`` when attendance or a note is missing, ``AlreadySigned``, ``TooEarly`` or
    ``AlreadyCancelled``.
    """
    session = locked(session)
    ensure_documentable(session)
    missing = _sign_if_complete(session, by)
    if missing:
        raise NotReadyToSign(missing)


def _sign_if_complete(session: Session, by: User) -> list[Missing]:
    missing = missing_before_signing(Sheet(session))
    if not missing:
        signature = {"signed_at": now(), "signed_by": by}
        GroupNote.objects.filter(session=session).update(**signature)
        MemberNote.objects.filter(session=session).update(**signature)
    return missing


def _stored(session: Session, *, with_members: bool) -> _Page:
    notes = session.member_notes.select_related("author") if with_members else ()
    return _Page(
        session=session,
        group_note=GroupNote.objects.filter(session=session).select_related("author").first(),
        member_notes={note.membership_id: note for note in notes},
    )


def _refuse_stale(page: _Page, group_note: GroupNoteDraft | None, member_notes: Iterable[MemberNoteDraft]) -> None:
    is_stale = group_note and page.group_note and _conflicts(group_note, page.group_note)
    stale_members = {
        draft.membership_id: stored
        for draft in member_notes
        if (stored := page.member_notes.get(draft.membership_id)) and _conflicts(draft, stored)
    }
    if is_stale or stale_members:
        raise StaleNote(group_note=page.group_note if is_stale else None, member_notes=stale_members)


def _conflicts(draft: GroupNoteDraft | MemberNoteDraft, stored: GroupNote | MemberNote) -> bool:
    return draft.version != stored.version and not draft.is_in(stored)  # type: ignore[arg-type]


def _write_group_note(page: _Page, draft: GroupNoteDraft, by: User) -> None:
    if draft.is_in(page.group_note):
        return
    note = page.group_note or GroupNote(session=page.session, version=0)
    note.theme, note.observations, note.plan = draft.theme, draft.observations, draft.plan
    note.interventions, note.factors = list(draft.interventions), list(draft.factors)
    note.author, note.updated_at, note.version = by, now(), note.version + 1
    note.save()


def _write_member_notes(page: _Page, drafts: Iterable[MemberNoteDraft], by: User) -> None:
    """Write what differs, in one statement."""
    notes = []
    for draft in drafts:
        stored = page.member_notes.get(draft.membership_id)
        if draft.is_in(stored):
            continue
        note = stored or MemberNote(session=page.session, membership_id=draft.membership_id, version=0)
        note.text, note.author, note.updated_at, note.version = draft.text, by, now(), note.version + 1
        notes.append(note)
    # The key is the conflict's target: a text is encrypted for its row and must stay in it.
    MemberNote.objects.bulk_create(
        notes,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["text", "author", "updated_at", "version"],
    )
