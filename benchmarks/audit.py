"""How fast the trail grows: ``python -m benchmarks.audit [SECONDS]``; 8 writers, one transaction an entry (TRUST)."""

import sys
import threading
import time

import psycopg

from benchmarks.database import database

WRITERS = 8
TARGET = 1_000  # entries a second (TRUST, audit)
APPEND = (
    "SELECT audit.append('client.read', gen_random_uuid(), 'therapist', 'members.client', gen_random_uuid()::text, "
    "ARRAY[gen_random_uuid()], '', '203.0.113.9', gen_random_uuid()::text)"
)


def main() -> int:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
    with database("audit", "practice") as environment:
        rate = appends_per_second(environment["DATABASE_URL"], seconds)
    print(f"{WRITERS} writers: {rate:,.0f} entries a second, each committed by itself (target: {TARGET:,})")
    return 0 if rate >= TARGET else 1


def appends_per_second(url: str, seconds: float) -> float:
    """Let every writer append and commit until the time is over."""
    counts = [0] * WRITERS
    start = time.perf_counter()

    def write(writer: int) -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            while time.perf_counter() < start + seconds:
                connection.execute(APPEND)
                counts[writer] += 1

    threads = [threading.Thread(target=write, args=[writer]) for writer in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - start)


if __name__ == "__main__":
    sys.exit(main())
