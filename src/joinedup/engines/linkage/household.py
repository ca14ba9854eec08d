# ruff: noqa: S608 - every name in this SQL is ours; values are bound or joined
"""The second set of weights: two records of one dwelling, where a shared surname and address say nothing.

Trained by expectation-maximisation on counts of how pairs inside dwellings
compare, the way Splink trains the first set but given the dwelling. Where a file
has few such pairs, the weights stay near those given to start from.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from joinedup.engines.linkage import bulk
from joinedup.engines.linkage.candidates import find_candidates, leave_only_dwellings
from joinedup.engines.linkage.levels import FIELDS, Address
from joinedup.engines.linkage.model import Chances, Model, Weights, rounded

if TYPE_CHECKING:
    import duckdb

# As many imagined pairs speak for the weights to start from as real ones against.
BELIEF = 300.0
ROUNDS = 60
# More records than this teach no more: of a larger file only some of the dwellings are learnt from.
ENOUGH_RECORDS = 200_000
_TRAINED = tuple(name for name in FIELDS if name != "address")
_LEAST = 1e-7


def score_dwellings(database: duckdb.DuckDBPyConnection, model: Model, table: str = "housed") -> None:
    """Make the table of scored pairs of one dwelling, of the whole file or of as many of its dwellings as teach enough."""
    records = int(database.execute("select count(*) from standard").fetchall()[0][0])
    parts = -(-records // ENOUGH_RECORDS)
    database.execute(
        f"create or replace table home as select * from standard where house is not null and hash(house) % {parts} = 0"
    )
    find_candidates(database, standard="home")
    leave_only_dwellings(database, standard="home")
    bulk.score_candidates(database, model, standard="home", table=table)
    for name in ("candidate", "home"):
        database.execute(f"drop table {name}")


def pairs_in_dwellings(database: duckdb.DuckDBPyConnection, scored: str = "housed") -> list[tuple[int, ...]]:
    """Return each way in which pairs of one dwelling compare, with how many do."""
    fields = ", ".join(_TRAINED)
    rows = database.execute(
        f"select {fields}, count(*) from {scored} where address = {int(Address.DWELLING)} group by all order by all"
    ).fetchall()
    return [tuple(int(each) for each in row) for row in rows]


def train_household(counts: Sequence[tuple[int, ...]], start: Weights) -> Weights:
    """Return the household's weights learnt from counts of comparisons (``pairs_in_dwellings``)."""
    import numpy as np

    if not counts:
        return start
    held = np.array(counts, dtype=float)
    levels, times = held[:, :-1].astype(int), held[:, -1]
    m = {name: np.array([each.m for each in start.fields[name]]) for name in _TRAINED}
    u = {name: np.array([each.u for each in start.fields[name]]) for name in _TRAINED}
    believed_m = {name: m[name] / m[name].sum() * BELIEF for name in _TRAINED}
    believed_u = {name: u[name] / u[name].sum() * BELIEF for name in _TRAINED}
    prior = start.prior
    for _ in range(ROUNDS):
        log_odds = np.full(len(times), np.log(prior / (1 - prior)))
        for place, name in enumerate(_TRAINED):
            ratio = np.append(np.log(np.maximum(m[name], _LEAST)) - np.log(np.maximum(u[name], _LEAST)), 0.0)
            log_odds += ratio[levels[:, place]]
        same = times / (1 + np.exp(-np.clip(log_odds, -60, 60)))
        other = times - same
        prior = float((same.sum() + start.prior * BELIEF) / (times.sum() + BELIEF))
        for place, name in enumerate(_TRAINED):
            known = levels[:, place] >= 0
            size = len(m[name])
            for chances, weight, believed in ((m, same, believed_m), (u, other, believed_u)):
                seen = np.bincount(levels[known, place], weights=weight[known], minlength=size) + believed[name]
                chances[name] = seen / seen.sum()
    fields = dict(start.fields)
    for name in _TRAINED:
        pairs = zip(m[name].tolist(), u[name].tolist(), strict=True)
        fields[name] = tuple(Chances(rounded(max(one, _LEAST)), rounded(max(other, _LEAST))) for one, other in pairs)
    return Weights(rounded(prior), fields)
