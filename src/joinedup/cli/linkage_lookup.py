"""`joinedup linkage lookup`: look many people up among the people of a file, as the search page would.

It makes a database of its own with the product's tables, fills it, asks, and removes it. What a run that was killed left
behind is removed by the next one.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED as FIRST
from concurrent.futures import Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import click

from joinedup.cli.collecting import spare_what_is_loaded
from joinedup.cli.data_folder import keep_secret_key
from joinedup.cli.database import close_connections, migrate_database, start_django
from joinedup.cli.postgres import EmbeddedPostgres
from joinedup.core.errors import Refused

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa  # type: ignore[import-untyped]

_PREFIX = "joinedup-lookup-"
_PEOPLE_AT_ONCE = 4000
_WARM_UP = 500
_MOST = 10
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FIELDS = "forename, middle, surname, dob, sex, address1, postcode, nhs_number, upn"


@click.command("lookup")
@click.option("--records", required=True, type=_FILE, help="Records, parquet or CSV.")
@click.option("--clusters", required=True, type=_FILE, help="Which records are one person: record_id, cluster_id.")
@click.option("--queries", required=True, type=_FILE, help="Whom to look up: query_id and the fields of a record.")
@click.option(
    "--results", required=True, type=click.Path(dir_okay=False, path_type=Path), help="Where to write what was found."
)
def lookup(records: Path, clusters: Path, queries: Path, results: Path) -> None:
    """Look people up among the people of a file: at most ten for each query, the best first, with their probability."""
    from joinedup.engines.linkage.reading import UnreadableRecords

    try:
        with _files(records, clusters, queries) as files, _scratch_database():
            _fill(files)
            _answer(files, results)
    except UnreadableRecords as wrong:
        raise Refused(" ".join(wrong.faults)) from None


# --- The files ------------------------------------------------------------------


@dataclass(frozen=True)
class _Files:
    """The records by person and the queries, read into DuckDB, which keeps its memory bounded."""

    database: duckdb.DuckDBPyConnection
    records: int
    people: int
    queries: int


@contextlib.contextmanager
def _files(records: Path, clusters: Path, queries: Path) -> Iterator[_Files]:
    import duckdb

    from joinedup.engines.linkage.reading import UnreadableRecords, read_records

    with tempfile.TemporaryDirectory(prefix="joinedup-files-") as folder:
        database = duckdb.connect(str(Path(folder) / "files.duckdb"))
        database.execute("SET memory_limit = '1GB'")
        database.execute("SET threads = 2")
        number = read_records(database, records)
        _read_clusters(database, clusters)
        database.execute(
            "CREATE TABLE held AS SELECT dense_rank() OVER (ORDER BY c.cluster) AS person, r.*"
            " FROM record r JOIN cluster c ON c.record = cast(r.record_id AS VARCHAR)"
        )
        missing = number - _count(database, "SELECT count(*) FROM held")
        if missing:
            raise UnreadableRecords([f"{clusters.name} says of {missing} records not whose they are."])
        asked = _read_queries(database, queries)
        people = _count(database, "SELECT count(DISTINCT person) FROM held")
        try:
            yield _Files(database, number, people, asked)
        finally:
            database.close()


def _read_clusters(database: duckdb.DuckDBPyConnection, file: Path) -> None:
    source = _source(file)
    _need(database, source, file, ("record_id", "cluster_id"))
    database.execute(
        "CREATE TABLE cluster AS SELECT cast(record_id AS VARCHAR) AS record, cast(cluster_id AS VARCHAR) AS cluster"  # noqa: S608
        f" FROM {source}"
    )


def _read_queries(database: duckdb.DuckDBPyConnection, file: Path) -> int:
    source = _source(file)
    columns = _need(database, source, file, ("query_id",))
    fields = ", ".join(
        f"trim(cast({name} AS VARCHAR)) AS {name}" if name in columns else f"NULL::VARCHAR AS {name}"
        for name in _FIELDS.split(", ")
    )
    database.execute(f"CREATE TABLE query AS SELECT row_number() OVER () AS place, query_id, {fields} FROM {source}")  # noqa: S608
    return _count(database, "SELECT count(*) FROM query")


def _source(file: Path) -> str:
    with file.open("rb") as start:
        is_parquet = start.read(4) == b"PAR1"
    path = str(file).replace("'", "''")
    return f"read_parquet('{path}')" if is_parquet else f"read_csv('{path}', header=true, null_padding=true)"


def _need(database: duckdb.DuckDBPyConnection, source: str, file: Path, names: tuple[str, ...]) -> set[str]:
    import duckdb

    from joinedup.engines.linkage.reading import UnreadableRecords

    try:
        described = database.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()  # noqa: S608
    except duckdb.Error as error:
        raise UnreadableRecords(
            [f"{file.name} cannot be read as parquet or CSV: {str(error).splitlines()[0]}"]
        ) from None
    columns = {str(row[0]).lower() for row in described}
    faults = [f"{file.name} has no column {name}." for name in names if name not in columns]
    if faults:
        raise UnreadableRecords(faults)
    return columns


def _count(database: duckdb.DuckDBPyConnection, statement: str) -> int:
    return int(database.execute(statement).fetchall()[0][0])


# --- The database ---------------------------------------------------------------


@contextlib.contextmanager
def _scratch_database() -> Iterator[None]:
    """A database of our own, with the product's tables, and nothing of it left afterwards."""
    sweep()
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    if os.geteuid() == 0:
        folder.chmod(0o711)
    before = signal.signal(signal.SIGTERM, _end)
    server = EmbeddedPostgres(folder, durable=False)
    try:
        urls = server.start()
        for name in ("DATABASE_URL_FILE", "JOINEDUP_OWNER_DATABASE_URL_FILE"):
            os.environ.pop(name, None)
        os.environ.update(DATABASE_URL=urls.owner, JOINEDUP_OWNER_DATABASE_URL=urls.owner, JOINEDUP_POOL="0")
        os.environ.setdefault("JOINEDUP_DEMO", "1")  # nobody signs in here
        keep_secret_key(folder)
        start_django(folder)
        migrate_database()
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        close_connections()
        remove(server)
        signal.signal(signal.SIGTERM, before)


def _end(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def sweep() -> None:
    """Remove the databases of runs that were killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError, Refused):
            if folder.stat().st_uid == os.geteuid() and EmbeddedPostgres(folder).stop_if_abandoned():
                remove(EmbeddedPostgres(folder))


def remove(server: EmbeddedPostgres) -> None:
    """Stop a server of ours and remove its files."""
    with contextlib.suppress(OSError):
        server.stop()
    note = server.data / "postgres-socket"
    with contextlib.suppress(OSError):
        socket = Path(note.read_text().strip())
        if socket.name.startswith("joinedup-"):
            shutil.rmtree(socket, ignore_errors=True)
    shutil.rmtree(server.data, ignore_errors=True)


# --- Filling --------------------------------------------------------------------


def _fill(files: _Files) -> None:
    """Everybody's entries and keys, worked out by two processes."""
    from joinedup.person_index.services import Loaded, finish_loading, prepare_tables_for_loading

    prepare_tables_for_loading()
    close_connections()
    loaded = Loaded()
    with _bar("Reading people", files.people) as bar, _workers() as pool:
        waiting: set[Future[Any]] = set()
        for batch in _people(files.database):
            waiting.add(pool.submit(_load, batch))
            if len(waiting) > 3:
                done, waiting = wait(waiting, return_when=FIRST)
                _take(done, loaded, bar)
        _take(wait(waiting).done, loaded, bar)
    with _bar("Indexing", 4) as bar:
        for step in finish_loading(loaded):
            bar.label = step
            bar.update(1)


@contextlib.contextmanager
def _workers() -> Iterator[ProcessPoolExecutor]:
    pool = ProcessPoolExecutor(min(2, os.cpu_count() or 1), mp_context=multiprocessing.get_context("fork"))
    try:
        yield pool
    except BaseException:
        for process in list((pool._processes or {}).values()):
            process.terminate()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _take(done: set[Future[Any]], loaded: Any, bar: Any) -> None:
    for each in done:
        more = each.result()
        loaded.add(more)
        bar.update(more.people)


def _load(batch: list[tuple[int, list[tuple[int, tuple[str | None, ...]]]]]) -> Any:
    from joinedup.person_index.services import load_people

    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    return load_people(batch)


def _people(
    database: duckdb.DuckDBPyConnection,
) -> Iterator[list[tuple[int, list[tuple[int, tuple[str | None, ...]]]]]]:
    """People with their records, some thousand at once."""
    rows = database.cursor().execute(f"SELECT person, rid, {_FIELDS} FROM held ORDER BY person, rid")  # noqa: S608
    batch: list[tuple[int, list[tuple[int, tuple[str | None, ...]]]]] = []
    while some := rows.fetchmany(10_000):
        for person, number, *fields in some:
            if not batch or batch[-1][0] != person:
                if len(batch) >= _PEOPLE_AT_ONCE:
                    yield batch
                    batch = []
                batch.append((person, []))
            batch[-1][1].append((number, tuple(fields)))
    if batch:
        yield batch


# --- Asking ---------------------------------------------------------------------


def _answer(files: _Files, results: Path) -> None:
    from joinedup.person_index.queries import look_up, question_of_fields, read_weighing

    weighing = read_weighing()
    sample = f"SELECT {_FIELDS} FROM held USING SAMPLE {_WARM_UP} ROWS (reservoir, 7)"  # noqa: S608
    for fields in files.database.execute(sample).fetchall():
        look_up(question_of_fields(fields), weighing)
    spare_what_is_loaded()  # as the web server does before it serves
    on = datetime.now(tz=UTC).date()
    rows: list[tuple[int, int, int | None, float | None, float]] = []
    asked = files.database.execute(f"SELECT {_FIELDS} FROM query ORDER BY place").fetchall()  # noqa: S608
    with _bar("Looking up", len(asked)) as bar:
        for place, fields in enumerate(asked):
            began = time.perf_counter()
            found = look_up(question_of_fields(fields, on), weighing, limit=_MOST)
            took = (time.perf_counter() - began) * 1000
            for rank, each in enumerate(found, 1):
                record = each.entry.record_id
                rows.append((place, rank, record.int if record else None, each.probability, took))
            if not found:
                rows.append((place, 1, None, None, took))
            bar.update(1)
    _write(files, rows, results)


def _write(files: _Files, rows: list[Any], results: Path) -> None:
    """The answers, with ids of the types they came in."""
    import pyarrow as pa
    import pyarrow.parquet as pq  # type: ignore[import-untyped]

    query_ids = _column(files.database, "SELECT query_id FROM query ORDER BY place")
    record_ids = _column(files.database, "SELECT record_id FROM record ORDER BY rid")
    places, ranks, numbers, chances, took = zip(*rows, strict=True) if rows else ((), (), (), (), ())
    table = pa.table(
        {
            "query_id": query_ids.take(pa.array(places, pa.int64())),
            "rank": pa.array(ranks, pa.int32()),
            "record_id": record_ids.take(pa.array(numbers, pa.int64())),
            "probability": pa.array(chances, pa.float64()),
            "latency_ms": pa.array(took, pa.float64()),
        }
    )
    draft = results.with_name(f".{results.name}.part")
    pq.write_table(table, draft)
    draft.replace(results)


def _column(database: duckdb.DuckDBPyConnection, statement: str) -> pa.Array:
    import pyarrow as pa

    found = database.sql(statement).to_arrow_table().column(0)
    return found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found


def _bar(label: str, length: int) -> Any:
    return click.progressbar(length=length, label=label, file=sys.stderr)
