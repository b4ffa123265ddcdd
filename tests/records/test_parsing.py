"""Any bytes become rows or one sentence (R54)."""

import datetime
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from pytest_django.fixtures import Settings

from records import columns
from records.parsing import FileRefused, Table, read_table
from tests.records.lists import GOOD_FILE, MESSY_FILE, csv_bytes, csv_text

HEADER = ",".join(column.name for column in columns.COLUMNS)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (b"\xef\xbb\xbf", "utf-8"),
        (b"", "utf-16-le"),
        (b"\xff\xfe", "utf-16-le"),
        (b"", "utf-16-be"),
        (b"\xfe\xff", "utf-16-be"),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_encodings_and_delimiters(mark: bytes, encoding: str, delimiter: str, newline: str) -> None:
    """R54: UTF-8 and UTF-16 with and without a mark; commas, semicolons, tabs; every kind of line end."""
    text = csv_text({"First name": "Łucja", "Notes": "a, b; c"}, delimiter=delimiter).replace("\r\n", newline)
    table = read_table(mark + text.encode(encoding))
    assert [row.line for row in table.rows] == [2]
    assert table.rows[0].cells[columns.FIRST_NAME] == "Łucja"
    assert table.rows[0].cells[columns.NOTES] == "a, b; c"
    assert table.has == set(columns.COLUMNS)


def test_sample_files() -> None:
    """R54: the practice's own list has 120 rows; in the messy one a line is cut off."""
    assert len(read_table(GOOD_FILE.read_bytes()).rows) == 120
    messy = read_table(MESSY_FILE.read_bytes())
    assert [row.line for row in messy.rows if row.problem] == [13]
    assert messy.rows[-1].line == 25


def test_lines_are_those_of_the_file() -> None:
    """R54: blank lines and cells of several lines do not shift the numbers."""
    text = csv_text({"Notes": "one\ntwo"}, {}).replace("\r\n", "\n")
    header, rest = text.split("\n", 1)
    assert [row.line for row in read_table(f"\n{header}\n\n{rest}".encode()).rows] == [4, 6]


def test_header_is_read_as_people_write_it() -> None:
    """R54: case, spaces and underscores do not count; empty columns at the end neither."""
    text = csv_text({}).replace("First name", " FIRST_NAME").replace("Date of birth", "date-of-birth")
    lines = [f"{line},," for line in text.splitlines()]
    assert not read_table("\n".join(lines).encode()).rows[0].problem


def test_columns_may_be_in_any_order_and_some_may_be_missing() -> None:
    content = (
        b"Email,Last name,First name,Date of birth,Contact by,Site,Referral date,Available\n"
        b"a@mail.example,Adair,Imani,1988-03-04,email,Brooklyn,2026-09-01,Mon 16:00-19:00\n"
    )
    row = read_table(content).rows[0]
    assert row.cells[columns.LAST_NAME] == "Adair"
    assert columns.NOTES not in row.cells


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"", "is empty"),
        (b" \n\n", "is empty"),
        (b"\xff\xfe", "is empty"),
        (HEADER.encode(), "no row below"),
        (b"hello\nworld\n", "must name the columns"),
        (f"{HEADER},Fee\n".encode(), "“Fee” is not known"),
        (f"{HEADER},Site\n".encode(), "“Site” is there twice"),
        (HEADER.replace("Email,", "").encode(), "Columns are missing: Email"),
        (f"{HEADER}\n".encode() + b"Jos\xe9", "letters of this file cannot be read"),
        (f'{HEADER}\nImani,"Adair\n\nmore'.encode(), "quotation marks on line 2"),
        (f'{HEADER}\nImani,"Ad"air'.encode(), "quotation marks on line 2"),
        (f"{HEADER}\n{'x' * 200_000}".encode(), "line 2"),
        (b"PK\x03\x04 but not a workbook", "Excel file cannot be read"),
    ],
)
def test_refused_files(content: bytes, part: str) -> None:
    """R54: a file that cannot be read is refused with a sentence that says what to do."""
    with pytest.raises(FileRefused) as refusal:
        read_table(content)
    assert part in refusal.value.sentence


def test_limits(settings: Settings) -> None:
    """R54: more rows or bytes than an import should have are refused, not cut."""
    content = csv_bytes({}, {}, {})
    settings.IMPORT_MAX_ROWS = 3
    assert len(read_table(content).rows) == 3
    settings.IMPORT_MAX_ROWS = 2
    with pytest.raises(FileRefused, match="more than 2 rows"):
        read_table(content)
    settings.IMPORT_MAX_BYTES = 100
    with pytest.raises(FileRefused, match="larger than"):
        read_table(content)


@pytest.mark.parametrize(
    ("cells", "column"),
    [(5, columns.BIRTH_DATE), (19, columns.NOTES), (21, columns.NOTES)],
)
def test_too_few_and_too_many_cells(cells: int, column: columns.Column) -> None:
    """R54: nobody knows which value belongs where, so the row is named and none of it is read."""
    row = read_table(f"{HEADER}\n{','.join('x' * cells)}".encode()).rows[0]
    assert row.problem is not None
    assert row.problem.column == column.name
    assert not row.cells


def test_workbook() -> None:
    """R54: typed cells of Excel read as a person would have typed them; formulas stay visible as such."""
    book = Workbook()
    book.active.append([column.name for column in columns.COLUMNS])
    book.active.append([None, None])
    cells: list[object] = [""] * 20
    cells[:6] = ["Imani", "=1+1", None, None, None, datetime.date(1988, 3, 4)]
    cells[7], cells[10], cells[11] = 17185550100, True, datetime.datetime(2026, 9, 1, 12, 30)  # noqa: DTZ001
    book.active.append(cells[:12])
    file = io.BytesIO()
    book.save(file)
    (row,) = read_table(file.getvalue()).rows
    assert row.line == 3
    assert row.cells[columns.LAST_NAME] == "=1+1"
    assert row.cells[columns.BIRTH_DATE] == "1988-03-04"
    assert row.cells[columns.MOBILE] == "17185550100"
    assert row.cells[columns.ONLINE_OK] == "yes"
    assert row.cells[columns.REFERRAL_DATE] == "2026-09-01"
    assert row.cells[columns.NOTES] == ""


def test_workbook_that_unpacks_to_too_much() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", b"0" * 100_000_001)
    with pytest.raises(FileRefused, match="too large"):
        read_table(file.getvalue())


starts = st.sampled_from([b"", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"PK\x03\x04", HEADER.encode() + b"\n"])


@given(start=starts, content=st.binary(max_size=2_000))
def test_any_bytes(start: bytes, content: bytes) -> None:
    """R54: whatever is uploaded, the answer is rows or a sentence, never a crash."""
    _assert_answered(start + content)


@given(cells=st.lists(st.text(max_size=50), max_size=25))
def test_any_cells(cells: list[str]) -> None:
    """R54: and so with any letters below a right header."""
    _assert_answered(HEADER.encode() + b"\n" + ",".join(cells).encode("utf-8", "replace"))


def _assert_answered(content: bytes) -> None:
    try:
        answer = read_table(content)
    except FileRefused as refusal:
        answer = refusal.sentence
    assert isinstance(answer, Table) or answer
