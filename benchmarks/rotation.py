"""Replacing data keys under live writes: ``python -m benchmarks.rotation [NOTES]``; none may be lost (TRUST, R49)."""

import os
import sys
from importlib import import_module

import django

from benchmarks.database import database

NOTES = 10_000


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else NOTES
    with database() as environment:
        # As ``manage.py rotate_keys`` does: signed texts take a new key from the owner of the tables alone.
        as_owner = {"DATABASE_URL": environment["DATABASE_OWNER_URL"]}
        os.environ.update(environment | as_owner, DJANGO_SETTINGS_MODULE="config.settings")
        django.setup()
        # It imports models, which must not happen before the settings are there.
        return int(import_module("benchmarks.rotation_run").run(count))


if __name__ == "__main__":
    sys.exit(main())
