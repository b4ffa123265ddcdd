"""The files of a deployment know the same variables."""

import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
EXAMPLE = (PROJECT / ".env.example").read_text()


@pytest.mark.parametrize(
    ("file", "pattern"),
    [
        ("config/settings.py", r'env(?:\.\w+)?\(\s*"([A-Z_]+)"'),
        ("docker-compose.yml", r"\$\{([A-Z_]+)"),
    ],
)
def test_example_lists_every_variable(file: str, pattern: str) -> None:
    read = set(re.findall(pattern, (PROJECT / file).read_text()))
    listed = set(re.findall(r"^#?([A-Z_]+)=", EXAMPLE, re.MULTILINE))
    assert len(read) > 5
    assert read <= listed


def test_only_the_proxy_is_published() -> None:
    compose = (PROJECT / "docker-compose.yml").read_text()
    assert re.findall(r"^ +ports: (.*)$", compose, re.MULTILINE) == ['["80:80", "443:443"]']
    assert "container_name" not in compose
