"""The PostgreSQL server that comes with Kith."""

import contextlib
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import psutil

from config.embedded.process import Child, StartError, wait_until
from config.programs import MAJOR_VERSION, own_programs

DATABASE = "kith"
OWNER_ROLE = "kith_owner"
APP_ROLE = "kith_app"
# Each role that signs in (roles.sql says what for), the variable of its password and that of its address.
SIGN_INS = {
    OWNER_ROLE: ("KITH_OWNER_PASSWORD", "DATABASE_OWNER_URL"),
    APP_ROLE: ("KITH_APP_PASSWORD", "DATABASE_URL"),
    "kith_worker": ("KITH_WORKER_PASSWORD", "DATABASE_WORKER_URL"),
    "kith_backup": ("KITH_BACKUP_PASSWORD", "DATABASE_BACKUP_URL"),
}
# PostgreSQL refuses to run as root, so root runs it as this user of the system.
SYSTEM_USER = "kith-postgres"
ROLES_FILE = Path(__file__).with_name("roles.sql")

# Only the system's own user may be the superuser; Kith's roles show a password, so no SQL of ours can become it.
ACCESS_RULES = """\
local all {superuser} peer
local all all scram-sha-256
"""
DURABLE = {"listen_addresses": "", "max_connections": "60", "shared_buffers": "128MB"}
# For tests: nothing in the cluster outlives the run.
FAST = {**DURABLE, "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


class Postgres:
    """A cluster in ``directory``, made on the first start, reachable through ``sockets`` only."""

    def __init__(self, directory: Path, sockets: Path, *, durable: bool = True) -> None:
        self.directory = directory
        self.sockets = sockets
        self.options = DURABLE if durable else FAST
        self.durable = durable
        self.log = directory.parent / "postgres.log"
        self.child: Child | None = None
        self.system_user = SYSTEM_USER if os.geteuid() == 0 else None
        self.superuser = self.system_user or pwd.getpwuid(os.geteuid()).pw_name

    @property
    def is_new(self) -> bool:
        """No cluster has been made here yet."""
        return not self.directory.exists()

    def start(self) -> Child:
        """Start it, making the cluster if there is none, and wait until it takes connections; else ``StartError``."""
        if self.system_user:
            _ensure_system_user(self.system_user)
            _let_others_run(programs())
            _let_others_pass(self.directory)
            shutil.chown(self.sockets, self.system_user, self.system_user)
        if self.is_new:
            self._make_cluster()
        self._refuse_foreign_cluster()
        self._stop_orphan()
        options = {**self.options, "unix_socket_directories": str(self.sockets)}
        self.child = Child(
            "PostgreSQL",
            [
                str(programs() / "postgres"),
                *("-D", str(self.directory)),
                *(part for name, value in options.items() for part in ("-c", f"{name}={value}")),
            ],
            log=self.log,
            end_signal=signal.SIGINT,  # "fast": roll back what is open, write everything, end
            user=self.system_user,
        )
        if not wait_until(self._accepts_connections, child=self.child, patience=60):
            self.stop()
            raise StartError(f"PostgreSQL could not open the database in {self.directory}; {self.log} says why.")
        return self.child

    def stop(self) -> None:
        if self.child:
            self.child.stop()
            self.child = None

    def ensure_roles(self, secrets: Mapping[str, str]) -> dict[str, str]:
        """Make Kith's database and its roles, or give existing ones these passwords.

        ``secrets`` holds the passwords by the name of their variable, as ``kith.env`` does. Returns the addresses at
        which the roles sign in, by the name of theirs.
        """
        passwords = {variable: secrets[variable] for variable, _ in SIGN_INS.values()}
        self.execute(ROLES_FILE.read_text(), environment=passwords)
        return {address: self.url(role, secrets[variable]) for role, (variable, address) in SIGN_INS.items()}

    def execute(self, sql: str, *, environment: dict[str, str] | None = None) -> None:
        """Run a script of psql as the superuser; ``StartError`` when a statement fails."""
        command = [
            str(programs() / "psql"),
            *("--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"),
            *("--host", str(self.sockets), "--username", self.superuser, "--dbname", "postgres"),
        ]
        if self._run(command, stdin=sql, environment=environment) != 0:
            raise StartError(f"PostgreSQL refused to prepare the database; {self.log} says why.")

    def url(self, role: str, password: str) -> str:
        """An address that libpq, psycopg and django-environ all understand."""
        return f"postgresql://{role}:{password}@/{DATABASE}?host={self.sockets}"

    def _make_cluster(self) -> None:
        """Make it beside its place and move it there when whole, so that an interrupted first start leaves no half."""
        unfinished = self.directory.with_suffix(".new")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        if self.system_user:
            shutil.chown(unfinished, self.system_user, self.system_user)
        command = [
            str(programs() / "initdb"),
            *("--pgdata", str(unfinished), "--username", self.superuser, "--auth", "peer", "--encoding", "UTF8"),
            # Sorts by code point everywhere (names are sorted by a stored key), yet knows the case of every letter.
            *("--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"),
            *([] if self.durable else ["--no-sync"]),
        ]
        if self._run(command) != 0:
            raise StartError(f"PostgreSQL could not make a database in {self.directory}; {self.log} says why.")
        (unfinished / "pg_hba.conf").write_text(ACCESS_RULES.format(superuser=self.superuser))
        unfinished.rename(self.directory)

    def _refuse_foreign_cluster(self) -> None:
        try:
            version = (self.directory / "PG_VERSION").read_text().strip()
        except OSError:
            raise StartError(
                f"{self.directory} is not a PostgreSQL database; restore it from a backup or move it away."
            ) from None
        if version != MAJOR_VERSION:
            raise StartError(
                f"the database in {self.directory} is of PostgreSQL {version}, this Kith comes with {MAJOR_VERSION}; "
                "dump it with the old version and load it into the new one."
            )

    def _stop_orphan(self) -> None:
        """End a server that an earlier, violently ended start left on this cluster."""
        with contextlib.suppress(OSError, ValueError, IndexError, psutil.NoSuchProcess):
            pid = int((self.directory / "postmaster.pid").read_text().splitlines()[0])
            process = psutil.Process(pid)
            if str(self.directory) in process.cmdline():
                process.send_signal(signal.SIGINT)
                process.wait(timeout=20)

    def _accepts_connections(self) -> bool:
        with contextlib.suppress(OSError):
            return (self.directory / "postmaster.pid").read_text().split()[-1:] == ["ready"]
        return False

    def _run(self, command: list[str], *, stdin: str = "", environment: dict[str, str] | None = None) -> int:
        with self.log.open("ab") as output:
            return subprocess.run(
                command,
                input=stdin.encode(),
                stdout=output,
                stderr=subprocess.STDOUT,
                env={"PATH": os.defpath, "LC_ALL": "C", **(environment or {})},
                cwd="/",
                user=self.system_user,
                group=self.system_user,
                extra_groups=[] if self.system_user else None,
                check=False,
            ).returncode


def programs() -> Path:
    """The directory of ``postgres``, ``initdb`` and ``psql``; ``StartError`` when they are missing."""
    directory = own_programs()
    if directory is None:
        raise StartError("the PostgreSQL programs are missing: install the locked requirements or set DATABASE_URL.")
    return directory


def _ensure_system_user(name: str) -> None:
    with contextlib.suppress(KeyError):
        pwd.getpwnam(name)
        return
    useradd = shutil.which("useradd")
    if not useradd:
        raise StartError("useradd is missing: start Kith as an ordinary user instead of root, or set DATABASE_URL.")
    subprocess.run([useradd, "--system", "--user-group", "--no-create-home", name], check=True, capture_output=True)


def _let_others_run(directory: Path) -> None:
    """Undo a strict umask on the installed programs and their libraries."""
    if not (directory / "postgres").stat().st_mode & stat.S_IXOTH:
        for path in directory.parent.rglob("*"):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | stat.S_IROTH | (stat.S_IXOTH if path.stat().st_mode & 0o100 else 0))
    _let_others_pass(directory)


def _let_others_pass(path: Path) -> None:
    """Let the system user walk to ``path`` (walk, not look around) where root has shut the way."""
    for parent in path.parents:
        mode = parent.stat().st_mode
        if not mode & stat.S_IXOTH:
            parent.chmod(mode | stat.S_IXOTH)
            sys.stderr.write(f"Note: {parent} may now be passed through (o+x), as PostgreSQL cannot run as root.\n")
