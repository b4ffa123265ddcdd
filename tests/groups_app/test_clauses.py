"""Taking an agreement's text apart into clauses."""

from hypothesis import given
from hypothesis import strategies as st

from groups_app.clauses import Clause, clauses


def test_clauses_and_paragraphs() -> None:
    text = "Before.\n\n## We talk\nOne.\nStill one.\n\nTwo.\n## We come\n"
    assert clauses(text) == [
        Clause("", ("Before.",)),
        Clause("We talk", ("One.\nStill one.", "Two.")),
        Clause("We come", ()),
    ]


def test_a_hash_inside_a_line_is_no_heading() -> None:
    assert clauses("Clause ## 2") == [Clause("", ("Clause ## 2",))]


@given(st.lists(st.text(alphabet="ab #\n", max_size=30), max_size=6))
def test_no_word_is_lost(parts: list[str]) -> None:
    """R47: what is shown before signing is all of what is signed."""
    text = "\n## ".join(parts)
    shown = "".join(clause.heading + "".join(clause.paragraphs) for clause in clauses(text))
    assert [letter for letter in shown if letter in "ab"] == [letter for letter in text if letter in "ab"]
