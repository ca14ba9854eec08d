"""The embedded PostgreSQL: one private server per data folder, so that an installation needs nothing installed.

Several commands may use one data folder at once. Each holds a shared lock while it does; whoever starts the server
first, the last one out stops it. A server left alive by a `kill -9` is adopted by the next command. There is never a
TCP port: the socket lies in a private folder with a short name, because a long path refuses to start.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import secrets
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO
from urllib.parse import quote, urlencode

import psycopg
from psycopg import sql

from joinedup.cli.data_folder import make_folder, write_private
from joinedup.cli.postgres_account import MAJOR_VERSION, Account, choose_account
from joinedup.core.errors import Refused

SUPERUSER, OWNER, APPLICATION = "joinedup_super", "joinedup_owner", "joinedup_app"
DATABASE = "joinedup"
START_WITHIN = 30.0
STOP_WITHIN = 20.0
LONGEST_SOCKET_FOLDER = 80
LOG_LIMIT = 5_000_000
SHORT_FOLDER = Path("/tmp")  # noqa: S108 # a fresh private folder is made inside

# A small machine that also runs the web server. Errors are logged without the rows they are about: personal words
# must not reach a log file.
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "effective_cache_size": "1GB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "max_wal_size": "1GB",
    "checkpoint_timeout": "10min",
    "random_page_cost": "1.1",
    "jit": "off",
    "io_method": "sync",
    "max_parallel_workers_per_gather": "1",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_checkpoints": "off",
    "idle_in_transaction_session_timeout": "10min",
}
_LEFT_RUNNING: list[subprocess.Popen[bytes]] = []
FAST_AND_LOOSE = {
    "shared_buffers": "128MB",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_wal_size": "192MB",
}


def page_cache() -> str:
    """`shared_buffers`: an eighth of the machine's memory, at least 128 MB and at most 2 GB, so that the keys of a
    million people stay at hand and a small machine keeps room for the web server."""
    try:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):  # a system that does not say
        memory = 0
    return f"{max(128, min(2048, memory // 8 // 1024**2))}MB"


@dataclass(frozen=True)
class DatabaseUrls:
    """The three ways in: `owner` migrates, `application` is what the program runs as, `superuser` looks after roles."""

    owner: str
    application: str
    superuser: str


class EmbeddedPostgres:
    """The server of one data folder. `durable=False` gives up safety for speed and is for tests only."""

    def __init__(self, data: Path, *, durable: bool = True) -> None:
        self.data = data.absolute()
        self.cluster = self.data / "postgres"
        self.log = self.data / "postgres.log"
        self.durable = durable
        self._child: subprocess.Popen[bytes] | None = None
        self._in_use: IO[str] | None = None
        self._account: Account | None = None

    def __enter__(self) -> DatabaseUrls:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.stop()

    # --- for commands ---------------------------------------------------------------------------------------------

    def prepare(self) -> DatabaseUrls:
        """Make the data folder, passwords and socket folder, and say the addresses, without starting anything."""
        make_folder(self.data)
        with self._deciding():
            return self._urls(self._passwords(), self._socket_folder())

    def start(self) -> DatabaseUrls:
        """Start the server, or join the one already running here. Raises Refused with what to do."""
        urls = self.prepare()
        with self._deciding():
            if self._in_use is None:
                self._in_use = (self.data / "postgres.users").open("a+")
                fcntl.flock(self._in_use, fcntl.LOCK_SH)
            try:
                urls = self._join_or_launch()
                self._ensure_roles(urls)
                self._give_to_owner()
            except BaseException:
                self._leave()
                raise
        return urls

    def stop(self) -> None:
        """Leave the server; if nobody else uses it, stop it and wait until everything is on disk."""
        with self._deciding():
            self._leave()

    def stop_if_abandoned(self) -> bool:
        """Stop a server whose every user was killed. False where somebody still uses it."""
        with self._deciding(), (self.data / "postgres.users").open("a+") as users:
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            self._stop_server()
            return True

    def is_running(self) -> bool:
        """Whether the server process is alive (a second's blindness to a hung one is the health check's business)."""
        if self._child is not None and self._child.poll() is not None:
            return False
        return self._live_pid() is not None

    def ensure_running(self) -> bool:
        """Start the server again if it has died. True if it had."""
        if self.is_running():
            return False
        if self._child is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._child.wait(timeout=5)  # until it has been waited for, its number counts as alive
        self._child = None
        self.start()
        return True

    @property
    def socket_folder(self) -> Path:
        """Where the server's socket lies."""
        return self._socket_folder()

    # --- starting -------------------------------------------------------------------------------------------------

    def _join_or_launch(self) -> DatabaseUrls:
        urls = self._urls(self._passwords(), self._socket_folder())
        deadline = time.monotonic() + START_WITHIN
        while self._live_pid() is not None:  # it may be ending: then there is one to start
            if self._answers(urls.superuser, within=1.0):
                return urls
            if time.monotonic() < deadline:
                continue
            raise Refused(
                f"A PostgreSQL server for {self.data} is running (process {self._live_pid()}) but does not answer; "
                f"end that process and look at {self.log}."
            )
        self._account = choose_account(self.data)
        if not (self.cluster / "PG_VERSION").exists():
            self._create_cluster()
        self._check_version()
        self._launch(urls.superuser)
        return urls

    def _launch(self, superuser: str) -> None:
        """Start until it answers. After a crash the first tries may meet the dead server's locks."""
        deadline = time.monotonic() + START_WITHIN
        while True:
            self._clear_dead_locks()
            with self._open_log() as log:
                self._child = self._spawn(self._server_command(), stdout=log, stderr=log, stdin=subprocess.DEVNULL)
            if self._answers(superuser, within=max(1.0, deadline - time.monotonic())):
                return
            if time.monotonic() > deadline:
                raise Refused(f"PostgreSQL did not start: {self._last_words()} (see {self.log}).")
            time.sleep(0.3)

    def _server_command(self) -> list[str]:
        settings = {**SETTINGS, "shared_buffers": page_cache(), **({} if self.durable else FAST_AND_LOOSE)}
        arguments = [f"--{name}={value}" for name, value in settings.items()]
        socket = f"--unix_socket_directories={self._socket_folder()}"
        return self._chosen().command("postgres", "-D", str(self.cluster), socket, *arguments)

    def _answers(self, superuser: str, *, within: float) -> bool:
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            try:
                psycopg.connect(superuser, connect_timeout=5, dbname="postgres").close()
                return True
            except psycopg.OperationalError as error:
                if "password authentication failed" in str(error):
                    raise Refused(
                        f"The passwords in {self.data / 'postgres-secrets.json'} do not fit the database beside them; "
                        "restore both from the same backup."
                    ) from None
                if self._child is not None and self._child.poll() is not None:
                    return False
            time.sleep(0.03)
        return False

    def _create_cluster(self) -> None:
        """Make a new, empty database cluster. It gets its final name only when complete."""
        draft = self.data / "postgres.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        password = self._socket_folder() / "password"
        password.touch(mode=0o600)
        password.write_text(self._passwords()[SUPERUSER])
        account = self._chosen()
        if account.uid is not None:
            for path in (draft, password, password.parent):
                os.chown(path, account.uid, account.gid or 0)
        options = [
            "--username=" + SUPERUSER,
            f"--pwfile={password}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--no-instructions",
        ]
        if not self.durable:
            options.append("--no-sync")
        try:
            command = self._chosen().command("initdb", "-D", str(draft), *options)
            child = self._spawn(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
            try:
                output, _ = child.communicate()
            except BaseException:
                child.kill()
                raise
        finally:
            password.unlink(missing_ok=True)
        if child.returncode != 0:
            words = output.decode(errors="replace").strip().splitlines()
            raise Refused(f"PostgreSQL could not prepare {self.cluster}: {words[-1] if words else 'error'}")
        draft.rename(self.cluster)

    def _check_version(self) -> None:
        found = (self.cluster / "PG_VERSION").read_text().strip()
        if found != MAJOR_VERSION:
            raise Refused(
                f"The database in {self.cluster} was made by PostgreSQL {found} and this program brings {MAJOR_VERSION}; "
                "restore a backup into a new --data folder."
            )

    def _ensure_roles(self, urls: DatabaseUrls) -> None:
        """The owner migrates and may make databases; the application owns nothing."""
        passwords = self._passwords()
        with psycopg.connect(urls.superuser, dbname="postgres", autocommit=True) as connection:
            roles = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles").fetchall()}
            for role, rights in ((OWNER, "LOGIN CREATEDB"), (APPLICATION, "LOGIN")):
                if role not in roles:
                    statement = sql.SQL("CREATE ROLE {} {} PASSWORD {}")
                    parts = (sql.Identifier(role), sql.SQL(rights), sql.Literal(passwords[role]))
                    connection.execute(statement.format(*parts))
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                create = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0")
                connection.execute(create.format(sql.Identifier(DATABASE), sql.Identifier(OWNER)))
                connection.execute(f"REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC")
                connection.execute(f"GRANT CONNECT, TEMPORARY ON DATABASE {DATABASE} TO {APPLICATION}")

    def _chosen(self) -> Account:
        if self._account is None:
            self._account = choose_account(self.data)
        return self._account

    def _spawn(self, command: list[str], **streams: object) -> subprocess.Popen[bytes]:
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "JOINEDUP_"))}
        environment.pop("DATABASE_URL", None)
        environment.update(LC_ALL="C", TZ="UTC")
        options = {**streams, **self._chosen().process_options()}
        # Its own session: Ctrl-C at a terminal must reach the supervisor alone, so that the database stops last.
        return subprocess.Popen(  # type: ignore[call-overload,no-any-return]
            command, env=environment, cwd="/", start_new_session=True, **options
        )

    # --- stopping -------------------------------------------------------------------------------------------------

    def _leave(self) -> None:
        if self._in_use is None:
            return
        try:
            fcntl.flock(self._in_use, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pass  # somebody else is using the server: the last one out stops it
        else:
            self._stop_server()
        self._in_use.close()
        self._in_use = None
        if self._child is not None and self._child.poll() is None:
            _LEFT_RUNNING.append(self._child)  # others use it; Python would complain about an unwaited child
        self._child = None

    def _stop_server(self) -> None:
        pid = self._live_pid()
        if pid is None:
            return
        deadline = time.monotonic() + STOP_WITHIN
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGINT)  # roll open transactions back and write everything out
        while self._running(pid):
            if time.monotonic() > deadline:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGQUIT)  # committed work is in the log and is replayed at the next start
                break
            time.sleep(0.02)
        if self._child is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._child.wait(timeout=5)

    # --- looking --------------------------------------------------------------------------------------------------

    def _running(self, pid: int) -> bool:
        if self._child is not None and self._child.pid == pid and self._child.poll() is not None:
            return False
        return process_is_alive(pid)

    def _live_pid(self) -> int | None:
        """The process number of a live server of this data folder, ours or one left behind."""
        try:
            pid = int((self.cluster / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return None
        return pid if process_is_alive(pid) and self._is_our_server(pid) else None

    def _is_our_server(self, pid: int) -> bool:
        """Whether the process works in our cluster: after a restart of the machine its number may be another's."""
        try:
            return os.path.samefile(f"/proc/{pid}/cwd", self.cluster)
        except PermissionError:  # it cannot be looked into, so its name must do
            return b"postgres" in _command_line(pid)
        except OSError:
            if Path("/proc/self").exists():
                return False
        found = subprocess.run(["ps", "-p", str(pid), "-o", "command="], capture_output=True, text=True, check=False)
        return "postgres" in found.stdout

    def _clear_dead_locks(self) -> None:
        """Remove locks PostgreSQL would respect although no server works in the cluster any more.

        The number in a lock may belong to an unrelated program by now, or to a server that has ended and whose parent
        has not noticed. The socket folder serves this cluster alone, so its lock means no more than the cluster's.
        """
        locks = (self.cluster / "postmaster.pid", self._socket_folder() / ".s.PGSQL.5432.lock")
        if not any(lock.exists() for lock in locks) or not Path("/proc/self").exists():
            return
        if self._live_pid() is None and not any(self._is_our_server(pid) for pid in _processes()):
            for lock in locks:
                lock.unlink(missing_ok=True)

    def _last_words(self) -> str:
        try:
            lines = self.log.read_text(errors="replace").strip().splitlines()
        except OSError:
            return "no reason was given"
        wanted = [line for line in lines[-20:] if "FATAL" in line or "ERROR" in line or "error" in line]
        return (wanted or lines or ["no reason was given"])[-1]

    # --- what is kept in the data folder --------------------------------------------------------------------------

    @contextlib.contextmanager
    def _deciding(self) -> Iterator[None]:
        """One command at a time decides whether to start or stop."""
        with (self.data / "postgres.lock").open("a+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _passwords(self) -> dict[str, str]:
        path = self.data / "postgres-secrets.json"
        if not path.exists():
            if self.cluster.exists():
                raise Refused(f"{path} is missing, so the database cannot be opened; restore it.")
            made = {role: secrets.token_urlsafe(24) for role in (SUPERUSER, OWNER, APPLICATION)}
            write_private(path, json.dumps(made))
        kept: dict[str, str] = json.loads(path.read_text())
        return kept

    def _socket_folder(self) -> Path:
        """A private folder with a short name, remembered while it exists and is nobody else's."""
        note = self.data / "postgres-socket"
        place = self.data.stat()
        ours = f"{place.st_dev}:{place.st_ino}"  # a copied data folder must not reach the server of its original
        if note.exists():
            folder = Path(note.read_text().strip())
            if _is_private(folder, {os.geteuid(), self._cluster_owner()}) and _reads(folder / "serves") == ours:
                return folder
        home = Path(os.environ.get("XDG_RUNTIME_DIR") or SHORT_FOLDER)
        if not (home.is_dir() and os.access(home, os.W_OK)) or len(str(home)) > LONGEST_SOCKET_FOLDER - 20:
            home = SHORT_FOLDER
        folder = Path(tempfile.mkdtemp(prefix="joinedup-", dir=home))
        write_private(folder / "serves", ours)
        owner = self._cluster_owner()
        if os.geteuid() == 0 and owner != 0:
            os.chown(folder, owner, -1)
        write_private(note, str(folder))
        return folder

    def _give_to_owner(self) -> None:
        """As root in somebody's folder: what is made there is theirs, or they could not start it tomorrow."""
        owner = self.data.stat()
        if os.geteuid() == 0 and owner.st_uid != 0:
            for path in self.data.glob("postgres?*"):
                os.chown(path, owner.st_uid, owner.st_gid)

    def _cluster_owner(self) -> int:
        return self.cluster.stat().st_uid if self.cluster.exists() else os.geteuid()

    def _urls(self, passwords: dict[str, str], folder: Path) -> DatabaseUrls:
        def url(role: str) -> str:
            return f"postgresql://{role}:{quote(passwords[role], safe='')}@/{DATABASE}?{urlencode({'host': folder})}"

        return DatabaseUrls(owner=url(OWNER), application=url(APPLICATION), superuser=url(SUPERUSER))

    def _open_log(self) -> IO[bytes]:
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.old"))
        descriptor = os.open(self.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        return os.fdopen(descriptor, "ab")


def process_is_alive(pid: int) -> bool:
    """Whether a process runs. One that has ended and waits for its parent to notice does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in ("Z", "X")
    except (OSError, IndexError):
        return not Path("/proc/self").exists()


def _reads(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""


def _command_line(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[0]
    except OSError:
        return b""


def _processes() -> Iterator[int]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            yield int(entry.name)


def _is_private(folder: Path, owners: set[int]) -> bool:
    try:
        found = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid in owners and not found.st_mode & 0o077
