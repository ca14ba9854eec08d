"""Where to open outreach points: how few reach everybody, how many a given number reach, how near they can be.

The three classical models of covering (location set covering, maximal covering, p-median), solved to proof by mixed-integer
optimisation. `minutes` is people's places × candidate points; weights are people (or families) at each place.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

Array = NDArray[np.float64]


class NotCovered(ValueError):
    """Some places cannot be reached by any point: `places` are their rows."""

    def __init__(self, places: tuple[int, ...], within: float) -> None:
        self.places = places
        super().__init__(f"{len(places)} places are farther than {within:g} minutes from every point.")


@dataclass(frozen=True, slots=True)
class Points:
    """The points chosen (columns), the share of the weight within reach, and the mean minutes to the nearest point."""

    chosen: tuple[int, ...]
    reached: float
    mean_minutes: float


def _told(chosen: NDArray[np.bool_], minutes: Array, weights: Array, within: float) -> Points:
    nearest = minutes[:, chosen].min(axis=1)
    total = weights.sum() or 1.0
    return Points(
        tuple(int(each) for each in np.flatnonzero(chosen)),
        float(weights[nearest <= within].sum() / total),
        float((weights * nearest).sum() / total),
    )


def fewest_points(minutes: Array, weights: Array, within: float) -> Points:
    """The fewest points from which every place is within so many minutes. Raises NotCovered."""
    reach = minutes <= within
    alone = tuple(int(each) for each in np.flatnonzero(~reach.any(axis=1)))
    if alone:
        raise NotCovered(alone, within)
    count = minutes.shape[1]
    # Of equally few the nearer: a thousandth of a point at most hangs on the minutes.
    near = (weights @ minutes) / ((weights.sum() or 1.0) * (minutes.max() or 1.0) * count * 1000)
    found = milp(
        np.ones(count) + near,
        constraints=[LinearConstraint(sparse.csr_array(reach.astype(float)), 1, np.inf)],
        integrality=np.ones(count),
        bounds=Bounds(0, 1),
    )
    return _told(found.x > 0.5, minutes, weights, within)


def most_reached(minutes: Array, weights: Array, within: float, points: int) -> Points:
    """The places for so many points that have most people within so many minutes. Raises ValueError for no points."""
    _some(points, minutes)
    people, count = minutes.shape
    reach = sparse.csr_array((minutes <= within).astype(float))
    rows = sparse.hstack([-reach, sparse.eye_array(people)], format="csr")
    number = sparse.hstack([sparse.csr_array(np.ones((1, count))), sparse.csr_array((1, people))], format="csr")
    found = milp(
        np.concatenate([np.zeros(count), -weights]),
        constraints=[LinearConstraint(rows, -np.inf, 0), LinearConstraint(number, 0, points)],
        integrality=np.concatenate([np.ones(count), np.zeros(people)]),
        bounds=Bounds(0, 1),
    )
    return _told(_at_least_one(found.x[:count] > 0.5), minutes, weights, within)


def nearest_points(minutes: Array, weights: Array, points: int, within: float = np.inf) -> Points:
    """The places for so many points that bring the mean minutes to the nearest as low as they can be."""
    _some(points, minutes)
    people, count = minutes.shape
    cells = people * count
    each = sparse.kron(sparse.eye_array(people), np.ones((1, count)), format="csr")
    only_open = sparse.hstack(
        [-sparse.vstack([sparse.eye_array(count)] * people), sparse.eye_array(cells)], format="csr"
    )
    blank = sparse.csr_array((people, count))
    number = sparse.hstack([sparse.csr_array(np.ones((1, count))), sparse.csr_array((1, cells))], format="csr")
    found = milp(
        np.concatenate([np.zeros(count), (weights[:, None] * minutes).ravel()]),
        constraints=[
            LinearConstraint(sparse.hstack([blank, each], format="csr"), 1, 1),
            LinearConstraint(only_open, -np.inf, 0),
            LinearConstraint(number, min(points, count), min(points, count)),
        ],
        integrality=np.concatenate([np.ones(count), np.zeros(cells)]),
        bounds=Bounds(0, 1),
    )
    return _told(found.x[:count] > 0.5, minutes, weights, within)


def _some(points: int, minutes: Array) -> None:
    if points < 1 or not minutes.size:
        raise ValueError("There must be at least one point, and places to reach.")


def _at_least_one(chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    if not chosen.any():
        chosen = chosen.copy()
        chosen[0] = True  # nobody can be reached from anywhere: one point is as good as another
    return chosen
