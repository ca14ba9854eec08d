"""What one replication says about each station, from when cases came, started and ended there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from joinedup.engines.caseflow.model import Array, Station

MEASURES = (
    "mean_wait",
    "p_wait_over_target",
    "utilisation",
    "mean_queue",
    "arrived",
    "out_of_locality",
    "p_total_over_target",
)


@dataclass(frozen=True, slots=True)
class Passage:
    """Every case that came to a station: when it came, when it was started with, how long it was held, what it weighs."""

    came: Array
    started: Array
    stay: Array
    weight: Array | None = None
    elsewhere: Array | None = None


def counted(station: Station, passage: Passage, warm_up: float, days: float) -> Array:
    """The measures of one station in one replication, in the order of ``MEASURES``; NaN where nobody came.

    Waits are of those who came after the warm-up; busy time and queue are over the days after it."""
    came = passage.came[passage.came < days]  # in the order they came: those behind are beyond the days that count
    started, stay = passage.started[: came.size], passage.stay[: came.size]
    inside = came >= warm_up
    waits = started[inside] - came[inside]
    length = days - warm_up
    held = _within(started, started + stay, warm_up, days)
    if passage.weight is not None:
        held = held * passage.weight[: came.size]
    away = np.nan
    if passage.elsewhere is not None and waits.size:
        away = float(passage.elsewhere[: came.size][inside].mean())
    return np.array(
        [
            waits.mean() if waits.size else np.nan,
            np.mean(waits > station.target_wait + 1e-9) if waits.size else np.nan,
            held.sum() / (length * station.servers * station.caseload),
            _within(came, started, warm_up, days).sum() / length,
            waits.size,
            away,
            np.mean(waits + stay[inside] > station.target_total + 1e-9) if waits.size else np.nan,
        ]
    )


def _within(begin: Array, end: Array, low: float, high: float) -> Array:
    """How long each stretch lies inside the days that count."""
    return np.asarray(np.maximum(np.minimum(end, high) - np.maximum(begin, low), 0.0))
