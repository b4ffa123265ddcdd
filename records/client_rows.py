"""From rows of a file to clients that could be taken, each cell checked, every problem with its column (R54)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from common.clock import now, today_in
from members.models import (
    Channel,
    Client,
    Condition,
    DifficultyArea,
    Goal,
    ProblemArea,
    ReferenceItem,
    ReferralReason,
)
from members.services import Fit
from practice.models import Site
from records import cells, columns
from records.columns import Column
from records.parsing import Problem, Row, Table, shown

LONGEST_NOTES = 2000


@dataclass
class Candidate:
    """A row that was checked. Without ``problems``, ``client`` and what belongs to it are complete."""

    line: int
    label: str = ""
    email: str = ""
    client: Client = field(default_factory=Client)
    fit: Fit = field(default_factory=Fit)
    channels: list[Channel] = field(default_factory=list)
    apart: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, column: Column, reason: str) -> None:
        """Note why the row cannot be taken."""
        self.problems.append(Problem(column.name, reason))


def read_candidates(table: Table) -> list[Candidate]:
    """Check every row by itself, then the rows against each other and against the clients there are."""
    lists = Lists()
    candidates = [_read_row(row, lists) for row in table.rows]
    _refuse_repeated(candidates)
    _refuse_unknown_counterparts(candidates)
    return candidates


class Lists:
    """What rows refer to by name, read once for a whole file."""

    def __init__(self) -> None:
        self.sites = {cells.folded(site.name): site for site in Site.objects.all()}
        self.reasons = _by_label(ReferralReason)
        self.difficulties = _by_label(DifficultyArea)
        self.problem_areas = _by_label(ProblemArea)
        self.conditions = _by_label(Condition)
        self.goals = _by_label(Goal)


def _by_label(model: type[ReferenceItem]) -> dict[str, Any]:
    return {cells.folded(entry.label): entry for entry in model._default_manager.filter(is_offered=True)}


# --- One row --------------------------------------------------------------------------------------------------------
class _Reader:
    """Reads the cells of one row and gathers what is wrong with them."""

    def __init__(self, row: Row) -> None:
        self.cells = row.cells
        self.problems: list[Problem] = [row.problem] if row.problem else []

    def read(self, column: Column, parse: Callable[[str], Any], otherwise: Any) -> Any:
        """Return the parsed cell, or ``otherwise`` after noting its problem. A column the file lacks is empty."""
        try:
            return parse(self.cells.get(column, ""))
        except cells.CellRefused as error:
            self.problems.append(Problem(column.name, error.sentence))
            return otherwise

    def refuse(self, column: Column, reason: str) -> None:
        """Note a problem that only several cells together show."""
        self.problems.append(Problem(column.name, reason))

    def words(self, column: Column, *, limit: int, needed: bool = False) -> str:
        """Return a short text."""
        check = cells.needed if needed else str
        return str(self.read(column, lambda text: cells.words(check(text), limit=limit), ""))


def _read_row(row: Row, lists: Lists) -> Candidate:
    reader = _Reader(row)
    if row.problem:
        return Candidate(row.line, problems=reader.problems)
    client = _client(reader, lists)
    channels: list[Channel] = reader.read(columns.CONTACT_BY, cells.channels, [])
    if Channel.TEXT in channels and not row.cells.get(columns.MOBILE):
        reader.refuse(columns.MOBILE, _("Text messages need a mobile phone. Enter it, or write email only."))
    return Candidate(
        line=row.line,
        label=_label(row),
        email=client.email,
        client=client,
        fit=_fit(reader, lists),
        channels=channels,
        apart=reader.read(columns.KEEP_APART, cells.emails, []),
        problems=reader.problems,
    )


def _client(reader: _Reader, lists: Lists) -> Client:
    site = reader.read(columns.SITE, lambda text: cells.choice(cells.needed(text), lists.sites), None)
    today = today_in(site.zone) if site else now().date()
    return Client(
        first_name=reader.words(columns.FIRST_NAME, limit=100, needed=True),
        last_name=reader.words(columns.LAST_NAME, limit=100, needed=True),
        preferred_name=reader.words(columns.PREFERRED_NAME, limit=100),
        pronouns=reader.words(columns.PRONOUNS, limit=40),
        gender=reader.read(columns.GENDER, cells.gender, ""),
        birth_date=reader.read(columns.BIRTH_DATE, lambda text: cells.birth_day(text, today=today), None),
        email=reader.read(columns.EMAIL, cells.email, ""),
        mobile=reader.read(columns.MOBILE, cells.mobile, ""),
        site=site,
        online_ok=reader.read(columns.ONLINE_OK, cells.answer, False),
        referral_date=reader.read(columns.REFERRAL_DATE, lambda text: cells.past_day(text, today=today), None),
        referral_reason=reader.read(
            columns.REFERRAL_REASON, lambda text: cells.choice(text, lists.reasons) if text else None, None
        ),
        notes=reader.read(columns.NOTES, lambda text: cells.prose(text, limit=LONGEST_NOTES), ""),
    )


def _fit(reader: _Reader, lists: Lists) -> Fit:
    return Fit(
        difficulties=reader.read(columns.DIFFICULTIES, lambda text: cells.choices(text, lists.difficulties), []),
        problem_areas=reader.read(columns.PROBLEM_AREAS, lambda text: cells.choices(text, lists.problem_areas), []),
        conditions=reader.read(columns.CONDITIONS, lambda text: cells.choices(text, lists.conditions), []),
        goals=reader.read(columns.GOALS, lambda text: cells.choices(text, lists.goals), []),
        availability=reader.read(columns.AVAILABLE, cells.spans, []),
    )


def _label(row: Row) -> str:
    """Return what a person calls the row, bad cells and all."""
    called = row.cells.get(columns.PREFERRED_NAME) or row.cells[columns.FIRST_NAME]
    return " ".join(filter(None, [shown(called), shown(row.cells[columns.LAST_NAME])]))


# --- Rows among each other ------------------------------------------------------------------------------------------
def _refuse_repeated(candidates: list[Candidate]) -> None:
    """An e-mail address is one person's: of several rows with it only the first can be taken."""
    first_line: dict[str, int] = {}
    for candidate in candidates:
        line = first_line.setdefault(candidate.email, candidate.line)
        if candidate.email and line != candidate.line:
            reason = _("%(email)s is on line %(line)s already. One person, one line: delete one of them.")
            candidate.refuse(columns.EMAIL, reason % {"email": candidate.email, "line": line})


def _refuse_unknown_counterparts(candidates: list[Candidate]) -> None:
    """Whoever is to be kept apart from somebody waits for that somebody.

    Taken alone, the two could be put into one group before anybody noticed (R22); nothing is half-imported (R54).
    """
    named = {email for candidate in candidates for email in candidate.apart}
    here = set(Client.objects.filter(email__in=named).values_list("email", flat=True))
    rows: dict[str, Candidate] = {}
    for candidate in candidates:
        rows.setdefault(candidate.email, candidate)
    while True:
        # A row refused here may itself be named by another.
        refused = [candidate for candidate in candidates if _refuse_counterpart(candidate, here, rows)]
        if not refused:
            return


def _refuse_counterpart(candidate: Candidate, here: set[str], rows: dict[str, Candidate]) -> bool:
    """Note the first counterpart that stands in the way; return whether that is news."""
    if any(problem.column == columns.KEEP_APART.name for problem in candidate.problems):
        return False
    for email in candidate.apart:
        row = rows.get(email)
        if email == candidate.email:
            reason = _("This is the client's own address. Enter the other person's, or empty the cell.")
        elif email in here:
            continue
        elif row is None:
            reason = _("Nobody here and no line of this file has the address %(email)s. Correct it, or empty the cell.")
        elif row.problems:
            reason = _("%(email)s is on line %(line)s, which cannot be taken. Correct that line first.")
        else:
            continue
        candidate.refuse(columns.KEEP_APART, reason % {"email": shown(email), "line": row.line if row else 0})
        return True
    return False
