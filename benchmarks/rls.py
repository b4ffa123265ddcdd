"""What row-level security costs: ``python -m benchmarks.rls [CLIENTS]``; the same reads with it and without (TRUST).

Without: as ``kith_backup``, which passes policies. With: as ``kith_app``, the setting of the transaction included.
"""

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
ROUNDS = 300
BUDGET = 2.0  # milliseconds that p95 may grow by (TRUST)

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
        grown = [_compare(name, environment, *read) for name, read in reads.items()]
    return 0 if max(grown) <= BUDGET else 1


def _compare(name: str, environment: dict[str, str], actor: str, sql: str, parameters: Any) -> float:
    """Print one line; return by how many milliseconds p95 grows."""
    without = _times(environment["DATABASE_BACKUP_URL"], "", sql, parameters)
    held = _times(environment["DATABASE_URL"], actor, sql, parameters)
    (a50, a95, rows), (b50, b95, seen) = without, held
    if rows != seen:
        raise SystemExit(f"{name}: {rows} rows without policies, {seen} with them")
    print(f"{name:<34} {rows:>3} rows   without p50 {a50:.2f} p95 {a95:.2f} ms   with p50 {b50:.2f} p95 {b95:.2f} ms")
    return b95 - a95


def _times(url: str, actor: str, sql: str, parameters: Any) -> tuple[float, float, int]:
    taken, rows = [], 0
    with psycopg.connect(url) as connection:
        connection.prepare_threshold = None  # as Django
        for _ in range(ROUNDS):
            start = time.perf_counter()
            with connection.transaction():
                if actor:
                    connection.execute("SELECT set_config('app.user_id', %s, true)", [actor])
                rows = len(connection.execute(sql, parameters).fetchall())
            taken.append((time.perf_counter() - start) * 1_000)
    cuts = statistics.quantiles(taken, n=20)
    return statistics.median(taken), cuts[18], rows


if __name__ == "__main__":
    sys.exit(main())
