"""From the bytes of an uploaded file to its rows (R54).

CSV in UTF-8 or UTF-16, with or without a byte order mark, with commas, semicolons or tabs; or the first sheet of an
Excel workbook. Whatever the bytes are, the result is a ``Table`` or ``FileRefused``.
"""

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.conf import settings
from django.utils.translation import gettext as _
from openpyxl import load_workbook

from common.errors import RuleBroken
from records.columns import COLUMNS, Column

DELIMITERS = (",", ";", "\t")
ZIP_SIGNATURE = b"PK\x03\x04"
# A workbook is a zip file: a small one may unpack to gigabytes.
MOST_UNPACKED_BYTES = 100_000_000
# A sheet may claim a million empty lines below the list.
MOST_LINES = 50_000
MOST_CELLS_IN_LINE = 200
MOST_CELL_CHARACTERS = 32_767  # Excel's own limit, which a workbook made by hand need not keep


class FileRefused(RuleBroken):
    """The file as a whole cannot be read."""


@dataclass(frozen=True)
class Problem:
    """What is wrong in one cell, in words that say what to do. ``column`` is the column's name."""

    column: str
    reason: str


@dataclass(frozen=True)
class Row:
    """One row: the line of the file on which it begins (the header is line 1), and its cells by column.

    A row with too few or too many cells has a problem and no cells: nobody knows which value belongs where.
    """

    line: int
    cells: dict[Column, str] = field(default_factory=dict)
    problem: Problem | None = None


@dataclass(frozen=True)
class Table:
    """A file that could be read. ``has`` are the columns its header names."""

    has: frozenset[Column]
    rows: list[Row]


Line = tuple[int, list[str]]


def read_table(content: bytes) -> Table:
    """Return the rows of a file. Raises ``FileRefused`` with a sentence that says what to do."""
    if not content.strip():
        raise FileRefused(_("The file is empty. Choose the file that holds your list."))
    if len(content) > settings.IMPORT_MAX_BYTES:
        raise FileRefused(
            _("The file is larger than %(limit)s MB. Split it into several files.")
            % {"limit": settings.IMPORT_MAX_BYTES // 1_000_000}
        )
    lines = _workbook_lines(content) if content.startswith(ZIP_SIGNATURE) else _csv_lines(_decoded(content))
    return _table(line for line in lines if any(line[1]))


# --- Lines to rows --------------------------------------------------------------------------------------------------
def _table(lines: Iterator[Line]) -> Table:
    header = next(lines, None)
    if header is None:
        raise FileRefused(_("The file is empty. Choose the file that holds your list."))
    columns = _columns_of(header[1])
    rows: list[Row] = []
    for line, cells in lines:
        if len(rows) == settings.IMPORT_MAX_ROWS:
            raise FileRefused(
                _("The file has more than %(limit)s rows. Split it into several files.")
                % {"limit": f"{settings.IMPORT_MAX_ROWS:,}"}
            )
        rows.append(_row(line, cells, columns))
    if not rows:
        raise FileRefused(_("The file names its columns but has no row below them."))
    return Table(has=frozenset(columns), rows=rows)


def _columns_of(names: list[str]) -> list[Column]:
    """Return the columns in the order of the header; names count without case, spaces and punctuation."""
    known = {_folded(column.name): column for column in COLUMNS}
    while names and not names[-1]:
        names = names[:-1]
    unknown = [name for name in names if _folded(name) not in known]
    if len(unknown) == len(names):
        raise FileRefused(
            _("The first line must name the columns: %(columns)s.")
            % {"columns": ", ".join(column.name for column in COLUMNS)}
        )
    if unknown:
        raise FileRefused(
            _("The column “%(name)s” is not known. Rename it or delete it. Known are: %(columns)s.")
            % {"name": shown(unknown[0]), "columns": ", ".join(column.name for column in COLUMNS)}
        )
    columns = [known[_folded(name)] for name in names]
    for column in columns:
        if columns.count(column) > 1:
            raise FileRefused(_("The column “%(name)s” is there twice. Delete one.") % {"name": column.name})
    missing = [column.name for column in COLUMNS if column.is_required and column not in columns]
    if missing:
        raise FileRefused(
            _("Columns are missing: %(columns)s. Add them to the first line.") % {"columns": ", ".join(missing)}
        )
    return columns


def _row(line: int, cells: list[str], columns: list[Column]) -> Row:
    surplus = cells[len(columns) :]
    if any(surplus):
        return Row(line, problem=Problem(columns[-1].name, _too_many(len(cells), len(columns))))
    if len(cells) < len(columns):
        return Row(line, problem=Problem(columns[len(cells)].name, _too_few(len(cells), len(columns))))
    return Row(line, cells=dict(zip(columns, cells, strict=False)))


def _too_many(cells: int, columns: int) -> str:
    return _(
        "The line has %(cells)s cells, the first line only %(columns)s. Put quotation marks around a cell that "
        "contains a comma or a semicolon."
    ) % {"cells": cells, "columns": columns}


def _too_few(cells: int, columns: int) -> str:
    return _(
        "The line ends before this column: it has %(cells)s cells, the first line %(columns)s. Add what is missing; "
        "an empty cell needs its comma or semicolon, too."
    ) % {"cells": cells, "columns": columns}


def _folded(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())


def shown(text: str) -> str:
    """Return a piece of a stranger's file short enough, and with nothing invisible in it, to be shown in a sentence."""
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text[:40])


# --- CSV ------------------------------------------------------------------------------------------------------------
def _decoded(content: bytes) -> str:
    try:
        return content.decode(_encoding_of(content))
    except UnicodeDecodeError as error:
        raise FileRefused(
            _("The letters of this file cannot be read. Save it as “CSV UTF-8”, or upload the Excel file itself.")
        ) from error


def _encoding_of(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    # Without a mark: the header is plain English, of whose letters UTF-16 makes every second byte zero.
    zeros = [byte == 0 for byte in content[:4]]
    if zeros == [False, True, False, True]:
        return "utf-16-le"
    if zeros == [True, False, True, False]:
        return "utf-16-be"
    return "utf-8-sig"


def _csv_lines(text: str) -> Iterator[Line]:
    """Yield every record with the line it begins on; a quoted cell may run over several lines."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter_of(text), strict=True)
    begins = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise FileRefused(
                _(
                    "The quotation marks on line %(line)s do not match, or a cell there has no end. Correct that line "
                    "and upload the file again."
                )
                % {"line": begins}
            ) from error
        if cells is None:
            return
        yield begins, [cell.strip() for cell in cells]
        begins = reader.line_num + 1


def _delimiter_of(text: str) -> str:
    """Return what separates the cells: that which makes most known columns of the first line that is not blank."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    known = {_folded(column.name) for column in COLUMNS}
    return max(DELIMITERS, key=lambda delimiter: sum(_folded(name) in known for name in first.split(delimiter)))


# --- Excel ----------------------------------------------------------------------------------------------------------
def _workbook_lines(content: bytes) -> Iterator[Line]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked <= MOST_UNPACKED_BYTES:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # about styles and extensions, of which we read none
                return iter(list(_sheet_lines(content)))
    except FileRefused:
        raise
    except Exception as error:  # openpyxl documents no errors; a damaged file may raise any
        raise FileRefused(_("This Excel file cannot be read. Save the list as “CSV UTF-8” and upload that.")) from error
    raise FileRefused(_("This Excel file is too large. Copy the list into a new workbook and upload that."))


def _sheet_lines(content: bytes) -> Iterator[Line]:
    workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
    sheet = workbook.worksheets[0]
    sheet.reset_dimensions()  # what the file claims about its size is often wrong
    width = 0
    rows: Iterable[tuple[object, ...]] = sheet.iter_rows(max_col=MOST_CELLS_IN_LINE, values_only=True)
    for number, values in enumerate(rows, start=1):
        if number > MOST_LINES:
            raise FileRefused(_("The sheet goes on far below the list. Delete the empty lines below it."))
        cells = [_cell_text(value) for value in values]
        width = width or len(cells)
        # Excel does not store empty cells at the end of a line: there, unlike in CSV, they are not missing.
        yield number, cells + [""] * (width - len(cells))


def _cell_text(value: object) -> str:
    """Return a typed cell as a person would have typed it into a CSV file."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)[:MOST_CELL_CHARACTERS].strip()
