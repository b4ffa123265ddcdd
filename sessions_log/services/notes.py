"""What is written about a session: drafts that overwrite nobody (R34, R37). ``signing`` locks them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction

from audit.services import record
from common.clock import now
from practice.models import User
from sessions_log.models import GroupNote, MemberNote, Session
from sessions_log.services.attendance import Came, ensure_documentable, ensure_on_roster, write_attendance
from sessions_log.services.boundaries import BoundaryDraft, write_boundaries
from sessions_log.services.drafts import GroupNoteDraft, MemberNoteDraft
from sessions_log.services.errors import AlreadySigned, StaleNote
from sessions_log.services.locking import locked
from sessions_log.services.names import NameAnswer, write_answer
from sessions_log.services.signing import SignScope, sign_if_complete
from sessions_log.signing import Missing

_NOBODY: Mapping[UUID, Came | str] = {}


@dataclass
class _Stored:
    """What is stored about a locked session, beside what somebody wants to store."""

    session: Session
    group_note: GroupNote | None
    member_notes: dict[UUID, MemberNote] = field(default_factory=dict)


@transaction.atomic
def document_session(
    *,
    session: Session,
    by: User,
    statuses: Mapping[UUID, Came | str] = _NOBODY,
    defaults: Mapping[UUID, Came | str] = _NOBODY,
    group_note: GroupNoteDraft | None = None,
    member_notes: Sequence[MemberNoteDraft] = (),
    boundary: BoundaryDraft | None = None,
    boundaries_withdrawn: Iterable[UUID] = (),
    names: NameAnswer | None = None,
    sign: SignScope | None = None,
) -> list[Missing]:
    """Save attendance (as ``record_attendance``), drafts of notes and boundary events together, or nothing of it.

    ``names`` is what somebody says about names found in the notes; it is done after the drafts are saved.

    With ``sign`` the notes of that scope are signed as well, unless something is missing: then everything is only
    saved, and what is missing is returned.

    A draft that says what is stored writes nothing, so saving twice is saving once; whoever changed the words last is
    the note's author. Raises ``StaleNote`` when a note changed since the draft's version, ``TooEarly``,
    ``AlreadyCancelled``, ``AlreadySigned`` or ``NotOnRoster``.
    """
    session = locked(session)
    ensure_documentable(session)
    people = {*statuses, *defaults, *(draft.membership_id for draft in member_notes)}
    ensure_on_roster(session, people | ({boundary.membership_id} if boundary else set()))
    wrote = write_attendance(session=session, statuses=statuses, defaults=defaults, by=by)

    stored = _stored(session, with_members=bool(member_notes))
    _refuse_stale(stored, group_note, member_notes)
    if group_note:
        wrote |= _write_group_note(stored, group_note, by)
    wrote |= _write_member_notes(stored, member_notes, by)
    if boundary or boundaries_withdrawn:
        write_boundaries(session=session, added=boundary, withdrawn=boundaries_withdrawn, by=by)
        wrote = True
    if wrote:
        record(action="session.documented", by=by, target=session)
    if names:
        write_answer(session=session, answer=names, by=by)
    return sign_if_complete(session, sign, by) if sign else []


def save_group_note(*, session: Session, draft: GroupNoteDraft, by: User) -> None:
    """Save a draft of the group note; see ``document_session``."""
    document_session(session=session, group_note=draft, by=by)


def save_member_note(*, session: Session, draft: MemberNoteDraft, by: User) -> None:
    """Save a draft of one member's note; see ``document_session``."""
    document_session(session=session, member_notes=[draft], by=by)


def _stored(session: Session, *, with_members: bool) -> _Stored:
    notes = session.member_notes.select_related("author") if with_members else ()
    return _Stored(
        session=session,
        group_note=GroupNote.objects.filter(session=session).select_related("author").first(),
        member_notes={note.membership_id: note for note in notes},
    )


def _refuse_stale(stored: _Stored, group_note: GroupNoteDraft | None, members: Iterable[MemberNoteDraft]) -> None:
    is_stale = group_note is not None and not group_note.is_newer_than(stored.group_note)
    stale_members = {
        draft.membership_id: stored.member_notes[draft.membership_id]
        for draft in members
        if not draft.is_newer_than(stored.member_notes.get(draft.membership_id))
    }
    if is_stale or stale_members:
        raise StaleNote(group_note=stored.group_note if is_stale else None, member_notes=stale_members)


def _write_group_note(stored: _Stored, draft: GroupNoteDraft, by: User) -> bool:
    """Write what differs; say whether anything did."""
    if draft.is_in(stored.group_note):
        return False
    note = stored.group_note or GroupNote(session=stored.session, version=0)
    if note.is_signed:
        raise AlreadySigned
    note.parts = draft.parts
    note.interventions, note.factors, note.tags = list(draft.interventions), list(draft.factors), list(draft.tags)
    note.phase = draft.phase
    note.author, note.updated_at, note.version = by, now(), note.version + 1
    note.save()
    return True


def _write_member_notes(stored: _Stored, drafts: Iterable[MemberNoteDraft], by: User) -> bool:
    """Write what differs, in one statement; say whether anything did."""
    notes = []
    for draft in drafts:
        note = stored.member_notes.get(draft.membership_id)
        if draft.is_in(note):
            continue
        note = note or MemberNote(session=stored.session, membership_id=draft.membership_id, version=0)
        if note.is_signed:
            raise AlreadySigned
        note.parts, note.format = dict(draft.parts), draft.format
        note.author, note.updated_at, note.version = by, now(), note.version + 1
        notes.append(note)
    # The key is the conflict's target: a text is encrypted for its row and must stay in it.
    MemberNote.objects.bulk_create(
        notes,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["parts", "format", "author", "updated_at", "version"],
    )
    return bool(notes)
