"""A hundred thousand ways the evidence might be off, all at once: what the case is worth in each.

Every uncertain input (see `uncertainty`) is drawn from a symmetrical triangle about the model's own value; what is drawn is
inputs, never results. The size of the cohort is drawn once for all lines. Each input has a stream of random numbers of its
own, known by the seed, the code of its line and its name. So:

* the same seed gives the same draws, however many are held in memory at a time;
* the order of lines changes nothing;
* two options that share a line share its luck (common random numbers), so their difference is not drowned in noise.

Lines of cost without a code are known by who bears them. Lines of the same code share their luck within an option too.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from joinedup.engines.appraisal.appraising import appraise
from joinedup.engines.appraisal.model import Model
from joinedup.engines.appraisal.tables import GRADES
from joinedup.engines.appraisal.uncertainty import Input, amount_of, cohort_of, inputs_of

MOST_DRAWS = 2_000_000
MOST_SEED = 2**63 - 1
AT_A_TIME = 8192
Draws = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Spread:
    """How a sum came out over all draws. One draw in ten is below `p10`, half are below `p50`, one in ten above `p90`;
    `chance_positive` is the share of draws above nought; `standard_error` is how well the mean is known."""

    mean: float
    standard_error: float
    p10: float
    p50: float
    p90: float
    chance_positive: float


@dataclass(frozen=True, slots=True)
class Simulation:
    """A model drawn many times."""

    draws: int
    seed: int
    npv_fiscal: Spread
    npv_public: Spread

    def as_data(self) -> dict[str, Any]:
        """As the command prints it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Options drawn with the same luck: each by itself, how often each has the highest fiscal NPV, and each one's fiscal
    NPV less that of the first."""

    options: Mapping[str, Simulation]
    best: Mapping[str, float]
    against_first: Mapping[str, Spread]

    def as_data(self) -> dict[str, Any]:
        """As the command prints it."""
        return {
            "options": {name: each.as_data() for name, each in self.options.items()},
            "best": dict(self.best),
            "against_first": {name: asdict(each) for name, each in self.against_first.items()},
        }


def simulate(model: Model, *, draws: int, seed: int, at_a_time: int = AT_A_TIME) -> Simulation:
    """Draw a model's net present values. Raises ``ValueError`` for draws or a seed out of bounds."""
    fiscal, public = _drawn(model, draws, seed, at_a_time)
    return Simulation(draws, seed, spread(fiscal), spread(public))


def compare(options: Mapping[str, Model], *, draws: int, seed: int, at_a_time: int = AT_A_TIME) -> Comparison:
    """Draw several options with common random numbers. Raises ``ValueError`` for draws or a seed out of bounds."""
    simulations, fiscals = {}, {}
    for name, model in options.items():
        fiscal, public = _drawn(model, draws, seed, at_a_time)
        simulations[name] = Simulation(draws, seed, spread(fiscal), spread(public))
        fiscals[name] = fiscal
    names = list(fiscals)
    wins = np.argmax(np.stack([fiscals[name] for name in names]), axis=0)
    best = {name: float(np.mean(wins == place)) for place, name in enumerate(names)}
    against = {name: spread(fiscals[name] - fiscals[names[0]]) for name in names[1:]}
    return Comparison(simulations, best, against)


@dataclass(frozen=True, slots=True)
class Shape:
    """How many draws fell into each of equal steps from `low` on, each `step` wide."""

    low: float
    step: float
    counts: tuple[int, ...]


def simulate_with_shape(model: Model, *, draws: int, seed: int, bars: int = 24) -> tuple[Simulation, Shape]:
    """As `simulate`, with how the fiscal net present values lie, for a picture. One value in a thousand at each end is left
    out of the picture's range and counted in its outermost steps."""
    fiscal, public = _drawn(model, draws, seed, AT_A_TIME)
    low, high = (float(each) for each in np.quantile(fiscal, (0.001, 0.999)))
    if not low < high:
        low, high = low - 0.5, low + 0.5
    counts, _ = np.histogram(np.clip(fiscal, low, high), bins=bars, range=(low, high))
    shape = Shape(low, (high - low) / bars, tuple(int(each) for each in counts))
    return Simulation(draws, seed, spread(fiscal), spread(public)), shape


def spread(values: Draws) -> Spread:
    """The spread of some draws."""
    p10, p50, p90 = (float(each) for each in np.quantile(values, (0.1, 0.5, 0.9)))
    error = float(np.std(values, ddof=1)) / math.sqrt(len(values)) if len(values) > 1 else 0.0
    return Spread(float(np.mean(values)), error, p10, p50, p90, float(np.mean(values > 0)))


class _Luck:
    """One input's stream of numbers from −1 to 1, likeliest in the middle (the sum of two even ones), as factors."""

    def __init__(self, seed: int, line: str, found: Input) -> None:
        words = hashlib.blake2b(f"{line}\0{found.name}".encode(), digest_size=16).digest()
        entropy = [seed & 0xFFFFFFFF, seed >> 32, *(int.from_bytes(words[at : at + 4], "big") for at in (0, 4, 8, 12))]
        self._stream = np.random.Generator(np.random.SFC64(np.random.SeedSequence(entropy)))
        self._reach = found.reach

    def multiply(self, product: Draws, even: Draws, both: Draws) -> None:
        """Multiply what is there by the next factors of this input."""
        self._stream.random(out=even)
        np.add(even[0::2], even[1::2], out=both)
        both *= self._reach
        both += 1 - self._reach
        product *= both


def _drawn(model: Model, draws: int, seed: int, at_a_time: int) -> tuple[Draws, Draws]:
    """The fiscal and the public net present value of every draw."""
    if not 1 <= draws <= MOST_DRAWS:
        raise ValueError(f"draws must be from 1 to {MOST_DRAWS:,}")
    if not 0 <= seed <= MOST_SEED:
        raise ValueError(f"a seed must be from 0 to {MOST_SEED}")
    fiscal, public = np.zeros(draws), np.zeros(draws)
    plan = _plan(model, seed)
    cohort = _Luck(seed, "", cohort_of(model))
    even, both = np.empty(2 * at_a_time), np.empty(at_a_time)
    people, product = np.empty(at_a_time), np.empty(at_a_time)
    for start in range(0, draws, at_a_time):
        size = min(at_a_time, draws - start)
        here = slice(start, start + size)
        pairs, pair = even[: 2 * size], both[:size]
        people[:size] = 1.0
        cohort.multiply(people[:size], pairs, pair)
        for line in plan:
            part = product[:size]
            part[:] = people[:size] if line.of_cohort else 1.0
            for each in line.luck:
                each.multiply(part, pairs, pair)
            fiscal[here] += np.multiply(part, line.fiscal, out=pair)
            public[here] += np.multiply(part, line.public, out=pair)
    return fiscal, public


@dataclass(frozen=True, slots=True)
class _Line:
    """A line as it is drawn: what it adds to each net present value in the middle, and what moves it."""

    fiscal: float
    public: float
    of_cohort: bool
    luck: tuple[_Luck, ...]
    key: tuple[str, float, float]


def _plan(model: Model, seed: int) -> list[_Line]:
    """The lines, in an order of their own, so that the order in the file does not even change the last digit."""
    found = appraise(model)
    factors = model.discount.factors(model.years)
    lines = []
    for result in found.lines:
        name = f"benefit {result.benefit.code}"
        public = math.fsum((result.pv_fiscal, result.pv_economic, result.pv_social))
        luck = tuple(_Luck(seed, name, each) for each in inputs_of(result.benefit) if each.reach)
        lines.append(_Line(result.pv_fiscal, public, True, luck, (name, result.pv_fiscal, public)))
    for cost in model.costs:
        name = f"cost {cost.code or ' '.join(sorted(cost.agencies))}"
        pounds = -math.fsum(np.array(cost.amounts) * factors) * (1 + GRADES[cost.grade].optimism_bias)
        luck = (_Luck(seed, name, amount_of(cost)),)
        lines.append(_Line(pounds, pounds, False, luck, (name, pounds, pounds)))
    return sorted(lines, key=lambda line: line.key)
