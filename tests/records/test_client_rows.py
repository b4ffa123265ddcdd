"""Every column is used and every bad cell is named with what to do (R54)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time

import pytest
import time_machine
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from members.models import Channel, Gender
from members.services import Span
from records import columns
from records.client_rows import Candidate, read_candidates
from records.parsing import read_table
from tests.factories.members import ClientFactory
from tests.records.lists import GOOD_FILE, MESSY_FILE, csv_bytes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("three_sites", "_november")]


@pytest.fixture
def _november() -> Iterator[None]:
    """A fixed day: Sunday, November 22, 2026, noon in Brooklyn."""
    with time_machine.travel(datetime(2026, 11, 22, 17, tzinfo=UTC), tick=False):
        yield


def candidates(*rows: dict[str, str]) -> list[Candidate]:
    """Check a list of these rows."""
    return read_candidates(read_table(csv_bytes(*rows)))


def problems(checked: list[Candidate]) -> list[tuple[int, str]]:
    """Return line and column of every problem, in order."""
    return [(candidate.line, problem.column) for candidate in checked for problem in candidate.problems]


def test_every_column_is_used() -> None:
    """R54: from the file to the client, cell by cell."""
    (row,) = candidates(
        {
            "Preferred name": "Jo",
            "Email": "Imani@Mail.example",
            "Notes": "Only after 5 PM,\nplease.",
            "Mobile": "718 555 0100",
        }
    )
    client = row.client
    assert not row.problems
    assert (client.first_name, client.last_name, client.preferred_name) == ("Imani", "Adair", "Jo")
    assert (client.pronouns, client.gender) == ("she/her", Gender.WOMAN)
    assert (client.birth_date, client.referral_date) == (date(1988, 3, 4), date(2026, 9, 1))
    assert (client.email, client.mobile) == ("imani@mail.example", "+17185550100")
    assert (client.site.name, client.online_ok) == ("Brooklyn", True)
    assert client.referral_reason is not None
    assert client.referral_reason.code == "friend"
    assert client.notes == "Only after 5 PM,\nplease."
    assert row.channels == [Channel.EMAIL, Channel.TEXT]
    assert [area.code for area in row.fit.difficulties] == ["anger", "trust"]
    assert [area.code for area in row.fit.problem_areas] == ["role-disputes", "grief"]  # the first is the main one
    assert [entry.code for entry in row.fit.conditions] == ["depression"]
    assert [entry.code for entry in row.fit.goals] == ["peer-support", "communication"]
    assert row.fit.availability == [Span(0, time(16), time(19)), Span(3, time(18), time(21))]


def test_practices_own_list_is_all_good() -> None:
    """R54: 120 rows, 120 clients, ten pairs to keep apart."""
    checked = read_candidates(read_table(GOOD_FILE.read_bytes()))
    assert len(checked) == 120
    assert problems(checked) == []
    assert sum(len(candidate.apart) for candidate in checked) > 5


def test_messy_list() -> None:
    """R54: each bad row by line and column, and no other. Lines 3 and 23 name people whose own lines are bad (R22)."""
    checked = read_candidates(read_table(MESSY_FILE.read_bytes()))
    assert problems(checked) == [
        (3, "Keep apart from"),  # of line 12
        (4, "Date of birth"),  # February 31
        (5, "Site"),  # Boston
        (6, "Email"),
        (7, "Difficulties"),  # fear of flying
        (8, "Available"),  # ends before it begins
        (9, "Email"),  # as on line 3
        (10, "First name"),  # a formula
        (11, "Mobile"),  # 12
        (12, "Date of birth"),  # 2031
        (13, "Referral reason"),  # cut off
        (14, "First name"),  # empty
        (15, "Notes"),  # 20,000 letters
        (16, "Keep apart from"),  # nobody
        (17, "Contact by"),  # pigeon
        (18, "Available"),  # empty
        (19, "First name"),  # turns the writing around
        (20, "Date of birth"),  # 3/4/88
        (23, "Keep apart from"),  # of line 14
    ]
    assert [candidate.line for candidate in checked if not candidate.problems] == [2, 21, 22, 24, 25]


@pytest.mark.parametrize(
    ("column", "cell", "part"),
    [
        (columns.FIRST_NAME, "", "is empty"),
        (columns.FIRST_NAME, "=1+1", "begins with “=”"),
        (columns.LAST_NAME, "@SUM(A1)", "begins with “@”"),
        (columns.PREFERRED_NAME, "-2", "begins with “-”"),
        (columns.FIRST_NAME, "x" * 101, "the limit is 100"),
        (columns.LAST_NAME, "Ad\x00air", "invisible"),
        (columns.LAST_NAME, "Ad\u2066air", "invisible"),
        (columns.GENDER, "x", "“x” is not one of woman"),
        (columns.BIRTH_DATE, "", "is empty"),
        (columns.BIRTH_DATE, "3/4/88", "“3/4/88” can mean more than one day"),
        (columns.BIRTH_DATE, "3/4/1988", "can mean more than one day"),
        (columns.BIRTH_DATE, "31/02/1990", "no day “31/02/1990”"),
        (columns.BIRTH_DATE, "1990-02-30", "no day"),
        (columns.BIRTH_DATE, "yesterday", "is not a date"),
        (columns.BIRTH_DATE, "2026-11-23", "is in the future"),
        (columns.BIRTH_DATE, "1899-12-31", "before 1900"),
        (columns.EMAIL, "nobody", "is not an email address"),
        (columns.MOBILE, "12", "is not a phone number"),
        (columns.MOBILE, "(718) 555-0100 x12", "is not a phone number"),
        (columns.MOBILE, "", "Text messages need a mobile"),
        (columns.CONTACT_BY, "pigeon", "“pigeon” is not a way"),
        (columns.CONTACT_BY, "", "is not a way"),
        (columns.SITE, "Boston", "Choose from: Austin; Brooklyn; Online"),
        (columns.ONLINE_OK, "maybe", "neither yes nor no"),
        (columns.REFERRAL_DATE, "2026-12-01", "is in the future"),
        (columns.REFERRAL_REASON, "horoscope", "“horoscope” is not known here. Choose from: self; friend"),
        (columns.DIFFICULTIES, "trust; fear of flying", "“fear of flying” is not known here"),
        (columns.PROBLEM_AREAS, "love", "“love” is not known here"),
        (columns.CONDITIONS, "love", "“love” is not known here"),
        (columns.GOALS, "love", "“love” is not known here"),
        (columns.AVAILABLE, "", "no group would ever fit"),
        (columns.AVAILABLE, "Mon 20:00-18:00", "ends before it begins"),
        (columns.AVAILABLE, "Mon 25:00-26:00", "is not a time"),
        (columns.AVAILABLE, "Xyz 16:00-19:00", "is not a time"),
        (columns.AVAILABLE, "evenings", "is not a time"),
        (columns.KEEP_APART, "nobody@mail.example", "no line of this file has the address nobody@mail.example"),
        (columns.KEEP_APART, "row0@mail.example", "the client's own address"),
        (columns.KEEP_APART, "Jo", "is not an email address"),
        (columns.NOTES, "x" * 2001, "2,001 characters; the limit is 2,000"),
    ],
)
def test_bad_cells(column: columns.Column, cell: str, part: str) -> None:
    """R54: one problem, its column, and a sentence that says what to do."""
    (row,) = candidates({column.name: cell})
    (problem,) = row.problems
    assert problem.column == column.name
    assert part in problem.reason


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        (columns.BIRTH_DATE, "5/17/1990"),
        (columns.BIRTH_DATE, "17.5.1990"),
        (columns.BIRTH_DATE, "3/3/1990"),
        (columns.CONTACT_BY, "SMS, Email"),
        (columns.CONTACT_BY, "none"),
        (columns.SITE, " online "),
        (columns.ONLINE_OK, ""),
        (columns.GENDER, "Non-Binary"),
        (columns.AVAILABLE, "monday 8:00 – 10:00"),
        (columns.FIRST_NAME, "می\u200cنا"),
        (columns.LAST_NAME, "O'Brien-De\u00a0Luca"),
    ],
)
def test_cells_as_people_write_them(column: columns.Column, cell: str) -> None:
    (row,) = candidates({column.name: cell})
    assert not row.problems


def test_whoever_is_named_by_a_bad_row_is_not_bad() -> None:
    """R22, R54: only who names somebody waits for them; and that goes on from row to row."""
    rows = candidates(
        {"Email": "a@mail.example", "Keep apart from": "b@mail.example"},
        {"Email": "b@mail.example", "Keep apart from": "c@mail.example; d@mail.example"},
        {"Email": "c@mail.example", "Site": "Boston"},
        {"Email": "d@mail.example"},
    )
    assert problems(rows) == [(2, "Keep apart from"), (3, "Keep apart from"), (4, "Site")]
    assert "on line 3" in rows[0].problems[0].reason


def test_counterparts_may_be_clients_already() -> None:
    ClientFactory(email="here@mail.example")
    (row,) = candidates({"Keep apart from": "Here@mail.example"})
    assert not row.problems
    assert row.apart == ["here@mail.example"]


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cells=st.dictionaries(
        st.sampled_from([column.name for column in columns.COLUMNS]),
        st.text(st.characters(codec="utf-8"), max_size=60),
        max_size=6,
    )
)
def test_any_cells(cells: dict[str, str]) -> None:
    """R54: whatever stands in a cell, the answer is a client or a reason."""
    (row,) = candidates(cells)
    assert row.problems or row.client.email
