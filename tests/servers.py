"""The real PostgreSQL and Redis that the tests use: started once for a run, in a directory that goes with it."""

import atexit
import contextlib
import os
import secrets
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from types import FrameType

import django
import pytest
from django.conf import settings

from config import environment_file
from config.embedded import Postgres, Redis, private_socket_directory
from tests import migrated

XDIST_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
# Who gives the tables back as they were (``tests.database``): past policies, triggers and foreign keys.
_SWEEPER = """
\\getenv password sweeper_password
CREATE ROLE sweeper LOGIN BYPASSRLS IN ROLE kith_owner PASSWORD :'password';
GRANT SET ON PARAMETER session_replication_role TO sweeper;
"""


def provide() -> None:
    """Put everything that ``config.settings`` reads into the environment, then set Django up.

    The process that was started by hand (xdist's controller, or the only one) starts the servers and stops them when
    it ends; xdist's workers inherit the environment and take a Redis database each. pytest-django gives each worker
    its own test database.
    """
    if settings.configured:
        pytest.exit("Unset DJANGO_SETTINGS_MODULE: the tests choose the settings after starting their servers.", 2)
    if not XDIST_WORKER:
        os.environ.update(_started_servers())
    os.environ["REDIS_URL"] = f"{os.environ['REDIS_URL'].partition('?')[0]}?db={_redis_database()}"
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()
    # Not left behind: it would make pytest-django read the settings in xdist's workers before this module can run.
    del os.environ["DJANGO_SETTINGS_MODULE"]


def _redis_database() -> int:
    return int(XDIST_WORKER.removeprefix("gw") or 0) % 15 + 1


def _started_servers() -> dict[str, str]:
    cleanup = contextlib.ExitStack()
    atexit.register(cleanup.close)
    # Being terminated must end the servers too; only an orderly exit does.
    signal.signal(signal.SIGTERM, _exit)

    data_dir = Path(tempfile.mkdtemp(prefix="kith-tests-", dir="/tmp"))
    cleanup.callback(shutil.rmtree, data_dir, ignore_errors=True)
    data_dir.chmod(0o711)
    (data_dir / "static").mkdir()
    sockets = cleanup.enter_context(private_socket_directory(data_dir))
    postgres = Postgres(data_dir / "postgres", sockets, durable=False)
    redis = Redis(data_dir / "redis", sockets, durable=False)
    cleanup.callback(postgres.stop)
    cleanup.callback(redis.stop)
    migrated.copy_to(postgres.directory)
    postgres.start()
    redis.start()
    addresses = postgres.ensure_roles(environment_file.with_secrets({}))
    password = secrets.token_urlsafe(32)
    postgres.execute(_SWEEPER, environment={"sweeper_password": password})
    return {
        "DATA_DIR": str(data_dir),
        **addresses,
        "DATABASE_SWEEPER_URL": postgres.url("sweeper", password),
        "REDIS_URL": redis.url,
        "SECRET_KEY": secrets.token_urlsafe(50),
        "KITH_ENCRYPTION_KEYS": "00000000000000000000000000000001:a2l0aC10ZXN0LWtleS1vbmx5LWZvci10ZXN0cy0wMDE=",
        "KITH_AUDIT_KEYS": "00000000000000000000000000000002:a2l0aC10ZXN0LWtleS1vbmx5LWZvci10ZXN0cy0wMDE=",
        "DEBUG": "0",
        "KITH_DEMO": "0",
        "KITH_HTTPS": "0",
        "KITH_DETECT_N_PLUS_ONE": "1",
        "STATICFILES_STORAGE": "django.contrib.staticfiles.storage.StaticFilesStorage",
        "LOG_LEVEL": "WARNING",
    }


def _exit(signum: int, _frame: FrameType | None) -> None:
    sys.exit(128 + signum)
