"""How far each input of a case may be out, from its confidence grade: the one place tornado and Monte Carlo take it from.

An input with a data error of e may be off by e of itself either way; a share stays a share, so near 0 or 1 it may be off by
less, the same both ways. The middle is always the model's own value, from which optimism bias has been taken already: no
input is pushed down a second time for being a hope, and the mean of all draws is the model's own answer.

Every line is proportional to each of these inputs, so an input that is off moves its line by a factor, here as
`factor = 1 + reach × z` with z between −1 and 1.
"""

from __future__ import annotations

from dataclasses import dataclass

from joinedup.engines.appraisal.model import Benefit, Cost, Model
from joinedup.engines.appraisal.tables import GRADES

_GROWING = ("prevalence", "unit_cost")  # not bounded by 1
_SHARES = ("engagement", "retention", "impact", "attribution")
_TAKEN_OFF = ("deadweight", "displacement")


@dataclass(frozen=True, slots=True)
class Input:
    """One uncertain input: its name, its middle, how far it may be off either way in its own units, and how far that moves
    its line (negative where more of it means less benefit). The unit cost's middle is 1: a multiple of itself."""

    name: str
    middle: float
    off: float
    reach: float

    @property
    def low(self) -> float:
        """The lowest it may be."""
        return self.middle - self.off

    @property
    def high(self) -> float:
        """The highest it may be."""
        return self.middle + self.off


def inputs_of(benefit: Benefit) -> tuple[Input, ...]:
    """The uncertain inputs of a line; those that cannot be off, such as a share of exactly 1, are left out."""
    error = GRADES[benefit.grade].data_error
    found = [_growing(name, 1.0 if name == "unit_cost" else getattr(benefit, name), error) for name in _GROWING]
    found += [_share(name, getattr(benefit, name), error) for name in _SHARES]
    found += [_taken_off(name, getattr(benefit, name), error) for name in _TAKEN_OFF]
    return tuple(each for each in found if each.off > 0)


def amount_of(cost: Cost) -> Input:
    """The one uncertain input of a line of cost: its amounts, as a multiple of themselves."""
    return _growing("amounts", 1.0, GRADES[cost.grade].data_error)


def cohort_of(model: Model) -> Input:
    """The size of the cohort, which every line of benefit shares: of its own grade, else of the worst grade of a line."""
    grade = model.cohort_grade or max((benefit.grade for benefit in model.benefits), default=1)
    return _growing("cohort", 1.0, GRADES[grade].data_error)


def _growing(name: str, middle: float, error: float) -> Input:
    return Input(name, middle, middle * error, error)


def _share(name: str, middle: float, error: float) -> Input:
    off = min(middle * error, 1 - middle)
    return Input(name, middle, off, off / middle if middle else 0.0)


def _taken_off(name: str, middle: float, error: float) -> Input:
    off = min(middle * error, 1 - middle)
    return Input(name, middle, off, -off / (1 - middle) if middle < 1 else 0.0)
