"""``DATA_DIR/kith.env``: what the one-command start made up once (secrets) or found out (addresses).

``config.settings`` and ``manage.py`` read it; a variable of the real environment goes before a line of the file.
"""

import base64
import os
import secrets
import uuid
from pathlib import Path

FILE_NAME = "kith.env"
HEADER = """\
# Made by `make run` and kept by it. Whoever can read this can read the notes: back it up apart from the database.
"""
EMBEDDED_ADDRESSES = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_WORKER_URL", "DATABASE_BACKUP_URL", "REDIS_URL")
KEYS = ("KITH_ENCRYPTION_KEYS", "KITH_AUDIT_KEYS")
PASSWORDS = ("KITH_OWNER_PASSWORD", "KITH_APP_PASSWORD", "KITH_WORKER_PASSWORD", "KITH_BACKUP_PASSWORD")


def load(data_dir: Path) -> dict[str, str]:
    """What the file says; nothing when there is no file."""
    path = data_dir / FILE_NAME
    if not path.exists():
        return {}
    lines = (line.partition("=") for line in path.read_text().splitlines() if not line.startswith("#"))
    return {name.strip(): value.strip() for name, equals, value in lines if equals}


def save(data_dir: Path, values: dict[str, str]) -> None:
    """Replace the file, readable by its owner only, at one stroke."""
    unfinished = data_dir / f"{FILE_NAME}.new"
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(HEADER)
        file.writelines(f"{name}={value}\n" for name, value in values.items())
    unfinished.replace(data_dir / FILE_NAME)


def new_key() -> str:
    """A key of 256 bits and the id it is known by, as settings read them."""
    return f"{uuid.uuid4().hex}:{base64.b64encode(secrets.token_bytes(32)).decode()}"


def with_secrets(values: dict[str, str]) -> dict[str, str]:
    """``values`` and, for each secret it lacks, a new one."""
    return {
        "SECRET_KEY": secrets.token_urlsafe(50),
        **{variable: new_key() for variable in KEYS},
        **{variable: secrets.token_urlsafe(32) for variable in PASSWORDS},
        **values,
    }
