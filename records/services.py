"""Imports of clients: upload, check, take (R54).

``check`` and ``take`` go in small committed steps, each under the lock of the import's row. They may be interrupted,
run again, or run twice at once: every row is dealt with once, and ``rows_done`` is always true.
"""

from collections.abc import Callable
from itertools import chain
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from common.clock import now
from common.errors import RuleBroken
from members.models import Client
from members.services import EmailTaken, create_client, keep_apart
from practice.models import User
from records.client_rows import Candidate, read_candidates
from records.models import ClientImport, ImportRow, ImportState, RowVerdict
from records.parsing import FileRefused, Problem, read_table

CHECKED_AT_ONCE = 50  # verdicts written in one step; clients are taken one by one

Progress = Callable[[int, int], None]


class NotReady(RuleBroken):
    """The import is not at the point at which the verb makes sense."""


def upload(*, content: bytes, file_name: str, by: User) -> ClientImport:
    """Keep a file to be checked. Raises ``FileRefused`` if it is too large."""
    if len(content) > settings.IMPORT_MAX_BYTES:
        raise FileRefused(
            _("The file is larger than %(limit)s MB. Split it into several files.")
            % {"limit": settings.IMPORT_MAX_BYTES // 1_000_000}
        )
    return ClientImport.objects.create(uploaded_by=by, file_name=file_name[:200], content=content)


# --- Checking -------------------------------------------------------------------------------------------------------
def check(*, import_id: UUID, progress: Progress | None = None) -> None:
    """Write a verdict for every row and change nothing else. An import that is checked already stays as it is."""
    batch = ClientImport.objects.get(pk=import_id)
    if batch.state not in (ImportState.UPLOADED, ImportState.CHECKING):
        return
    try:
        candidates = read_candidates(read_table(bytes(batch.content)))
    except FileRefused as error:
        _refuse(import_id, error.sentence)
        return
    emails = {candidate.email for candidate in candidates}
    here = dict(Client.objects.filter(email__in=emails).values_list("email", "pk"))
    while _check_some(import_id, candidates, here, progress):
        pass


def _check_some(import_id: UUID, candidates: list[Candidate], here: dict[str, UUID], progress: Progress | None) -> bool:
    """Write the next verdicts; return whether there may be more to write."""
    with transaction.atomic():
        batch = _locked(import_id)
        if batch.state not in (ImportState.UPLOADED, ImportState.CHECKING):
            return False
        some = candidates[batch.rows_done : batch.rows_done + CHECKED_AT_ONCE]
        ImportRow.objects.bulk_create(_verdict(batch, candidate, here) for candidate in some)
        batch.rows_total = len(candidates)
        batch.rows_done += len(some)
        batch.state = ImportState.CHECKED if batch.rows_done == batch.rows_total else ImportState.CHECKING
        batch.save(update_fields=["rows_total", "rows_done", "state"])
    if progress:
        progress(batch.rows_done, batch.rows_total)
    return batch.state == ImportState.CHECKING


def _verdict(batch: ClientImport, candidate: Candidate, here: dict[str, UUID]) -> ImportRow:
    row = ImportRow(batch=batch, line=candidate.line, label=candidate.label)
    if candidate.problems:
        _set_bad(row, candidate.problems)
    else:
        row.client_id = here.get(candidate.email)
        row.verdict = RowVerdict.KNOWN if row.client_id else RowVerdict.NEW
    return row


def _set_bad(row: ImportRow, problems: list[Problem]) -> None:
    row.verdict = RowVerdict.BAD
    row.problems = [{"column": problem.column, "reason": problem.reason} for problem in problems]


def _refuse(import_id: UUID, sentence: str) -> None:
    with transaction.atomic():
        batch = _locked(import_id)
        if batch.state in (ImportState.UPLOADED, ImportState.CHECKING):
            batch.state, batch.refusal, batch.content = ImportState.REFUSED, sentence, b""
            batch.finished_at = now()
            batch.save(update_fields=["state", "refusal", "content", "finished_at"])


# --- Taking ---------------------------------------------------------------------------------------------------------
@transaction.atomic
def start_taking(*, import_id: UUID) -> None:
    """Release a checked import for taking; one that is or was being taken stays as it is. Raises ``NotReady``."""
    batch = _locked(import_id)
    if batch.state in (ImportState.TAKING, ImportState.TAKEN):
        return
    if batch.state != ImportState.CHECKED:
        raise NotReady(_("The file must be checked before its rows can be taken."))
    if not batch.rows.exclude(verdict=RowVerdict.BAD).exists():
        raise NotReady(_("No row of this file can be taken. Correct the file and upload it again."))
    batch.state, batch.rows_done = ImportState.TAKING, 0
    batch.save(update_fields=["state", "rows_done"])


def take(*, import_id: UUID, progress: Progress | None = None) -> None:
    """Take the good rows of an import that ``start_taking`` released, each client whole or not at all.

    Whoever has an e-mail address that is known here already is not made again; only missing pairs to keep apart are
    added. At the end the file's content is forgotten.
    """
    batch = ClientImport.objects.get(pk=import_id)
    if batch.state != ImportState.TAKING:
        return
    candidates = {candidate.line: candidate for candidate in read_candidates(read_table(bytes(batch.content)))}
    apart = _pairs(list(candidates.values()))
    while _take_next(import_id, candidates, apart, progress):
        pass


def _take_next(
    import_id: UUID, candidates: dict[int, Candidate], apart: dict[str, set[str]], progress: Progress | None
) -> bool:
    """Deal with the next row; return whether there may be another."""
    with transaction.atomic():
        batch = _locked(import_id)
        if batch.state != ImportState.TAKING:
            return False
        row = batch.rows.order_by("line")[batch.rows_done : batch.rows_done + 1].get()
        if row.verdict != RowVerdict.BAD:
            candidate = candidates[row.line]
            _take_row(row, candidate, apart.get(candidate.email, set()), by=batch.uploaded_by)
        batch.rows_done += 1
        if batch.rows_done == batch.rows_total:
            batch.state, batch.content, batch.finished_at = ImportState.TAKEN, b"", now()
            batch.save(update_fields=["rows_done", "state", "content", "finished_at"])
        else:
            batch.save(update_fields=["rows_done"])
    if progress:
        progress(batch.rows_done, batch.rows_total)
    return batch.state == ImportState.TAKING


def _take_row(row: ImportRow, candidate: Candidate, apart: set[str], *, by: User) -> None:
    if candidate.problems:
        # The practice changed since the dry run: a site was renamed, a list shortened.
        _set_bad(row, candidate.problems)
    else:
        row.client, row.verdict = _client_of(candidate, by=by)
        for other in Client.objects.filter(email__in=apart):
            keep_apart(one=row.client, other=other, by=by)
    row.save()


def _client_of(candidate: Candidate, *, by: User) -> tuple[Client, RowVerdict]:
    """Return the client with the row's e-mail address, made now unless there is one."""
    known = Client.objects.filter(email=candidate.email).first()
    if known is not None:
        return known, RowVerdict.KNOWN
    try:
        client = create_client(
            client=candidate.client,
            fit=candidate.fit,
            channels=candidate.channels,
            waiting_since=candidate.client.referral_date,
            by=by,
        )
    except EmailTaken:  # by somebody who was faster, a moment ago
        return Client.objects.get(email=candidate.email), RowVerdict.KNOWN
    return client, RowVerdict.NEW


def _pairs(candidates: list[Candidate]) -> dict[str, set[str]]:
    """Return by e-mail address whom each is kept apart from; a pair has no direction, whichever row names it."""
    good = [candidate for candidate in candidates if not candidate.problems]
    pairs = chain.from_iterable(((one.email, other), (other, one.email)) for one in good for other in one.apart)
    apart: dict[str, set[str]] = {}
    for one, other in pairs:
        apart.setdefault(one, set()).add(other)
    return apart


# --- Forgetting -----------------------------------------------------------------------------------------------------
@transaction.atomic
def discard(*, import_id: UUID) -> None:
    """Forget an upload of which nothing was taken. Raises ``NotReady`` once taking has begun."""
    batch = _locked(import_id)
    if batch.state in (ImportState.TAKING, ImportState.TAKEN):
        raise NotReady(_("Clients were taken from this file, so it stays in the list."))
    batch.delete()


def _locked(import_id: UUID) -> ClientImport:
    batches = ClientImport.objects.without_content().select_related("uploaded_by")
    batch: ClientImport = batches.select_for_update(no_key=True, of=("self",)).get(pk=import_id)
    return batch
