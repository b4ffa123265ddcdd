"""docs/asvs.md names every requirement of levels 1 and 2 once; it and docs/security.md point at what exists."""

import re
from pathlib import Path

from django.conf import settings

ROOT: Path = settings.BASE_DIR
PAGE = (ROOT / "docs" / "asvs.md").read_text(encoding="utf-8")
ROWS = [line.split("|")[1:-1] for line in PAGE.splitlines() if re.match(r"\| \d", line)]


def test_every_requirement_is_answered_once() -> None:
    named = [identifier for row in ROWS for identifier in row[0].split()]
    wanted = Path(__file__).with_name("asvs_level_2.txt").read_text(encoding="utf-8").split()
    assert len(wanted) == 253
    assert sorted(named) == sorted(wanted)


def test_every_row_says_how_and_where() -> None:
    for identifiers, how, see in ROWS:
        assert how.strip(), identifiers
        places = re.findall(r"`([^`]+)`", see)
        assert places, identifiers
        for place in places:
            assert place == "S" or (ROOT / place).exists(), f"{identifiers.strip()}: {place}"


def test_what_is_not_met_is_said_again_at_the_end() -> None:
    end = PAGE.partition("## What is not met")[2]
    gaps = [row[0].split() for row in ROWS if "**gap**" in row[1] or "**deviation**" in row[1]]
    assert len(gaps) == 3
    assert all(identifier in end for group in gaps for identifier in group)


def test_each_figure_is_proven_by_a_test_that_exists() -> None:
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8").partition("## Where each figure is proven")[2]
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", page)
    assert len(named) > 30
    for file, test in named:
        assert f"def {test}" in (ROOT / file).read_text(encoding="utf-8"), f"{file}::{test}"
