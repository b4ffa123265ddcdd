"""Nothing lost, hardly anything twice: reminders while workers are killed, servers restart and mail misbehaves.

``make chaos`` runs it with the figures of the trust requirements and prints a table; the tests run a small one. Two
workers and two beats are kept running, whatever happens to them.
"""

import argparse
import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from benchmarks.installation import InstallationError
from benchmarks.mail.house import MailHouse, end

WORKERS, BEATS = 2, 2
LONGEST_RECOVERY = 90.0  # seconds
# When, as parts of the whole time, the mail server does what; else it only takes its time.
MISBEHAVIOR = ((0.10, 0.16, "refuse"), (0.26, 0.32, "451"), (0.42, 0.48, "0.5"))
_SETTLED = "SELECT count(*) FROM reminders_message WHERE state IN ('pending', 'sending')"
_ROWS = "SELECT state, count(*) FROM reminders_message GROUP BY state ORDER BY state"


@dataclass(frozen=True)
class Plan:
    """How much of what, over how many seconds. ``pace`` is what the mail server takes for a message."""

    number: int = 10_000
    seconds: float = 240.0
    kills: int = 50
    redis_restarts: int = 10
    postgres_restarts: int = 5
    pace: float = 0.04
    lease: int = 60
    tick: float = 30.0
    seed: int = 1


@dataclass(frozen=True)
class Report:
    """What came of it."""

    reminders: int
    lost: int
    not_sent: int
    duplicates: int
    strangers: int  # arrived under a Message-ID that is no row's: repeated and not to be recognized
    kills: int
    redis_restarts: int
    postgres_restarts: int
    recovered_seconds: float

    @property
    def misses(self) -> list[str]:
        """What should not be, in words."""
        checks = [
            (self.lost > 0, f"{self.lost} lost"),
            (self.not_sent > 0, f"{self.not_sent} not marked as sent"),
            (self.duplicates > self.kills, f"{self.duplicates} duplicates with {self.kills} kills"),
            (self.strangers > 0, f"{self.strangers} under a Message-ID of their own"),
            (self.recovered_seconds > LONGEST_RECOVERY, f"recovered only after {self.recovered_seconds:.0f} s"),
        ]
        return [sentence for missed, sentence in checks if missed]

    @property
    def table(self) -> str:
        """The figures of the trust requirements, beside what is wanted."""
        lines = [
            ("What", "Figure", "Wanted"),
            ("---", "---", "---"),
            ("Reminders due", f"{self.reminders:,}", ""),
            ("Workers killed with -9", self.kills, ""),
            ("Restarts of Redis", self.redis_restarts, ""),
            ("Restarts of PostgreSQL", self.postgres_restarts, ""),
            ("Lost", self.lost, "0"),
            ("Not marked as sent at the end", self.not_sent, "0"),
            ("Sent twice over plain SMTP", self.duplicates, f"at most {self.kills}"),
            ("Of these under another Message-ID (twice even to a provider that knows the key)", self.strangers, "0"),
            (
                "Seconds from the last fault until all was settled",
                self.recovered_seconds,
                f"at most {LONGEST_RECOVERY:.0f}",
            ),
        ]
        return "\n".join(f"| {what} | {figure} | {wanted} |" for what, figure, wanted in lines)


class Crew:
    """The workers and beats, kept at a number."""

    def __init__(self, house: MailHouse, dice: random.Random) -> None:
        self._house, self._dice = house, dice
        self._hands: list[subprocess.Popen[bytes] | None] = [None] * (WORKERS + BEATS)

    def keep(self) -> None:
        """Start whatever is not running."""
        for place, hand in enumerate(self._hands):
            if hand is None or hand.poll() is not None:
                self._hands[place] = self._start(place)

    def kill_one(self) -> bool:
        """Kill -9 a process that sends or, now and then, the one that hands out tasks; return whether there was one."""
        workers = [hand for hand in self._hands[:WORKERS] if hand is not None and hand.poll() is None]
        self._dice.shuffle(workers)
        for worker in workers:
            with contextlib.suppress(psutil.NoSuchProcess):
                children = psutil.Process(worker.pid).children()
                if children:
                    os.kill(
                        worker.pid if self._dice.random() < 0.2 else self._dice.choice(children).pid, signal.SIGKILL
                    )
                    return True
        return False

    def end(self) -> None:
        """Kill all."""
        for hand in self._hands:
            if hand is not None:
                end(hand)

    def _start(self, place: int) -> subprocess.Popen[bytes]:
        if place < WORKERS:
            return self._house.start_worker(f"worker{place}-{time.monotonic_ns()}@localhost")
        beat = ("celery", "--app", "config", "beat", "--scheduler", "celery.beat:Scheduler", "--pidfile=")
        return self._house.start("-m", *beat, "--loglevel", "ERROR")


def run(plan: Plan, directory: Path, say: Callable[[str], None] = lambda sentence: None) -> Report:
    """Do all that, in a directory of its own, and report."""
    dice = random.Random(plan.seed)  # noqa: S311 (the same faults each time, no secret)
    settings = {
        "DJANGO_SETTINGS_MODULE": "benchmarks.mail.settings",
        "KITH_MESSAGE_LEASE_SECONDS": str(plan.lease),
        "BENCHMARK_TICK": str(plan.tick),
    }
    with MailHouse(directory, number=plan.number, seconds=plan.seconds * 0.8, settings=settings) as house:
        crew = Crew(house, dice)
        try:
            done = _misbehave(house, crew, plan, dice, say)
            ended = time.monotonic()
            _wait_until_settled(house, crew)
            recovered = time.monotonic() - ended
        finally:
            crew.end()
        return _report(house, plan, done, recovered)


def _misbehave(
    house: MailHouse, crew: Crew, plan: Plan, dice: random.Random, say: Callable[[str], None]
) -> Counter[str]:
    """Do everything that is planned, at moments spread over the time, and count what was done."""
    faults: dict[str, tuple[int, Callable[[], object]]] = {
        "kill": (plan.kills, crew.kill_one),
        "redis": (plan.redis_restarts, lambda: _restart(house.redis)),
        "postgres": (plan.postgres_restarts, lambda: _restart(house.postgres)),
    }
    moments = [
        (plan.seconds * (0.1 + 0.9 * (number + dice.random()) / count), name)
        for name, (count, _) in faults.items()
        for number in range(count)
    ]
    done: Counter[str] = Counter()
    started = time.monotonic()
    crew.keep()
    for moment, name in sorted(moments):
        while (passed := time.monotonic() - started) < moment:
            house.mode_file.write_text(_mode(passed / plan.seconds, plan))
            crew.keep()
            time.sleep(0.1)
        tried = 0
        while faults[name][1]() is False and tried < 100:  # nobody there to kill yet
            tried += 1
            crew.keep()
            time.sleep(0.1)
        done[name] += 1
        say(f"{passed:5.0f} s: {name} {done[name]}, {len(house.arrived())} arrived")
    house.mode_file.write_text("")
    crew.keep()
    return done


def _mode(part: float, plan: Plan) -> str:
    return next((mode for first, last, mode in MISBEHAVIOR if first <= part < last), str(plan.pace))


def _restart(server: object) -> None:
    server.stop()  # type: ignore[attr-defined]
    server.start()  # type: ignore[attr-defined]


def _wait_until_settled(house: MailHouse, crew: Crew) -> None:
    until = time.monotonic() + 4 * LONGEST_RECOVERY
    while int(house.query(_SETTLED)[0][0]):
        if time.monotonic() > until:
            raise InstallationError(f"Still not settled: {house.query(_ROWS)}\n{house.log_end()}")
        crew.keep()
        time.sleep(0.25)


def _report(house: MailHouse, plan: Plan, done: Counter[str], recovered: float) -> Report:
    arrived = Counter(name for _, name in house.arrived())
    rows = {f"<{key}@kith.example>" for (key,) in house.query("SELECT id FROM reminders_message")}
    states = dict(house.query(_ROWS))
    return Report(
        reminders=plan.number,
        lost=len(rows - set(arrived)),
        not_sent=plan.number - int(states.get("sent", 0)),
        duplicates=sum(arrived.values()) - len(arrived),
        strangers=len(set(arrived) - rows),
        kills=done["kill"],
        redis_restarts=done["redis"],
        postgres_restarts=done["postgres"],
        recovered_seconds=round(recovered, 1),
    )


def main() -> int:
    """Run it with the figures asked for; return 1 when something is not as it should be."""
    parser = argparse.ArgumentParser(description="Send reminders while everything fails.")
    for name, value in asdict(Plan()).items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(value), default=value, help=f"({value})")
    plan = Plan(**vars(parser.parse_args()))
    with tempfile.TemporaryDirectory(prefix="kith-chaos-", dir="/tmp") as directory:
        Path(directory).chmod(0o711)
        report = run(plan, Path(directory) / "house", lambda sentence: print(sentence, file=sys.stderr, flush=True))
    print(report.table)
    for sentence in report.misses:
        print(f"Missed: {sentence}", file=sys.stderr)
    return 1 if report.misses else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except InstallationError as reason:
        sys.exit(f"Nothing was shown: {reason}")
