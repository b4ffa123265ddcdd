"""What ``manage.py check`` says of files that are named and, with ``--deploy``, of ways elsewhere (ASVS 5.0, 12.3)."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Caution

_THIS_MACHINE = re.compile(r"/.*|127\..*|::1")
CHECKED_MODES = ("verify-full", "verify-ca")


@register(Tags.security, deploy=True)
def check_traffic(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """Insist on encrypted and verified traffic to a database or Redis on another machine."""
    return [*_of_database(settings.DATABASES["default"]), *_of_redis(settings.REDIS_URL)]


def _of_database(database: dict[str, Any]) -> list[CheckMessage]:
    if not is_elsewhere(str(database["HOST"])) or database.get("OPTIONS", {}).get("sslmode") in CHECKED_MODES:
        return []
    return [
        Caution(
            "Traffic to PostgreSQL on another machine can be read or answered by somebody between.",
            hint="Add ?sslmode=verify-full&sslrootcert=/path/to/ca.crt to DATABASE_URL.",
            id="config.W001",
        )
    ]


def _of_redis(address: str) -> list[CheckMessage]:
    redis = urlsplit(address)
    is_verified = redis.scheme == "rediss" and parse_qs(redis.query).get("ssl_cert_reqs", ["required"]) == ["required"]
    if not is_elsewhere(redis.hostname or "") or is_verified:
        return []
    return [
        Caution(
            "Traffic to Redis on another machine can be read or answered by somebody between.",
            hint="Use rediss://…?ssl_cert_reqs=required&ssl_ca_certs=/path/to/ca.crt as REDIS_URL.",
            id="config.W002",
        )
    ]


@register(Tags.security)
def check_files(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """Stop when a file that the settings name is not there: passwords could not be changed otherwise."""
    place = settings.BREACHED_PASSWORDS_FILE
    if place and not Path(place).is_file():
        return [Error(f"KITH_BREACHED_PASSWORDS_FILE names {place}, which is no file.", id="config.E001")]
    return []


def is_elsewhere(host: str) -> bool:
    """Whether a host is on another machine: neither a socket, nor this one, nor a name of compose, which has no dot."""
    return ("." in host or ":" in host) and not _THIS_MACHINE.fullmatch(host)
