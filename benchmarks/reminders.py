"""How many reminders a second go out, beside three other ways to send the same: ``make benchreminders``.

One practice, one mail server, two sending processes each. The contenders take turns; a rate is what arrived between the
first and the last message, so that starting up counts for nobody. ``docs/benchmarks.md`` says how to read the table.
"""

import argparse
import contextlib
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.installation import InstallationError
from benchmarks.mail.house import MailHouse, end

RAW, OURS, TASKS, POST_OFFICE = "raw smtplib", "Kith", "a task a message", "django-post-office"
# Kith's rate divided by the other's must reach this.
SMALLEST = {RAW: 0.45, TASKS: 4.0, POST_OFFICE: 1.8}
FEWEST_CLAIMS = 2_000  # a second
PATIENCE = 600.0


def main() -> int:
    """Measure; return 1 when a target is missed."""
    options = _options()
    with contextlib.ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kith-bench-", dir="/tmp")))
        directory.chmod(0o711)
        _say(f"Preparing {options.number} reminders …")
        settings = {
            "DJANGO_SETTINGS_MODULE": "benchmarks.mail.settings",
            "BENCHMARK_POST_OFFICE_BATCH": str(options.batch),
        }
        house = stack.enter_context(MailHouse(directory / "house", number=options.number, settings=settings))
        worker = house.start_worker("bench@localhost")
        stack.callback(end, worker)
        time.sleep(5)  # it forks, connects and waits for tasks
        rounds = [_round(house, number + 1, options) for number in range(options.rounds)]
        _run(house, "reset")
        claims = float(_run(house, "claims"))
    rates = {name: statistics.median(one[name] for one in rounds) for name in rounds[0]}
    ratios = {name: statistics.median(one[OURS] / one[name] for one in rounds) for name in rounds[0]}
    print(_table(rates, ratios))
    print(f"\nClaims a second in one process: {claims:,.0f} (wanted {FEWEST_CLAIMS:,}).")
    return 1 if claims < FEWEST_CLAIMS or any(ratios[name] < least for name, least in SMALLEST.items()) else 0


def _round(house: MailHouse, number: int, options: argparse.Namespace) -> dict[str, float]:
    contenders: dict[str, Callable[[], object]] = {
        RAW: lambda: _run(house, "raw"),
        OURS: lambda: (_run(house, "reset"), _run(house, "ours")),
        POST_OFFICE: lambda: (_run(house, "queue_post_office"), _run(house, "post_office")),
        TASKS: lambda: (_run(house, "reset"), _run(house, "task_a_message")),
    }
    rates = {}
    for name, start in contenders.items():
        _say(f"Round {number} of {options.rounds}: {name}")
        before = len(house.arrived())
        start()
        arrived = house.wait_for(before + options.number, patience=PATIENCE)[before:]
        rates[name] = (len(arrived) - 1) / (arrived[-1][0] - arrived[0][0])
        time.sleep(2)  # what was sent is reported before the next one begins
    return rates


def _run(house: MailHouse, contender: str) -> str:
    return house.run("-m", "benchmarks.mail.contenders", contender)


def _table(rates: dict[str, float], ratios: dict[str, float]) -> str:
    lines = ["| Way to send | Messages/s | Kith has of it | wanted |", "|---|---|---|---|"]
    for name, rate in rates.items():
        wanted = f"{SMALLEST[name]:.2f}" if name in SMALLEST else ""
        lines.append(f"| {name} | {rate:,.0f} | {ratios[name]:.2f} | {wanted} |")
    return "\n".join(lines)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure how fast reminders go out.")
    parser.add_argument("--number", type=int, default=4_000, help="messages a turn (4000)")
    parser.add_argument("--rounds", type=int, default=3, help="turns of all contenders (3)")
    parser.add_argument("--batch", type=int, default=500, help="django-post-office's batch size (500)")
    return parser.parse_args()


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except InstallationError as reason:
        sys.exit(f"Nothing was measured: {reason}")
