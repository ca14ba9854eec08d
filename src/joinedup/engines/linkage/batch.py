# ruff: noqa: S608 - every name in this SQL is ours; values are bound or joined
"""Train and cluster a whole file: the stages, one after another, each kept until the end.

Nothing here needs Django or a server: DuckDB works inside this process. What a
stage made is kept as a file in a work folder beside the result, under a digest of
everything it came from, so that a run that was killed goes on where it was. The
folder is removed when the result is written.
"""

from __future__ import annotations

import gc
import hashlib
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from joinedup.engines.linkage import bulk
from joinedup.engines.linkage.attaching import RIVAL_BITS, Held, attach
from joinedup.engines.linkage.candidates import find_candidates, leave_out_hopeless
from joinedup.engines.linkage.clustering import Clusters, Facts, Refused, join_all
from joinedup.engines.linkage.deciding import KEPT_APART, decide_all, find_twins
from joinedup.engines.linkage.decision import BEFORE_AND_AFTER, Circumstances, Outcome
from joinedup.engines.linkage.household import pairs_in_dwellings, score_dwellings, train_household
from joinedup.engines.linkage.levels import FIELDS
from joinedup.engines.linkage.model import Model, bits_of
from joinedup.engines.linkage.reading import read_records
from joinedup.engines.linkage.standardising import leave_out_anothers_numbers, standardise_table
from joinedup.engines.linkage.training import train_general

if TYPE_CHECKING:
    import duckdb

STAGES = "3"  # raised when a stage's file changes its meaning
MEMORY = "1600MB"
THREADS = 2
FEWEST_TO_TELL = 200  # records of an agency, to say how old its people are

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Settings:
    """How to run: the seed, the day (for two-figure years), and where Splink scores."""

    seed: int = 0
    today: date = date(2100, 1, 1)
    backend: str = "duckdb"
    threshold: float | None = None
    must_link: Sequence[tuple[object, object]] = ()
    cannot_link: Sequence[tuple[object, object]] = ()


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What a run made: how many records, people, pairs to review, and joins refused."""

    records: int
    people: int
    review: int
    refused: dict[str, int]


def _silent(_stage: str, _share: float) -> None:
    """Report no progress."""


def train(records: Path, out: Path, settings: Settings, progress: Progress = _silent) -> Model:
    """Learn a model from a file of records and write it. Raises ``UnreadableRecords``."""
    with _work(out, records, settings, None) as (folder, database):
        _standard(database, folder, records, settings, progress)
        model = _trained(database, folder, settings, progress)
    model.write(out, splink=bulk.settings(model))
    return model


def cluster(
    records: Path,
    clusters: Path,
    settings: Settings,
    *,
    model: Model | None = None,
    pairs: Path | None = None,
    progress: Progress = _silent,
) -> Outcomes:
    """Put every record of a file in a cluster, one for each person, and write the clusters.

    ``pairs`` is where to write those that a person should review. Without a
    ``model`` it learns one first. Raises ``UnreadableRecords``.
    """
    with _work(clusters, records, settings, model) as (folder, database):
        _standard(database, folder, records, settings, progress)
        used = model or _trained(database, folder, settings, progress)
        if settings.threshold is not None:
            used = replace(used, link=settings.threshold, review=min(used.review, settings.threshold))
        _scored(database, folder, used, settings, progress)
        progress("deciding", 0.0)
        find_twins(database)
        decide_all(database, used)
        progress("clustering", 0.0)
        found, refused = _clustered(database, used, settings)
        progress("writing", 0.0)
        return _written(database, used, found, refused, clusters, pairs)


# --- The stages -------------------------------------------------------------------


@contextmanager
def _work(
    out: Path, records: Path, settings: Settings, model: Model | None
) -> Iterator[tuple[Path, duckdb.DuckDBPyConnection]]:
    """Open the work folder for a result and a database in this process; remove the folder at success."""
    import duckdb

    folder = out.parent / f".{out.name}.{_digest(records, settings, model)}"
    folder.mkdir(parents=True, exist_ok=True)
    config: dict[str, str | bool | int | float | list[str]] = {
        "threads": THREADS,
        "memory_limit": MEMORY,
        "temp_directory": str(folder / "spill"),
    }
    with duckdb.connect(config=config) as database:
        database.execute("set preserve_insertion_order = false")
        database.execute("set enable_progress_bar = false")
        with _uncollected():
            yield folder, database
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Look for no cycles meanwhile: among millions of small tuples, none in one, that takes longer than joining them."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _digest(records: Path, settings: Settings, model: Model | None) -> str:
    """Return a digest of all that a run's stages come from."""
    digest = hashlib.sha256(f"{STAGES} {settings.seed} {settings.today} {settings.backend}".encode())
    digest.update((model or Model.default()).text().encode())
    digest.update(b"trains" if model is None else b"given")
    if records.is_file():
        with records.open("rb") as file:
            while chunk := file.read(1 << 20):
                digest.update(chunk)
    return digest.hexdigest()[:16]


def _standard(
    database: duckdb.DuckDBPyConnection, folder: Path, records: Path, settings: Settings, progress: Progress
) -> None:
    """Make the tables of records and of their standard forms."""
    if _restored(database, folder, "known") and _restored(database, folder, "standard"):
        return
    progress("reading", 0.0)
    read_records(database, records)
    fields = [9]

    def told(_field: str) -> None:
        progress("standardising", 1 - fields[0] / 9)
        fields[0] -= 1

    standardise_table(database, today=settings.today, progress=told)
    leave_out_anothers_numbers(database)
    database.execute("create or replace table known as select rid, record_id, source from record order by rid")
    database.execute("drop view if exists given")
    database.execute("drop table record")
    _keep(database, folder, "known")
    _keep(database, folder, "standard")


def _trained(database: duckdb.DuckDBPyConnection, folder: Path, settings: Settings, progress: Progress) -> Model:
    """Learn both sets of weights."""
    file = folder / "model.json"
    if file.is_file():
        return Model.read(file)
    progress("learning from the records", 0.0)
    rounds = [0]

    def told(_what: str) -> None:
        rounds[0] += 1
        progress("learning from the records", rounds[0] / 5)

    start = Model.default()
    model = train_general(database, start, seed=settings.seed, progress=told)
    progress("learning about households", 0.0)
    score_dwellings(database, model)
    model = replace(model, household=train_household(pairs_in_dwellings(database), model.household), version="")
    model = replace(model, version=hashlib.sha256(model.text().encode()).hexdigest()[:12])
    part = folder / "model.part"
    model.write(part)
    part.replace(file)
    return model


def _scored(
    database: duckdb.DuckDBPyConnection, folder: Path, model: Model, settings: Settings, progress: Progress
) -> None:
    """Make the table of scored candidates."""
    if _exists(database, "scored") or _restored(database, folder, "scored"):
        return
    progress("looking for candidates", 0.0)
    if settings.backend == "spark":
        from joinedup.engines.linkage.spark import find_and_score

        find_and_score(database, model, folder=folder)
    else:
        find_candidates(database)
        leave_out_hopeless(database)
        progress("scoring", 0.0)
        bulk.score_candidates(database, model, progress=lambda share: progress("scoring", share))
        database.execute("drop table candidate")
    _keep(database, folder, "scored")


def _exists(database: duckdb.DuckDBPyConnection, table: str) -> bool:
    found = database.execute("select count(*) from duckdb_tables() where table_name = ?", [table]).fetchall()
    return bool(found[0][0])


def _restored(database: duckdb.DuckDBPyConnection, folder: Path, table: str) -> bool:
    """Say whether a stage was done before, and if so read what it made."""
    file = folder / f"{table}.parquet"
    if not file.is_file():
        return False
    database.execute(f"create or replace table {table} as select * from read_parquet(?)", [str(file)])
    return True


def _keep(database: duckdb.DuckDBPyConnection, folder: Path, table: str) -> None:
    """Keep what a stage made, whole or not at all."""
    part = folder / f"{table}.part"
    _write(database, f"select * from {table}", part)
    part.replace(folder / f"{table}.parquet")


def _write(database: duckdb.DuckDBPyConnection, select: str, file: Path) -> None:
    path = str(file).replace("'", "''")
    database.execute(f"copy ({select}) to '{path}' (format parquet, compression zstd)")


# --- Clusters ---------------------------------------------------------------------


def _clustered(database: duckdb.DuckDBPyConnection, model: Model, settings: Settings) -> tuple[Clusters, list[Refused]]:
    """Join what is linked, by certainty, then look again at what is left."""
    columns = database.execute(
        "select nhs, case when upn_temporary then null else upn end, blocks[1] from standard order by rid"
    ).fetchnumpy()
    nhs, upn, forename = (_facts(values) for values in columns.values())
    facts = Facts(nhs, upn, _birthdays(database), forename, _years_of_agencies(database))
    found = Clusters(facts, len(facts.nhs))
    by_record = _numbers(database, [*settings.must_link, *settings.cannot_link])
    found.keep_apart(_known_pairs(by_record, settings.cannot_link), decided=True)
    found.keep_apart(_pairs(database, f"select l, r from decided where {KEPT_APART}"))
    refused = []
    for left, right in _known_pairs(by_record, settings.must_link):
        why = found.join_decided(left, right)
        refused += [Refused(left, right, why)] if why else []
    links = f"most = '{Outcome.LINKED}' and bits >= wanted"
    refused += join_all(found, _pairs(database, f"select l, r from decided where {links} order by bits desc, l, r"))
    sources = _facts(database.execute("select source from known order by rid").fetchnumpy()["source"])
    attach(found, _held(database, model), least_bits=bits_of(model.link), sources=sources)
    return found, refused


def _birthdays(database: duckdb.DuckDBPyConnection) -> list[date | None]:
    """Return each record's date of birth, but of a child not yet named, whose may be the day expected; the same day is the same object, for there are few and many have them."""
    held: dict[str, date] = {}
    rows = database.execute("select case when baby then null else born end from standard order by rid").fetchall()
    for (text,) in rows:
        if text is not None and text not in held:
            held[text] = date(int(text[:4]), int(text[4:6]), int(text[6:]))
    return [held.get(text) for (text,) in rows]


def _years_of_agencies(database: duckdb.DuckDBPyConnection) -> dict[int, tuple[int, int]]:
    """Return, for each record without a birthday, when nearly all of its agency's people were born."""
    rows = database.execute(
        f"""with span as (
            select source, quantile_disc(born_year, 0.01) - 1 as earliest, quantile_disc(born_year, 0.99) + 1 as latest
            from known join standard using (rid) where born_year is not null
            group by source having count(*) >= {FEWEST_TO_TELL})
        select rid, earliest, latest from known join standard using (rid) join span using (source)
        where born is null"""
    ).fetchall()
    return {rid: (first, last) for rid, first, last in rows}


def _facts(values: object) -> list[object]:
    """Return a column as small whole numbers, equal where its values are; ``None`` where not known."""
    import numpy as np

    masked: Any = np.ma.asarray(values)
    known = ~np.ma.getmaskarray(masked) & np.array([each is not None for each in masked.data], dtype=bool)
    codes = np.zeros(len(masked), dtype=np.int64)
    if known.any():
        codes[known] = np.unique(masked.data[known].astype(str), return_inverse=True)[1]
    return [int(code) if is_known else None for code, is_known in zip(codes, known, strict=True)]


def _pairs(database: duckdb.DuckDBPyConnection, sql: str) -> Iterator[tuple[int, int]]:
    """Yield pairs of record numbers, a stretch at a time."""
    cursor = database.cursor().execute(sql)
    while rows := cursor.fetchmany(50_000):
        yield from rows


def _held(database: duckdb.DuckDBPyConnection, model: Model) -> list[Held]:
    """Return the pairs that may tell two clusters are one, or may be rivals."""
    fields = ", ".join(FIELDS)
    rows = database.execute(
        f"select l, r, bits, {fields}, unnamed, several, twins, grown, young from decided"
        f" where (most <> '{Outcome.APART}' or rule = '{BEFORE_AND_AFTER}') and bits >= {bits_of(model.link) - RIVAL_BITS} order by l, r"
    ).fetchall()
    end = 3 + len(FIELDS)
    about = {flags: Circumstances(*flags) for flags in {row[end:] for row in rows}}
    return [Held(row[0], row[1], row[2], row[3:end], about[row[end:]]) for row in rows]


def _numbers(database: duckdb.DuckDBPyConnection, pairs: Sequence[tuple[object, object]]) -> dict[object, int]:
    """Return the number of each record that people have decided about."""
    if not pairs:
        return {}
    wanted = {each for pair in pairs for each in pair}
    rows = database.execute("select record_id, rid from known").fetchall()
    return {record: rid for record, rid in rows if record in wanted}


def _known_pairs(by_record: dict[object, int], pairs: Sequence[tuple[object, object]]) -> list[tuple[int, int]]:
    return [(by_record[a], by_record[b]) for a, b in pairs if a in by_record and b in by_record]


def _written(
    database: duckdb.DuckDBPyConnection,
    model: Model,
    found: Clusters,
    refused: Sequence[Refused],
    clusters: Path,
    pairs: Path | None,
) -> Outcomes:
    """Write the clusters and the pairs to review; return what was made."""
    import numpy as np
    import pyarrow as pa  # type: ignore[import-untyped]

    roots = np.array(found.roots(), dtype=np.int64)
    numbers = np.unique(roots, return_inverse=True)[1].astype(np.int64) + 1
    made = pa.table({"rid": np.arange(len(roots), dtype=np.int32), "cluster_id": numbers})
    database.register("numbered", made)
    database.execute("create or replace table clustered as select * from numbered")
    database.unregister("numbered")
    _replace(database, "select record_id, cluster_id from known join clustered using (rid) order by rid", clusters)
    rows = [(each.left, each.right) for each in refused]
    database.execute("create or replace table refusal (l integer, r integer)")
    if rows:
        database.executemany("insert into refusal values (?, ?)", rows)
    database.execute(
        f"""create or replace table review as
        select a.record_id as record_id_l, b.record_id as record_id_r, 1 / (1 + pow(2.0, -d.bits)) as probability
        from decided d join known a on a.rid = d.l join known b on b.rid = d.r
            join clustered x on x.rid = d.l join clustered y on y.rid = d.r
        where x.cluster_id <> y.cluster_id and d.bits >= {bits_of(model.review)}
            and (d.most <> '{Outcome.APART}' or (d.l, d.r) in (select (l, r) from refusal))"""
    )
    review = int(database.execute("select count(*) from review").fetchall()[0][0])
    if pairs is not None:
        _replace(database, "select * from review order by probability desc, record_id_l, record_id_r", pairs)
    why: dict[str, int] = {}
    for each in refused:
        why[each.why.name.lower()] = why.get(each.why.name.lower(), 0) + 1
    return Outcomes(len(roots), int(numbers.max(initial=0)), review, why)


def _replace(database: duckdb.DuckDBPyConnection, select: str, file: Path) -> None:
    """Write a result, whole or not at all."""
    part = file.with_name(f".{file.name}.part")
    database.execute("set preserve_insertion_order = true")
    _write(database, select, part)
    part.replace(file)
