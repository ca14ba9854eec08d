"""How long things take, where some are not over yet: those still open are counted as lasting at least so long (censored).

Leaving them out would make everything look shorter than it is. Kaplan and Meier's curve takes no shape for granted; the fits give
what the simulation needs. Intervals: Greenwood's on the log-log scale, and the information of the likelihood.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from joinedup.engines.caseflow.intervals import Estimate
from joinedup.engines.caseflow.model import Array, Service

Ended = NDArray[np.bool_]
_NORMAL = NormalDist()
_Z = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Curve:
    """The share not over yet after each time, and its 95 % interval."""

    times: Array
    share: Array
    low: Array
    high: Array

    def at(self, time: float) -> Estimate:
        """The share not over yet after so long."""
        place = int(np.searchsorted(self.times, time, side="right")) - 1
        if place < 0:
            return Estimate(1.0, 1.0, 1.0)
        return Estimate(float(self.share[place]), float(self.low[place]), float(self.high[place]))

    @property
    def median(self) -> float | None:
        """The time by which half are over; None where fewer than half ever were."""
        below = np.flatnonzero(self.share <= 0.5)
        return float(self.times[below[0]]) if below.size else None


@dataclass(frozen=True, slots=True)
class Fit:
    """A shape fitted: for the simulation, with its mean's interval and how likely what was seen is (higher is nearer)."""

    service: Service
    mean: Estimate
    log_likelihood: float


@dataclass(frozen=True, slots=True)
class Spike:
    """What ends in the week up to a deadline, against what a smooth shape would say. A deadline people work to shows as a spike,
    and a smooth shape must not be simulated for it."""

    deadline: float
    seen: float
    expected: float

    @property
    def is_spike(self) -> bool:
        """Whether half as many again end just before the deadline as a smooth shape would say."""
        return self.seen > 1.5 * self.expected and self.seen - self.expected > 0.02


def kaplan_meier(lasted: Array, ended: Ended) -> Curve:
    """The share not over yet. `lasted`: how long each has lasted; `ended`: whether it is over."""
    times, place = np.unique(lasted, return_inverse=True)
    over = np.bincount(place, weights=ended, minlength=len(times))
    left = np.bincount(place, minlength=len(times))
    risk = len(lasted) - np.concatenate(([0], np.cumsum(left)[:-1]))
    keep = over > 0
    times, over, risk = times[keep], over[keep], risk[keep]
    share = np.cumprod(1 - over / risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.sqrt(np.cumsum(over / (risk * (risk - over)))) / np.abs(np.log(share))
        low, high = share ** np.exp(_Z * spread), share ** np.exp(-_Z * spread)
    return Curve(times, share, np.nan_to_num(low, nan=0.0), np.nan_to_num(high, nan=0.0))


def fit_exponential(lasted: Array, ended: Ended) -> Fit:
    """A constant chance to end: days seen over ends seen. Raises ``ValueError`` where nothing has ended."""
    ends, days = _seen(lasted, ended)
    mean = days / ends
    return Fit(Service("exponential", mean), _around(mean, 1 / math.sqrt(ends)), -ends * math.log(mean) - days / mean)


def fit_lognormal(lasted: Array, ended: Ended) -> Fit:
    """A lognormal by maximum likelihood, the open cases counted as longer. Raises ``ValueError`` where fewer than two have
    ended, or all took as long. What took no time at all counts as a hundredth of a day."""
    _seen(lasted, ended)
    log = np.log(np.maximum(lasted, 0.01))
    done, longer = log[ended], log[~ended]
    if done.size < 2 or float(done.std()) < 1e-9:
        raise ValueError("a spread cannot be told from fewer than two different lengths")
    where = np.array([float(log.mean()), math.log(float(done.std()))])  # the mean and the logarithm of the deviation
    for _ in range(100):
        slope, bend = _derivatives(done, longer, where)
        step = np.linalg.solve(bend, slope)
        step = np.clip(step, -0.5, 0.5)
        where = where - step
        if float(np.abs(step).max()) < 1e-10:
            break
    spread = math.exp(float(where[1]))
    mean = math.exp(float(where[0]) + spread**2 / 2)
    _, bend = _derivatives(done, longer, where)
    along = np.array([1.0, spread**2])  # of the logarithm of the mean
    error = math.sqrt(float(along @ np.linalg.solve(-bend, along)))
    likelihood = _likelihood(done, longer, where) - float(done.sum())
    return Fit(Service("lognormal", mean, math.sqrt(math.expm1(spread**2))), _around(mean, error), likelihood)


def best_fit(lasted: Array, ended: Ended) -> Fit:
    """The nearer of the two shapes, the lognormal's second number paid for (Akaike)."""
    plain = fit_exponential(lasted, ended)
    try:
        shaped = fit_lognormal(lasted, ended)
    except ValueError:
        return plain
    return shaped if shaped.log_likelihood - 1 > plain.log_likelihood else plain


def spike(lasted: Array, ended: Ended, deadline: float, *, week: float = 5) -> Spike:
    """What ends in the week up to a deadline: as seen (Kaplan and Meier), and as a lognormal of the same cases would say."""
    curve, service = kaplan_meier(lasted, ended), fit_lognormal(lasted, ended).service
    before, after = curve.at(deadline - week).value or 0.0, curve.at(deadline).value or 0.0
    return Spike(deadline, before - after, service.survival(deadline - week) - service.survival(deadline))


def _seen(lasted: Array, ended: Ended) -> tuple[int, float]:
    if len(lasted) != len(ended) or float(np.min(lasted, initial=0.0)) < 0:
        raise ValueError("each length is nought or more, and is over or is not")
    ends = int(ended.sum())
    if not ends:
        raise ValueError("nothing has ended yet, so nothing says how long it takes")
    return ends, float(lasted.sum())


def _around(mean: float, error: float) -> Estimate:
    """An interval that is even on the scale of logarithms, so never below nought."""
    return Estimate(mean, mean * math.exp(-_Z * error), mean * math.exp(_Z * error))


def _likelihood(done: Array, longer: Array, where: Array) -> float:
    middle, spread = float(where[0]), math.exp(float(where[1]))
    z = (done - middle) / spread
    tail = _tail((longer - middle) / spread)[0]
    constant = done.size * (math.log(spread) + math.log(2 * math.pi) / 2)
    return float(-(z * z).sum() / 2 - constant + np.log(tail).sum())


def _derivatives(done: Array, longer: Array, where: Array) -> tuple[Array, Array]:
    """The slope and the bend of the likelihood, by the mean and the logarithm of the deviation."""
    middle, spread = float(where[0]), math.exp(float(where[1]))
    z, c = (done - middle) / spread, (longer - middle) / spread
    tail, density = _tail(c)
    hazard = density / tail
    turn = hazard * (hazard - c)  # how the hazard rises
    by_middle = (z.sum() + hazard.sum()) / spread
    by_spread = (z * z).sum() - done.size + (c * hazard).sum()
    two_middle = -(done.size + turn.sum()) / spread**2
    both = -(2 * z.sum() + (hazard + c * turn).sum()) / spread
    two_spread = -(2 * (z * z).sum() + (c * hazard + c * c * turn).sum())
    return np.array([by_middle, by_spread]), np.array([[two_middle, both], [both, two_spread]])


def _tail(z: Array) -> tuple[Array, Array]:
    """The share of a normal above each z, and its density there."""
    above = np.array([math.erfc(float(each) / math.sqrt(2)) / 2 for each in z])
    return np.maximum(above, 1e-300), np.exp(-z * z / 2) / math.sqrt(2 * math.pi)
