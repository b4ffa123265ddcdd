"""Lists of clients for tests: the two sample files, and small ones made of cells."""

import csv
import io
from pathlib import Path

from records.columns import COLUMNS

DATA = Path(__file__).parent / "data"
GOOD_FILE = DATA / "waiting-list.csv"
MESSY_FILE = DATA / "waiting-list-messy.csv"

GOOD_CELLS = {
    "First name": "Imani",
    "Last name": "Adair",
    "Preferred name": "",
    "Pronouns": "she/her",
    "Gender": "woman",
    "Date of birth": "1988-03-04",
    "Email": "imani@mail.example",
    "Mobile": "+1 718 555 0100",
    "Contact by": "email and text",
    "Site": "Brooklyn",
    "Online ok": "yes",
    "Referral date": "2026-09-01",
    "Referral reason": "friend",
    "Difficulties": "anger, frustration or dissatisfaction; trust",
    "Problem areas": "role disputes; grief",
    "Conditions": "depression",
    "Goals": "peer support; communication",
    "Available": "Mon 16:00-19:00; Thu 18:00-21:00",
    "Keep apart from": "",
    "Notes": "",
}


def csv_text(*rows: dict[str, str], delimiter: str = ",") -> str:
    """Return a list with one row for each of ``rows``: the good cells, changed as each says."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, [column.name for column in COLUMNS], delimiter=delimiter)
    writer.writeheader()
    for number, cells in enumerate(rows):
        writer.writerow(GOOD_CELLS | {"Email": f"row{number}@mail.example"} | cells)
    return text.getvalue()


def csv_bytes(*rows: dict[str, str]) -> bytes:
    """Return ``csv_text`` as UTF-8."""
    return csv_text(*rows).encode()
