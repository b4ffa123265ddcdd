"""Two versions of one text, put together: no sentence of either is lost (R37)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions_log.merging import merged

SENTENCES = st.lists(st.sampled_from(["One.", "Two?", "Three!", "Four", "Fünf.", "🙂.", "Six…"]), max_size=8)


@pytest.mark.parametrize(
    ("stored", "mine", "both"),
    [
        ("", "Mine.", "Mine."),
        ("Theirs.", "", "Theirs."),
        ("Came late. Spoke.", "Came late. Spoke.", "Came late. Spoke."),
        ("Came late.", "Came late. Spoke of work.", "Came late. Spoke of work."),
        ("Came late. Listened.", "Came late. Spoke.", "Came late. Listened. Spoke."),
        ("Came late. Spo", "Came late. Spoke of work. Left.", "Came late. Spoke of work. Left."),
        ("First line\nsecond", "First line\nthird", "First line\nsecond third"),
        ("One. Two. Three.", "One. Three.", "One. Two. Three."),
        ("   ", "ab", "ab"),
        ("\r", "0", "0"),
    ],
)
def test_examples(stored: str, mine: str, both: str) -> None:
    assert merged(stored, mine) == both


@given(SENTENCES, SENTENCES, st.sampled_from([" ", "\n", "\n\n"]))
def test_every_sentence_of_both_is_there_in_its_order(stored: list[str], mine: list[str], gap: str) -> None:
    both = merged(gap.join(stored), gap.join(mine))
    assert is_in_order(stored, both)
    assert is_in_order(mine, both)


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_is_kept_but_for_space(stored: str, mine: str) -> None:
    both = "".join(merged(stored, mine).split())
    for text in (stored, mine):
        rest = iter(both)
        assert all(character in rest for character in "".join(text.split()))


def is_in_order(sentences: list[str], text: str) -> bool:
    """Whether all ``sentences`` stand in ``text`` one after the other."""
    at = 0
    for sentence in sentences:
        at = text.find(sentence, at)
        if at < 0:
            return False
        at += len(sentence)
    return True
