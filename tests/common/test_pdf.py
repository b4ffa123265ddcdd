"""Papers: set from data that is never read as typst, tagged for screen readers, and never refused for a letter."""

import pytest

from common import pdf
from sessions_log.paper import WORDS

DATA = {
    "practice": "Kith",
    "title": "Session 7 of 14",
    "group": "Circle",
    "facts": [["Session", "Tuesday"]],
    "group_parts": [["Theme", "Anger #panic() *and* $silence$\nsecond line"]],
    "group_addenda": [],
    "members": [{"name": "Imani A.", "came": "Here", "parts": [["", "Spoke."]], "absence": "", "addenda": []}],
    "boundaries": [],
    "signatures": ["Signed."],
    "words": dict.fromkeys(WORDS, "x"),
}


def test_words_are_data() -> None:
    made = pdf.render(pdf.TEMPLATES / "session_record.typ", DATA)
    assert made.startswith(b"%PDF")
    assert b"pdfuaid" in made


@pytest.mark.parametrize("words", ["漢字", "🙂", "\u202eright to left"])
def test_letters_without_a_font_are_no_error(words: str) -> None:
    made = pdf.render(pdf.TEMPLATES / "session_record.typ", DATA | {"group_parts": [["Theme", words]]})
    assert made.startswith(b"%PDF")
