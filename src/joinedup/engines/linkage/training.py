# ruff: noqa: S608 - every name in this SQL is ours; values are bound or joined
"""Learn the weights from records that nobody has labelled.

Splink does it for any two records: how often records of different people agree,
from random pairs, and how often records of one person do, by
expectation-maximisation over pairs that share something strict. What a file says
is mixed with what the model to start from says, by how many pairs said it, so
that fifty records, or a file without half the columns, cannot teach nonsense.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from joinedup.engines.linkage.bulk import linker_of, quiet
from joinedup.engines.linkage.levels import FIELDS, KINDS
from joinedup.engines.linkage.model import Chances, Model, Weights, rounded

if TYPE_CHECKING:
    import duckdb

RANDOM_PAIRS = 1_000_001  # at exactly a million Splink takes it for an oversight
PAIRS_OF_A_ROUND = 600_000
FEWEST_RECORDS = 500
FEWEST_PAIRS = 200
# As many imagined pairs speak for the weights to start from as real ones against.
BELIEF_OF_ONE_PERSON = 1_000.0
BELIEF_OF_TWO_PEOPLE = 200_000.0
# Of the pairs of one person, so many are found by the strict rules of ``_strict_pairs``.
FOUND_STRICTLY = 0.75
_LEAST_M = 0.0001

# What pairs must share in each round, and the fields that the round teaches.
ROUNDS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("first", "surname"), ("birth", "sex", "address", "nhs", "upn")),
    (("born", "postcode"), ("forename", "middle", "surname", "sex", "nhs", "upn")),
    (("born", "surname"), ("forename", "middle", "address")),
)


def train_general(
    database: duckdb.DuckDBPyConnection,
    start: Model,
    *,
    seed: int,
    standard: str = "standard",
    progress: Callable[[str], None] = lambda _what: None,
) -> Model:
    """Return the model with general weights learnt from the table of standard forms."""
    records = int(database.execute(f"select count(*) from {standard}").fetchall()[0][0])
    strict = _strict_pairs(database, standard)
    pairs = records * (records - 1) / 2
    if records < 2:
        return start
    prior = min(max(strict / FOUND_STRICTLY, 0.5) / pairs, 0.5)
    general = replace(start.general, prior=prior)
    model = replace(start, general=general, seed=seed, records=records, trained={"strict_pairs": int(strict)})
    if records < FEWEST_RECORDS or strict < FEWEST_PAIRS:
        return model
    with quiet():
        linker, _ = linker_of(database, model, standard)
        progress("pairs of different people")
        linker.training.estimate_u_using_random_sampling(
            max_pairs=RANDOM_PAIRS, seed=seed, min_count_per_level=None, num_chunks=1
        )
        u = _learnt(linker, "u_probability")
        m = _learn_m(database, linker, standard, progress)
        linker.table_management.delete_tables_created_by_splink_from_db()
    sampled = min(float(RANDOM_PAIRS), pairs)
    fields = {name: _mixed(name, start.general.fields[name], m, u, strict, sampled) for name in FIELDS}
    return replace(model, general=Weights(prior, fields))


def _strict_pairs(database: duckdb.DuckDBPyConnection, standard: str) -> float:
    """Return about how many pairs agree on name and birthday, or else on a number and a name."""
    total = 0.0
    for columns in (("first", "surname", "born"),):
        keys = ", ".join(f'"{column}"' for column in columns)
        known = " and ".join(f'"{column}" is not null' for column in columns)
        found = database.execute(
            f"select coalesce(sum(n * (n - 1) / 2.0), 0) from"
            f" (select count(*) as n from {standard} where {known} group by {keys} having count(*) between 2 and 60)"
        ).fetchall()
        total += float(found[0][0])
    return total


def _learn_m(
    database: duckdb.DuckDBPyConnection, linker: Any, standard: str, progress: Callable[[str], None]
) -> dict[str, dict[int, float]]:
    """Return how often records of one person are at each level, the average of the rounds that teach it."""
    from splink import block_on

    learnt: dict[str, dict[int, list[float]]] = {}
    for shared, taught in ROUNDS:
        progress(f"pairs of one person by {' and '.join(shared)}")
        if _pairs_sharing(database, standard, shared) < FEWEST_PAIRS:
            continue
        session = linker.training.estimate_parameters_using_expectation_maximisation(
            block_on(*shared), estimate_without_term_frequencies=True, max_pairs=PAIRS_OF_A_ROUND
        )
        for comparison in session.core_model_settings.comparisons:
            name = comparison.output_column_name
            if name in taught:
                for number, chance in _chances(comparison, "m_probability").items():
                    learnt.setdefault(name, {}).setdefault(number, []).append(chance)
    return {name: {number: sum(each) / len(each) for number, each in levels.items()} for name, levels in learnt.items()}


def _pairs_sharing(database: duckdb.DuckDBPyConnection, standard: str, columns: tuple[str, ...]) -> float:
    keys = ", ".join(f'"{column}"' for column in columns)
    known = " and ".join(f'"{column}" is not null' for column in columns)
    found = database.execute(
        f"select coalesce(sum(n * (n - 1) / 2.0), 0) from"
        f" (select count(*) as n from {standard} where {known} group by {keys})"
    ).fetchall()
    return float(found[0][0])


def _learnt(linker: Any, what: str) -> dict[str, dict[int, float]]:
    """Return what Splink's settings hold for each level of each field."""
    found: dict[str, dict[int, float]] = {}
    for comparison in linker.misc.save_model_to_json()["comparisons"]:
        levels = [each for each in comparison["comparison_levels"] if not each.get("is_null_level")]
        numbered = zip(range(len(levels) - 1, -1, -1), (each.get(what) for each in levels), strict=True)
        known = {number: chance for number, chance in numbered if isinstance(chance, float) and math.isfinite(chance)}
        found[comparison["output_column_name"]] = known
    return found


def _chances(comparison: Any, what: str) -> dict[int, float]:
    found = {}
    for level in comparison.comparison_levels:
        chance = None if level.is_null_level else getattr(level, what)
        if isinstance(chance, float) and math.isfinite(chance):
            found[int(level.comparison_vector_value)] = chance
    return found


def _mixed(
    name: str,
    start: tuple[Chances, ...],
    m: Mapping[str, Mapping[int, float]],
    u: Mapping[str, Mapping[int, float]],
    strict: float,
    sampled: float,
) -> tuple[Chances, ...]:
    """Mix what was learnt with what was believed, by how much there was to learn from."""
    known = sorted(int(each) for each in KINDS[name] if each >= 0)
    one = _blend([start[number].m for number in known], m.get(name, {}), strict, BELIEF_OF_ONE_PERSON, _LEAST_M)
    two = _blend([start[number].u for number in known], u.get(name, {}), sampled, BELIEF_OF_TWO_PEOPLE, 0.0)
    if name in {"nhs", "upn"}:
        two = [each.u for each in start]  # far too rare to meet in a sample
    return tuple(Chances(rounded(first), rounded(second)) for first, second in zip(one, two, strict=True))


def _blend(
    believed: list[float], learnt: Mapping[int, float], times: float, belief: float, least: float
) -> list[float]:
    """Return the levels' chances, adding up to 1."""
    if len(learnt) < len(believed):  # levels that never occurred count as never
        learnt = {number: learnt.get(number, 0.0) for number in range(len(believed))} if learnt else {}
    if not learnt:
        return believed
    whole = sum(learnt.values()) or 1.0
    share = times / (times + belief)
    mixed = [max(share * learnt[n] / whole + (1 - share) * chance, least) for n, chance in enumerate(believed)]
    return [each / sum(mixed) for each in mixed]
