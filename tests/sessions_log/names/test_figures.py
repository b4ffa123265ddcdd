"""How well names are found: recall and precision over a set of sentences labelled by hand (issue 5, point 7)."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from sessions_log.names.finder import Names, Person

ROSTER = {
    "imani": Person("imani", "Imani", "Abara"),
    "jonas": Person("jonas", "Jonas", "Zielińska"),
    "keiko": Person("keiko", "Keiko", "Tanaka"),
    "quinn": Person("quinn", "Quentin", "O'Connell", "Quinn"),
    "jose": Person("jose", "José", "Ibarra"),
    "grace": Person("grace", "Grace", "Young"),
    "will": Person("will", "William", "May", "Will"),
    "hope": Person("hope", "Hope", "van der Berg"),
    "bjorn": Person("bjorn", "Björn", "Grünwald"),
    "elizabeth": Person("elizabeth", "Elizabeth", "Smith-Okafor"),
    "maria": Person("maria", "María Guadalupe", "Núñez", "Lupe"),
    "luca": Person("luca", "Luca", "De Luca"),
    "dorde": Person("dorde", "Đorđe", "Łoś"),
    "mark": Person("mark", "Mark", "Brown"),
    "june": Person("june", "June", "Park"),
    "an": Person("an", "An", "Nguyễn"),
}
EVERYBODY = Names(ROSTER.values())
LABEL = re.compile(r"\{([^|{}]+)\|([a-z]+)\|([f1pds])\}")
GIVEN_OR_FULL = "f1p"


@dataclass(frozen=True)
class Sentence:
    """A sentence, whose note it is from, and the names in it: (start, end, who, kind)."""

    owner: str
    text: str
    names: frozenset[tuple[int, int, str, str]]


def _read(line: str) -> Sentence:
    owner, _, marked = line.rpartition(" > ")
    text, names, position = "", set(), 0
    for label in LABEL.finditer(marked):
        text += marked[position : label.start()]
        names.add((len(text), len(text) + len(label[1]), label[2], label[3]))
        text, position = text + label[1], label.end()
    return Sentence(owner, text + marked[position:], frozenset(names))


def _sentences() -> list[Sentence]:
    lines = (Path(__file__).parent / "sentences.txt").read_text("utf-8").splitlines()
    return [_read(line) for line in lines if line and not line.startswith("#")]


def _found_in(sentence: Sentence) -> list[tuple[int, int, tuple[object, ...]]]:
    owner = ROSTER.get(sentence.owner)
    return [(one.start, one.end, one.keys) for one in EVERYBODY.find(sentence.text, owner=owner)]


def _is_hit(name: tuple[int, int, str, str], found: tuple[int, int, tuple[object, ...]]) -> bool:
    start, end, who, _ = name
    return found[0] < end and start < found[1] and who in found[2]


def test_recall_and_precision(capsys: pytest.CaptureFixture[str]) -> None:
    sentences = _sentences()
    assert len(sentences) >= 200
    missed, wrong, hits, found_right = [], [], {kind: [0, 0] for kind in "f1pds"}, 0
    for sentence in sentences:
        found = _found_in(sentence)
        for name in sentence.names:
            is_found = any(_is_hit(name, one) for one in found)
            hits[name[3]][0] += is_found
            hits[name[3]][1] += 1
            if not is_found:
                missed.append((sentence.text, sentence.text[name[0] : name[1]]))
        for one in found:
            if any(_is_hit(name, one) for name in sentence.names):
                found_right += 1
            else:
                wrong.append((sentence.text, sentence.text[one[0] : one[1]]))
    right, labelled = (sum(hits[kind][index] for kind in GIVEN_OR_FULL) for index in (0, 1))
    recall, precision = right / labelled, found_right / (found_right + len(wrong))
    with capsys.disabled():
        print(  # noqa: T201 (figures are the point)
            f"\nname check: {len(sentences)} sentences, {labelled} full, first and preferred names, "
            f"recall {recall:.3f}; familiar forms {hits['d'][0]} of {hits['d'][1]}, surnames {hits['s'][0]} of "
            f"{hits['s'][1]}; precision {precision:.3f}"
        )
    assert recall >= 0.99, missed
    assert precision >= 0.9, wrong
    assert hits["d"][0] / hits["d"][1] >= 0.9, missed
    assert hits["s"][0] / hits["s"][1] >= 0.9, missed
