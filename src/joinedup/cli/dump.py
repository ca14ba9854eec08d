"""A database as a file, and what is true of it: rows and a digest for every table, migrations, the head of the chain.

The facts and the dump are taken from one snapshot, so they agree however busy the site is.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypedDict

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from joinedup.cli.postgres_account import installed_programs
from joinedup.core.errors import Refused

# Whoever was signed in signs in again after a restore: a stolen backup must open no session.
LEFT_OUT = ("django_session",)
_SAME_TEXT = (
    "SET TIME ZONE 'UTC'; SET datestyle = 'ISO'; SET intervalstyle = 'postgres'; SET bytea_output = 'hex'; "
    "SET extra_float_digits = 1"
)


class Facts(TypedDict):
    """What is true of a database at one moment."""

    tables: dict[str, dict[str, Any]]  # rows, and a digest of them all whatever their order
    migrations: list[str]
    sealed: list[str]
    chain: dict[str, Any]  # seq and head
    server: str


@contextmanager
def snapshot(url: str) -> Iterator[tuple[psycopg.Connection[Any], str]]:
    """A connection that sees the database as it is now for as long as it lasts, and the name others see it by."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_SAME_TEXT)
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        name = _one(connection, "SELECT pg_export_snapshot()")
        try:
            yield connection, str(name)
        finally:
            connection.execute("ROLLBACK")


def facts_of(connection: psycopg.Connection[Any]) -> Facts:
    """Count and digest every table; a table without rows counts too."""
    names = [row[0] for row in connection.execute(_TABLES).fetchall() if row[0] not in LEFT_OUT]
    tables = {}
    for name in names:
        rows, total = connection.execute(_ROWS.format(sql.Identifier(name))).fetchone() or (0, 0)
        tables[name] = {"rows": rows, "digest": f"{int(total or 0):x}"}
    has = set(names)
    applied: Iterable[Any] = (
        connection.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1") if _M in has else []
    )
    last = (
        connection.execute("SELECT seq, digest FROM access_auditseal ORDER BY seq DESC LIMIT 1") if _S in has else None
    )
    seq, head = (last.fetchone() if last else None) or (0, "")
    return Facts(
        tables=tables,
        migrations=[row[0] for row in applied],
        sealed=[row[0] for row in connection.execute(_SEALED).fetchall()],
        chain={"seq": seq, "head": head},
        server=str(_one(connection, "SHOW server_version")),
    )


_M, _S = "django_migrations", "access_auditseal"
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
_ROWS = sql.SQL("SELECT count(*), sum(('x' || left(md5(t::text), 15))::bit(60)::bigint) FROM {} AS t")
# Only triggers no session can switch off count as a seal, and a seal is both: of rows and of the whole table.
_SEALED = (
    "SELECT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE tgname IN ('sealed_rows',"
    " 'sealed_table') AND tgenabled = 'A' GROUP BY relname HAVING count(*) = 2 ORDER BY relname"
)


def differences(told: Facts, found: Facts) -> list[str]:
    """What a restored database has otherwise than the manifest says, a line each."""
    lines = []
    for name in sorted({*told["tables"], *found["tables"]}):
        was, now = told["tables"].get(name), found["tables"].get(name)
        if was is None or now is None:
            lines.append(f"{name}: {'is missing' if now is None else 'was not in the backup'}")
        elif was["rows"] != now["rows"]:
            lines.append(f"{name}: {was['rows']} rows in the backup, {now['rows']} restored")
        elif was["digest"] != now["digest"]:
            lines.append(f"{name}: {now['rows']} rows, but not the same")
    for what in ("migrations", "sealed", "chain"):
        if told[what] != found[what]:
            lines.append(f"{what}: not as in the backup")
    return lines


# --- PostgreSQL's own programs -----------------------------------------------------------------------------------------


def program(name: str) -> str:
    """The packaged program, which is the newest; else the one on PATH."""
    try:
        found = installed_programs() / name
        if found.exists():
            return str(found)
    except Refused:
        pass
    on_path = shutil.which(name)
    if on_path is None:
        raise Refused(f"{name} is not here: install the PostgreSQL client programs.", rule="CL-5")
    return on_path


def _connect_by(url: str) -> tuple[str, dict[str, str]]:
    """The address without its password, and an environment that holds it: others can read a command line."""
    parts = conninfo_to_dict(url)
    password = parts.pop("password", None)
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(("PG", "JOINEDUP_", "DATABASE"))
    }
    if password:
        environment["PGPASSWORD"] = str(password)
    return make_conninfo(**{name: str(value) for name, value in parts.items()}), environment


def dump(url: str, snapshot_name: str, into: Path) -> None:
    """Write the snapshot to a file, compressed, without owners and rights: those belong to where it is restored."""
    address, environment = _connect_by(url)
    command = [program("pg_dump"), "--format=custom", "--no-owner", "--no-acl", f"--snapshot={snapshot_name}"]
    command += [f"--exclude-table-data=public.{table}" for table in LEFT_OUT]
    with into.open("xb") as out:
        into.chmod(0o600)
        _run([*command, "--dbname", address], environment, "The database could not be written out", stdout=out)


def load(url: str, file: Path, *, application: str) -> None:
    """Restore a dump into an empty database and give the application role its rights: one transaction, so that a kill
    leaves nothing behind."""
    address, environment = _connect_by(url)
    psql = [
        program("psql"),
        "--no-psqlrc",
        "--quiet",
        "--set=ON_ERROR_STOP=1",
        "--output=/dev/null",
        "--dbname",
        address,
    ]
    with tempfile.TemporaryFile() as said:
        unpacking = subprocess.Popen(
            [program("pg_restore"), "--no-owner", "--no-acl", "--file=-", str(file)],
            stdout=subprocess.PIPE,
            stderr=said,
            env=environment,
        )
        loading = subprocess.Popen(psql, stdin=subprocess.PIPE, stderr=said, env=environment)
        try:
            _pour(unpacking, loading, _rights_for(application) if application else "")
        finally:
            for process in (unpacking, loading):
                if process.poll() is None:
                    process.kill()
                process.wait()
        if unpacking.returncode or loading.returncode:
            said.seek(0)
            words = said.read(20_000).decode(errors="replace")
            raise Refused(f"The backup could not be loaded: {_first_error(words)}", rule="CL-3")


def _pour(unpacking: subprocess.Popen[bytes], loading: subprocess.Popen[bytes], rights: str) -> None:
    """From one program into the other. COMMIT is sent only when the first has ended well: whatever is killed, and
    whoever kills it, nothing stays."""
    if unpacking.stdout is None or loading.stdin is None:
        raise Refused("The programs of PostgreSQL could not be started.", rule="CL-5")
    with contextlib.suppress(BrokenPipeError):  # the second has said why it stopped
        loading.stdin.write(b"BEGIN;\n")
        shutil.copyfileobj(unpacking.stdout, loading.stdin, 1 << 20)
        if unpacking.wait() == 0:
            loading.stdin.write(f"\n{rights}\nCOMMIT;\n".encode())
            loading.stdin.close()
            loading.wait()


def _rights_for(role: str) -> str:
    """What `core.database.grant_application_rights` does, as a script for the same transaction."""
    name = '"' + role.replace('"', '""') + '"'
    return f"""
        GRANT USAGE ON SCHEMA public TO {name};
        GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name};
        GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name};
        DO $$ DECLARE sealed regclass; BEGIN
          FOR sealed IN SELECT tgrelid FROM pg_trigger WHERE tgname = 'sealed_rows' LOOP
            EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %s FROM {name}', sealed);
          END LOOP;
        END $$;
        REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON public.django_migrations FROM {name};
        ANALYZE;
    """  # noqa: S608 # a script of rights; the role comes from our own settings and is quoted


def is_empty(url: str) -> bool:
    """Whether there is nothing of anybody's in the database."""
    with psycopg.connect(url) as connection:
        return not _one(connection, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")


def clear(url: str) -> None:
    """Take everything out again of a database that was empty before."""
    with psycopg.connect(url) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")


def _run(command: list[str], environment: dict[str, str], problem: str, **streams: Any) -> None:
    done = subprocess.run(command, env=environment, stderr=subprocess.PIPE, check=False, **streams)
    if done.returncode:
        raise Refused(f"{problem}: {_first_error(done.stderr.decode(errors='replace'))}", rule="CL-5")


def _first_error(said: str) -> str:
    lines = [line for line in said.splitlines() if "error" in line.lower() or "fatal" in line.lower()]
    sys.stderr.write("".join(f"{line}\n" for line in said.splitlines()[:5]))
    return (lines or said.splitlines() or ["no reason was given"])[0][:300]


def _one(connection: psycopg.Connection[Any], statement: str) -> Any:
    row = connection.execute(statement).fetchone()
    return row[0] if row else None
