"""What counts as somebody's name, case by case; how well it does on sentences is in ``test_figures.py``."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions_log.names.diminutives import other_forms
from sessions_log.names.finder import Names, Person

IMANI = Person("imani", "Imani", "Abara")
WILL = Person("will", "William", "May", "Will")
ANA_B, ANA_C = Person("ana b", "Ana", "Brodsky"), Person("ana c", "Ana", "Castellanos")


def found(text: str, *people: Person, owner: Person | None = None) -> list[str]:
    return [one.text for one in Names(people).find(text, owner=owner)]


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        ("Mary Ann", "Lee", "Mary Ann"),
        ("Mary Ann", "Lee", "Mary-Ann"),
        ("Mary Ann", "Lee", "Maryann"),
        ("Jean-Luc", "Petit", "Jean Luc"),
        ("Søren", "Åkesson", "Soeren Aakesson"),
        ("Søren", "Åkesson", "Soren Akesson"),
        ("İpek", "Yılmaz", "Ipek Yilmaz"),
        ("Jürgen", "Groß", "Juergen Gross"),
        ("Hồng", "Nguyễn", "Hong"),
        ("José", "Ibarra", "Jose\u0301"),
        ("Imani", "Abara", "Ima\u00adni"),
        ("Imani", "Abara", "imani2"),
        ("Al", "Fox", "Al"),
    ],
)
def test_the_whole_name_is_marked(first: str, last: str, text: str) -> None:
    one = Names([Person("x", first, last)]).find(f"Then {text}, again.")[0]
    assert one.text in (text, text[:-1])
    assert one.keys == ("x",)


def test_a_name_is_one_place_with_its_surname_or_initial() -> None:
    assert found("Imani Abara, Imani A. and Imani.", IMANI) == ["Imani Abara", "Imani A.", "Imani"]


def test_sentences_are_not_joined_to_one_name() -> None:
    assert found("It was Imani. Abara, she said.", IMANI) == ["Imani", "Abara"]


def test_the_word_is_the_same_whatever_hangs_on_it() -> None:
    names = Names([IMANI]).find("Imani, imani's, IMANI’S and Imani A.")
    assert {one.word for one in names} == {"imani"}


def test_namesakes_are_both_meant() -> None:
    assert Names([ANA_B, ANA_C]).find("Ana spoke.")[0].keys == ("ana b", "ana c")


def test_an_owners_namesake_is_meant_only_by_her_surname() -> None:
    assert found("Ana was quiet.", ANA_B, ANA_C, owner=ANA_B) == []
    assert found("Ana was quiet, Castellanos was not.", ANA_B, ANA_C, owner=ANA_B) == ["Castellanos"]
    assert found("Looked at Ana Castellanos.", ANA_B, ANA_C, owner=ANA_B) == ["Ana Castellanos"]


def test_two_letters_need_a_capital() -> None:
    assert found("al fresco, al dente", Person("al", "Al", "Fox")) == []


@pytest.mark.parametrize(
    "text", ["Will continue.", "It will help.", "Since May.", "May 3.", "May I?", "in may", "Will she?", "may be"]
)
def test_verbs_and_months_are_nobody(text: str) -> None:
    assert found(text, WILL) == []


@pytest.mark.parametrize(
    "text",
    ["Will was late.", "Will, again.", "told will", "will said no", "to Will", "Mr. May", "Will's", "Bill left."],
)
def test_people_who_are_called_like_a_verb(text: str) -> None:
    assert len(found(text, WILL)) == 1


def test_familiar_forms_go_from_full_to_short_and_back() -> None:
    assert {"liz", "beth", "betty"} <= other_forms("elizabeth")
    assert "elizabeth" in other_forms("betty")
    assert "liz" not in other_forms("betty")
    assert {"robert", "bobby"} <= other_forms("bob")
    assert other_forms("keiko") == frozenset()


def test_nobody_to_look_for() -> None:
    assert found("Imani spoke.") == []
    assert found("", IMANI) == []


@given(st.text(max_size=300), st.text(min_size=1, max_size=20), st.text(max_size=20))
def test_any_text_and_any_name(text: str, first: str, last: str) -> None:
    places = Names([Person("x", first, last)]).find(text)
    assert all(text[one.start : one.end] == one.text and one.text for one in places)
    assert all(one.end <= two.start for one, two in pairwise(places))


@pytest.mark.parametrize("piece", ["a'", "a\u0301", "Imani ", "- ", "van der ", "'", "Will "])
def test_time_grows_with_the_text_and_no_faster(piece: str) -> None:
    names = Names([IMANI, WILL, Person("x", "Mireille", "van der van der Berg")])

    def best(length: int) -> float:
        text, times = piece * (length // len(piece)), []
        for _ in range(3):
            start = time.process_time()
            names.find(text)
            times.append(time.process_time() - start)
        return min(times)

    # Eight times the text: eight times the time; squared it would be 64 times. A clock's tick is allowed for.
    assert best(40_000) < 24 * best(5_000) + 0.02
