"""How fast the main pages are, beside a bare signed-in Django page on the same server: ``make bench``.

Two installations are made in a temporary directory, one with the practice-size demo and one with about ten times its
data. Bare page, page, and the same page over the larger data take turns, so that whatever else the machine does hits
all of them. ``docs/benchmarks.md`` says how to read the table.
"""

import argparse
import contextlib
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.client import Result, Task
from benchmarks.installation import PROJECT, Installation, InstallationError

BARE = "bare page"
SMALLEST_RATIO = {
    "group page": 0.15,
    "Today": 0.20,
    "attendance sheet": 0.25,
    "calendar feed": 0.12,
    "calendar feed, unchanged": 0.50,
}
# May be larger: five hundred events, which no person waits for, and a hundred sessions of twelve members at once.
ANY_SIZE = ("calendar feed", "largest group page")
LARGEST_BYTES = 40_000
LARGEST_SPREAD = 3.0  # p99 to p50
SMALLEST_GROWN_SPEED = 0.9
CONNECTIONS = 8
WARM_UP = 24


@dataclass(frozen=True)
class Row:
    """What was measured of one page. ``grown_…`` is the same page over ten times the data."""

    page: str
    requests_per_second: float
    p50_ms: float
    p99_ms: float
    queries: int
    bytes: int
    ratio: float
    grown_queries: int | None
    grown_speed: float | None
    misses: list[str]


def main() -> int:
    """Measure; return 1 when a target is missed."""
    options = _options()
    with contextlib.ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kith-bench-", dir="/tmp")))
        directory.chmod(0o711)
        _say(f"Preparing the {options.size} demo practice …")
        base = stack.enter_context(Installation(directory / "base", options.size, options.page))
        grown = None
        if options.grown != "none":
            _say(f"Preparing the {options.grown} demo practice …")
            grown = stack.enter_context(Installation(directory / "grown", options.grown, options.page))
        rows = [measure(page, base=base, grown=grown, options=options) for page in base.pages if page != BARE]
    print(table(rows))
    if options.json:
        options.json.write_text(json.dumps([asdict(row) for row in rows], indent=2) + "\n")
    return 1 if any(row.misses for row in rows) else 0


def measure(page: str, *, base: Installation, grown: Installation | None, options: argparse.Namespace) -> Row:
    """Let bare page, page and grown page take turns for ``options.rounds`` rounds."""
    turns = [(base, BARE), (base, page), *([(grown, page)] if grown else [])]
    for installation, name in turns:
        _ask(installation, name, seconds=options.seconds, most=min(WARM_UP, options.requests))
    rounds: list[list[Result]] = []
    for number in range(options.rounds):
        _say(f"{page}: round {number + 1} of {options.rounds}")
        rounds.append([_ask(each, name, seconds=options.seconds, most=options.requests) for each, name in turns])
    speeds = [[len(result.latencies) / result.seconds for result in results] for results in rounds]
    latencies = sorted(latency for results in rounds for latency in results[1].latencies)
    seen = base.pages[page]
    row = Row(
        page=page,
        requests_per_second=round(statistics.median(speed[1] for speed in speeds), 1),
        p50_ms=round(_percentile(latencies, 50), 1),
        p99_ms=round(_percentile(latencies, 99), 1),
        queries=seen["queries"],
        bytes=seen["bytes"],
        ratio=round(statistics.median(speed[1] / speed[0] for speed in speeds), 3),
        grown_queries=grown.pages[page]["queries"] if grown else None,
        grown_speed=round(statistics.median(speed[2] / speed[1] for speed in speeds), 2) if grown else None,
        misses=[],
    )
    row.misses.extend(misses_of(row))
    return row


def _ask(installation: Installation, page: str, *, seconds: float, most: int) -> Result:
    seen = installation.pages[page]
    task = Task(
        port=installation.port,
        path=seen["path"],
        cookie=seen["cookie"],
        connections=CONNECTIONS,
        seconds=seconds,
        most=most,
        headers=seen["headers"],
        status=seen["status"],
    )
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.client"],
        input=json.dumps(asdict(task)),
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise InstallationError(f"{page}: {done.stderr.strip()[-2_000:]}\n{installation.log_end()}")
    return Result(**json.loads(done.stdout))


def _percentile(ordered: list[float], percent: int) -> float:
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


def misses_of(row: Row) -> list[str]:
    """Return the targets that the row misses, in words; ``row.misses`` itself is not looked at."""
    checks = [
        (row.ratio < SMALLEST_RATIO.get(row.page, 0), f"ratio below {SMALLEST_RATIO.get(row.page)}"),
        (row.p99_ms > LARGEST_SPREAD * row.p50_ms, f"p99 above {LARGEST_SPREAD:.0f} × p50"),
        (row.bytes > LARGEST_BYTES and row.page not in ANY_SIZE, f"above {LARGEST_BYTES // 1000} kB"),
        (row.grown_queries not in (None, row.queries), "more queries with more data"),
        ((row.grown_speed or 1) < SMALLEST_GROWN_SPEED, f"below {SMALLEST_GROWN_SPEED} of the speed with more data"),
    ]
    return [sentence for missed, sentence in checks if missed]


def table(rows: list[Row]) -> str:
    """Return the rows as a Markdown table."""
    columns: list[tuple[str, Callable[[Row], Any]]] = [
        ("Page", lambda row: row.page),
        ("Requests/s", lambda row: f"{row.requests_per_second:.0f}"),
        ("p50 ms", lambda row: row.p50_ms),
        ("p99 ms", lambda row: row.p99_ms),
        ("Queries", lambda row: row.queries),
        ("Bytes", lambda row: f"{row.bytes:,}"),
        ("Of the bare page", lambda row: f"{row.ratio:.2f}"),
        ("Queries, more data", lambda row: "" if row.grown_queries is None else row.grown_queries),
        ("Speed, more data", lambda row: "" if row.grown_speed is None else f"{row.grown_speed:.2f}"),
        ("Missed", lambda row: ", ".join(row.misses) or "–"),
    ]
    cells = [[title for title, _ in columns], *[[str(value(row)) for _, value in columns] for row in rows]]
    widths = [max(len(line[column]) for line in cells) for column in range(len(columns))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in cells
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure the main pages against a bare signed-in Django page.")
    parser.add_argument("--size", default="practice", help="demo practice to measure (practice)")
    parser.add_argument("--grown", default="practice-x10", help="larger one to compare: practice-x10, network or none")
    parser.add_argument(
        "--page", action="append", default=[], help="measure only this page, for example “Today”; may be repeated"
    )
    parser.add_argument("--rounds", type=int, default=3, help="turns of bare page, page and grown page (3)")
    parser.add_argument("--seconds", type=float, default=4.0, help="longest time of one turn (4)")
    parser.add_argument("--requests", type=int, default=4_000, help="most requests of one turn (4000)")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    return parser.parse_args()


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except InstallationError as reason:
        sys.exit(f"Nothing was measured: {reason}")
