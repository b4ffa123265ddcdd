"""An agreement's text and its clauses, and the little markup they may have."""

from hypothesis import given
from hypothesis import strategies as st

from groups_app.clauses import Clause, changed, clauses, has_marks, text_of
from groups_app.markup import to_blocks, to_html


def test_clauses_and_paragraphs() -> None:
    text = "Before.\n\n## We talk\nOne.\nStill one.\n\nTwo.\n\n> Because.\n## We come\n"
    assert clauses(text) == [
        Clause("", "Before."),
        Clause("We talk", "One.\nStill one.\n\nTwo.", "Because."),
        Clause("We come", ""),
    ]


def test_a_hash_inside_a_line_is_no_heading() -> None:
    assert clauses("Clause ## 2") == [Clause("", "Clause ## 2")]


_words = st.text(alphabet="ab *-#>\n", max_size=30).map(str.strip).filter(lambda text: not has_marks(text))
_heading = st.text(alphabet="ab #>", min_size=1, max_size=12).map(str.strip).filter(bool)
_why = st.text(alphabet="ab", max_size=12)


@given(st.lists(st.builds(Clause, _heading, _words, _why), max_size=5))
def test_a_text_comes_apart_into_what_it_was_made_of(parts: list[Clause]) -> None:
    """R47: what is acknowledged clause by clause is the text that is signed, and all of it."""
    assert clauses(text_of(parts)) == parts


@given(st.lists(st.text(alphabet="ab #\n", max_size=30), max_size=6))
def test_no_word_is_lost(parts: list[str]) -> None:
    """R47: what is shown before signing is all of what is signed."""
    text = "\n## ".join(parts)
    shown = "".join(clause.heading + clause.body + clause.why for clause in clauses(text))
    assert [letter for letter in shown if letter in "ab"] == [letter for letter in text if letter in "ab"]


def test_changed_clauses() -> None:
    old, new = [Clause("A", "a"), Clause("B", "b")], [Clause("B", "b"), Clause("A", "a!"), Clause("C", "c")]
    assert changed(old, new) == [Clause("A", "a!"), Clause("C", "c")]


# --- Markup ---------------------------------------------------------------------------------------------------------
def test_emphasis_lists_and_lines() -> None:
    assert to_html("We *talk*.\n**Always**\n\n- one\n- two") == (
        "<p>We <em>talk</em>.<br>\n<strong>Always</strong></p>\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n"
    )


@given(st.text(alphabet="<>&\"'scriptonhefjav:=()[]!*_`#-/ \n", max_size=60))
def test_nothing_else_becomes_markup(body: str) -> None:
    html = to_html(body)
    for tag in ("p", "br", "strong", "em", "ul", "ol", "li"):
        html = html.replace(f"<{tag}>", "").replace(f"</{tag}>", "")
    assert "<" not in html.replace('<ol start="', "")


def test_blocks_say_the_same() -> None:
    paragraph, items = to_blocks("We *talk*.\n\n3. one\n4. two")
    assert [run["text"] for run in paragraph["runs"]] == ["We ", "talk", "."]
    assert [run["em"] for run in paragraph["runs"]] == [False, True, False]
    assert (items["ordered"], items["start"], len(items["items"])) == (True, 3, 2)
