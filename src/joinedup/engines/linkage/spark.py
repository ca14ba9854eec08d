# ruff: noqa: S608 - every name in this SQL is ours; values are joined
"""Find and score candidates on Spark, for a region: the same pairs and the same scores as on DuckDB.

The standard forms go out as parquet and the scored pairs come back as parquet;
what follows from a score is decided by the same code as ever. Without a session
of the caller's own it is Spark's local mode, on this machine. How alike two
names are is asked of the same library as at the front door: the function that
comes with Splink for Spark scores one pair in thirty otherwise.
"""

from __future__ import annotations

import logging
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from joinedup.engines.linkage.bulk import LEAST_BITS, quiet, settings
from joinedup.engines.linkage.candidates import KEYS, MOST_RECORDS_OF_A_KEY, hopeless, sides_of
from joinedup.engines.linkage.levels import FIELDS
from joinedup.engines.linkage.levels_sql import SPARK
from joinedup.engines.linkage.model import Model

if TYPE_CHECKING:
    import duckdb

_LOCAL = {
    "spark.ui.enabled": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.memory": "2g",
    "spark.sql.shuffle.partitions": "4",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.codegen.wholeStage": "false",  # so many conditions make methods longer than Java compiles
}


def likeness(one: str | None, other: str | None) -> float | None:
    """Say how alike two names are, from 0 to 1, as ``levels`` does; ``None`` where either is not known."""
    from rapidfuzz.distance import JaroWinkler

    return None if one is None or other is None else JaroWinkler.similarity(one, other)


@contextmanager
def local_session(folder: Path) -> Iterator[Any]:
    """Yield Spark in this process's own machine, all its files below ``folder``, and stop it afterwards."""
    from pyspark.sql import SparkSession

    if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        raise ModuleNotFoundError("Spark needs Java 17.", name="Java 17")
    os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    builder = SparkSession.builder.master("local[*]").appName("joinedup linkage")
    places = {"spark.local.dir": folder / "local", "spark.sql.warehouse.dir": folder / "warehouse"}
    for name, value in (_LOCAL | {name: str(place) for name, place in places.items()}).items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    try:
        yield session
    finally:
        session.stop()


def find_and_score(
    database: duckdb.DuckDBPyConnection,
    model: Model,
    *,
    folder: Path,
    session: Any = None,
    standard: str = "standard",
    table: str = "scored",
    most: int = MOST_RECORDS_OF_A_KEY,
    progress: Callable[[str], None] = lambda _what: None,
) -> int:
    """Make the table of scored candidates, as ``candidates`` and ``bulk`` do on DuckDB; return how many were scored.

    ``folder`` is for files in passing; a cluster's workers must see it too.
    """
    folder = folder / "spark"
    folder.mkdir(parents=True, exist_ok=True)
    given, scored = folder / "standard.parquet", folder / "scored"
    quoted = {path: str(path).replace("'", "''") for path in (given, scored)}
    database.execute(f"copy {standard} to '{quoted[given]}' (format parquet)")
    if session is None:
        with local_session(folder) as own:
            count = _run(own, model, given, scored, folder, most, progress)
    else:
        count = _run(session, model, given, scored, folder, most, progress)
    levels = ", ".join(f"cast({name} as tinyint) as {name}" for name in FIELDS)
    database.execute(
        f"create or replace table {table} as select cast(l as integer) as l, cast(r as integer) as r, bits, {levels}"
        f" from '{quoted[scored]}/*.parquet' order by l, r"
    )
    shutil.rmtree(folder, ignore_errors=True)
    return count


def _run(
    session: Any,
    model: Model,
    given: Path,
    scored: Path,
    folder: Path,
    most: int,
    progress: Callable[[str], None],
) -> int:
    """Score on one session and write the scored pairs."""
    from pyspark.sql.functions import udf
    from pyspark.sql.types import DoubleType
    from splink import Linker
    from splink.backends.spark import SparkAPI

    session.sparkContext.setCheckpointDir(str(folder / "checkpoints"))
    with quiet():
        session.udf.register(SPARK.likeness, udf(likeness, DoubleType()))
    standard = session.read.parquet(str(given))
    standard.createOrReplaceTempView("standard")
    progress("pairs to compare")
    pairs = _candidates(session, most, folder / "candidates")
    count = int(pairs.count())
    progress("scores")
    logging.getLogger("py4j").setLevel(logging.ERROR)
    with quiet():
        made: Any = SparkAPI  # ships no types
        api = made(spark_session=session, register_udfs_automatically=False)
        linker = Linker(api.register(standard), settings(model, SPARK))
        linker.table_management.register_blocked_pairs_for_predict(api.register(pairs))
        found = linker.inference.predict(threshold_match_weight=LEAST_BITS, warning_mode="never")
        levels = ", ".join(f"gamma_{name} as {name}" for name in FIELDS)
        session.sql(
            f"select rid_l as l, rid_r as r, match_weight as bits, {levels} from {found.physical_name}"
        ).write.mode("overwrite").parquet(str(scored))
    return count


def _candidates(session: Any, most: int, place: Path) -> Any:
    """Return the pairs of records that share a key, as Splink expects its blocked pairs."""
    from sqlglot import transpile

    selects = []
    for kind, (value, part) in KEYS.items():
        unnested = f", {part} as part" if part else ""
        of_duckdb = (
            f"select distinct rid, '{kind}' as kind, {value} as k from (select *{unnested} from standard)"
            f" where ({value}) is not null"
        )
        selects.append(transpile(of_duckdb, read="duckdb", write="spark")[0])
    session.sql(" union all ".join(f"({each})" for each in selects)).createOrReplaceTempView("keyed")
    found = (
        "select '0' as match_key, join_key_l, join_key_r from (select distinct a.rid as join_key_l, b.rid as join_key_r"
        f" from keyed a join (select kind, k from keyed group by kind, k having count(*) between 2 and {most}) shared"
        " on a.kind = shared.kind and a.k = shared.k join keyed b on a.kind = b.kind and a.k = b.k and a.rid < b.rid)"
    )
    left, right = (sides_of(each) for each in ("l", "r"))
    of_duckdb = (
        f"select match_key, join_key_l, join_key_r from found"
        f" join (select rid as join_key_l, {left} from standard) using (join_key_l)"
        f" join (select rid as join_key_r, {right} from standard) using (join_key_r) where not ({hopeless(SPARK)})"
    )
    session.sql(found).createOrReplaceTempView("found")
    session.sql(transpile(of_duckdb, read="duckdb", write="spark")[0]).write.mode("overwrite").parquet(str(place))
    return session.read.parquet(str(place))
