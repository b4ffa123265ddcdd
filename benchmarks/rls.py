"""What row-level security costs: ``python -m benchmarks.rls [CLIENTS]``; the same reads with it and without (TRUST).

Without: as ``kith_backup``, which passes policies. With: as ``kith_app``, the setting of the transaction included.
"""

import contextlib
import os
import statistics
import sys
import time
from typing import Any

import django
import psycopg

from benchmarks.database import database

CLIENTS = 200_000
OF_A_GROUP, OF_A_THERAPIST = 8, 6  # members a group, groups a therapist: 48 people
ROUNDS, WARM_UP = 300, 10
BUDGET = 2.0  # milliseconds that p95 may grow by (TRUST)
HEAD = f"""\
| {"milliseconds":<32} | rows | p50   | with  | p95   | with  | more  |
|{"-" * 34}|------|-------|-------|-------|-------|-------|"""

# Copies of one row each, with what must differ. Triggers rest meanwhile: they are about steps, not about copies.
FILL = """
ALTER TABLE groups_app_membership DISABLE TRIGGER USER;
INSERT INTO practice_user SELECT r.* FROM practice_user u, generate_series(1, {therapists}) n,
    LATERAL jsonb_populate_record(u, jsonb_build_object('id', md5('u' || n)::uuid, 'email', n || '@kith.example')) r
    WHERE u.email = 'first@kith.example';
INSERT INTO members_client SELECT r.* FROM members_client c, generate_series(1, {clients}) n,
    LATERAL jsonb_populate_record(c, jsonb_build_object(
        'id', md5('c' || n)::uuid, 'email', n || '@mail.example', 'sort_key', 'family ' || n)) r;
INSERT INTO groups_app_group SELECT r.* FROM groups_app_group g, generate_series(1, {groups}) n,
    LATERAL jsonb_populate_record(g, jsonb_build_object('id', md5('g' || n)::uuid, 'name', 'Circle ' || n)) r;
INSERT INTO groups_app_groupleader SELECT r.* FROM groups_app_groupleader l, generate_series(1, {groups}) n,
    LATERAL jsonb_populate_record(l, jsonb_build_object('id', md5('l' || n)::uuid, 'group_id', md5('g' || n)::uuid,
        'user_id', md5('u' || (n + {per_therapist} - 1) / {per_therapist})::uuid)) r;
INSERT INTO groups_app_membership SELECT r.* FROM groups_app_membership m, generate_series(1, {clients}) n,
    LATERAL jsonb_populate_record(m, jsonb_build_object('id', md5('m' || n)::uuid, 'client_id', md5('c' || n)::uuid,
        'group_id', md5('g' || (n + {per_group} - 1) / {per_group})::uuid, 'seat', 1 + n % {per_group},
        'state', 'accepted')) r;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE groups_app_membership ENABLE TRIGGER USER;
"""


def main() -> int:
    clients = int(sys.argv[1]) if len(sys.argv) > 1 else CLIENTS
    with database() as environment:
        os.environ.update(environment, DJANGO_SETTINGS_MODULE="config.settings")
        django.setup()
        from benchmarks import rls_reads  # noqa: PLC0415 (models need the settings)

        first = rls_reads.make_first_rows()
        groups = clients // OF_A_GROUP
        therapists = -(-groups // OF_A_THERAPIST)
        with psycopg.connect(environment["DATABASE_OWNER_URL"]) as owner:
            owner.execute("SELECT set_config('app.user_id', 'system', true)")
            owner.execute(
                FILL.format(  # type: ignore[arg-type]  # numbers of ours
                    therapists=therapists,
                    clients=clients,
                    groups=groups,
                    per_therapist=OF_A_THERAPIST,
                    per_group=OF_A_GROUP,
                )
            )
        with psycopg.connect(environment["DATABASE_OWNER_URL"], autocommit=True) as owner:
            owner.execute("ANALYZE")
        reads = rls_reads.reads(first)
        print(HEAD)
        grown = [_compare(name, environment, *read) for name, read in reads.items()]
    return 0 if max(grown) <= BUDGET else 1


def _compare(name: str, environment: dict[str, str], actor: str, sql: str, parameters: Any) -> float:
    """Read in turns without and with policies, so that what else the machine does hits both; print one line.

    Returns by how many milliseconds p95 grows.
    """
    ways = (("", environment["DATABASE_BACKUP_URL"]), (actor, environment["DATABASE_URL"]))
    taken: list[list[float]] = [[], []]
    found = [0, 0]
    with contextlib.ExitStack() as open_connections:
        connections = [open_connections.enter_context(psycopg.connect(url)) for _, url in ways]
        for number in range(WARM_UP + ROUNDS):
            for way, ((whom, _), connection) in enumerate(zip(ways, connections, strict=True)):
                milliseconds, found[way] = _read(connection, whom, sql, parameters)
                if number >= WARM_UP:
                    taken[way].append(milliseconds)
    if found[0] != found[1]:
        raise SystemExit(f"{name}: {found[0]} rows without policies, {found[1]} with them")
    (a50, a95), (b50, b95) = map(_middle_and_slow, taken)
    print(
        f"| {name:<32} | {found[0]:>4} | {a50:>5.2f} | {b50:>5.2f} | {a95:>5.2f} | {b95:>5.2f} | {b95 - a95:>+5.2f} |"
    )
    return b95 - a95


def _read(connection: "psycopg.Connection[Any]", actor: str, sql: str, parameters: Any) -> tuple[float, int]:
    """Return the milliseconds of one transaction and its number of rows; the statement is planned anew, as Django's."""
    start = time.perf_counter()
    with connection.transaction():
        if actor:
            connection.execute("SELECT set_config('app.user_id', %s, true)", [actor])
        rows = connection.execute(sql, parameters, prepare=False).fetchall()
    return (time.perf_counter() - start) * 1_000, len(rows)


def _middle_and_slow(taken: list[float]) -> tuple[float, float]:
    cuts = statistics.quantiles(taken, n=20)
    return cuts[9], cuts[18]


if __name__ == "__main__":
    sys.exit(main())
