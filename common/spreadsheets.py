"""Cells that no spreadsheet program takes for a formula (R54), and CSV files as such programs open them."""

import csv
import io
from collections.abc import Iterable, Sequence

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet program might run the cell instead of showing it."""
    return cell.startswith(FORMULA_STARTS)


def neutralized(cell: str) -> str:
    """Return the cell as plain text for every spreadsheet program: a formula gets an apostrophe in front."""
    return f"'{cell}" if is_formula(cell) else cell


def csv_file(rows: Iterable[Sequence[object]]) -> bytes:
    """Return ``rows``, the header among them, as CSV in UTF-8 with the mark that Excel needs, formulas neutralized."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([neutralized(str(cell)) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")
