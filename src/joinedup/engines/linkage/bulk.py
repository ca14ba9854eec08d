# ruff: noqa: S608 - every name in this SQL is ours; values are bound or joined
"""Splink, told what our levels are: its settings, its linker, and the scores of many pairs.

Splink trains the general weights and scores the candidates; what the levels are,
which pairs are compared and what follows from a score is ours.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from joinedup.engines.linkage.levels import FIELDS
from joinedup.engines.linkage.levels_sql import DUCKDB, Dialect, conditions
from joinedup.engines.linkage.model import Chances, Model

if TYPE_CHECKING:
    import duckdb

_FIXED = {"nhs", "upn"}
_LEAST_CHANCE = 1e-9
LEAST_BITS = -40.0
PAIRS_OF_A_SLICE = 400_000


def settings(model: Model, dialect: Dialect = DUCKDB) -> dict[str, Any]:
    """Return the model's general weights as Splink's settings."""
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "rid",
        "probability_two_random_records_match": model.general.prior,
        "comparisons": [_comparison(model, name, dialect) for name in FIELDS],
        "blocking_rules_to_generate_predictions": [],
        "retain_matching_columns": True,  # the only way to be told each field's level
        "retain_intermediate_calculation_columns": False,
        "max_iterations": 20,
        "em_convergence": 0.0005,
    }


def _comparison(model: Model, name: str, dialect: Dialect) -> dict[str, Any]:
    """Return one field's comparison with the model's chances."""
    chances = model.general.fields[name]
    return {
        "output_column_name": name,
        "comparison_levels": [
            _level(name, level, condition, chances) for level, condition in conditions(dialect)[name].items()
        ],
    }


def _level(name: str, level: Any, condition: str, chances: tuple[Chances, ...]) -> dict[str, Any]:
    """Return one level as Splink writes it."""
    label = level.name.lower()
    if level < 0:
        return {"sql_condition": condition, "label_for_charts": label, "is_null_level": True}
    return {
        "sql_condition": condition,
        "label_for_charts": label,
        "m_probability": max(chances[level].m, _LEAST_CHANCE),
        "u_probability": max(chances[level].u, _LEAST_CHANCE),
        "fix_u_probability": name in _FIXED,
    }


@contextmanager
def quiet() -> Iterator[None]:
    """Keep Splink's advice to whoever writes a model at a prompt out of our output."""
    logger = logging.getLogger("splink")
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(before)


def linker_of(database: duckdb.DuckDBPyConnection, model: Model, standard: str = "standard") -> tuple[Any, Any]:
    """Return Splink's linker over the table of standard forms, and what it asks the database through."""
    from splink import DuckDBAPI, Linker

    api = DuckDBAPI(connection=database)
    return Linker(api.register(standard), settings(model), log_level=None), api


def score_candidates(
    database: duckdb.DuckDBPyConnection,
    model: Model,
    *,
    standard: str = "standard",
    candidate: str = "candidate",
    table: str = "scored",
    progress: Callable[[float], None] = lambda _share: None,
) -> None:
    """Make the table of scored candidates: the pair, Splink's bits and the level of each field.

    In slices, since Splink hands back every compared value along with the scores.
    """
    levels = ", ".join(f"cast(gamma_{name} as tinyint) as {name}" for name in FIELDS)
    columns = ", ".join(f"{name} tinyint" for name in FIELDS)
    total = int(database.execute(f"select count(*) from {candidate}").fetchall()[0][0])
    slices = max(1, -(-total // PAIRS_OF_A_SLICE))
    database.execute(f"create or replace table {table} (l integer, r integer, bits double, {columns})")
    with quiet():
        linker, api = linker_of(database, model, standard)
        for place in range(slices):
            progress(place / slices)
            low, high = (f"(select max(rid) + 1 from {standard}) * {each} // {slices}" for each in (place, place + 1))
            database.execute(
                f"create or replace temp table slice as select * from {candidate}"
                f" where join_key_l >= {low} and join_key_l < {high}"
            )
            pairs = api.register("slice")
            linker.table_management.register_blocked_pairs_for_predict(pairs)
            found = linker.inference.predict(threshold_match_weight=LEAST_BITS, warning_mode="never")
            database.execute(
                f"insert into {table} select rid_l, rid_r, match_weight, {levels} from {found.physical_name}"
            )
            found.drop_table_from_database_and_remove_from_cache()
        linker.table_management.delete_tables_created_by_splink_from_db()
    database.execute("drop table if exists slice")
