"""A business case as data: who, what changes, how sure, what it is worth, who gains, what it costs, who pays.

Models are made by `reading.read` and `reading.read_text`, which say everything that is wrong; a model put together by hand
is not checked again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from joinedup.engines.appraisal.tables import DEFLATORS, USUAL_DEFLATOR, Deflator, Schedule


@dataclass(frozen=True, slots=True)
class UnitCost:
    """What one event or person-year is worth, in pounds, to public purses (fiscal), to earnings and output (economic)
    and to people's lives (social)."""

    fiscal: float = 0.0
    economic: float = 0.0
    social: float = 0.0


@dataclass(frozen=True, slots=True)
class Cost:
    """A line of cost: pounds in each year, how sure, and which agency bears which share."""

    amounts: tuple[float, ...]
    grade: int
    agencies: Mapping[str, float]
    code: str = ""
    name: str = ""

    @property
    def label(self) -> str:
        """What to call it: its name, its code, or who bears it."""
        return self.name or self.code or f"Cost to {', '.join(self.agencies) or 'nobody'}"


@dataclass(frozen=True, slots=True)
class Benefit:
    """A line of benefit. Shares are 0 to 1; `prevalence` is people in need, or events a person a year, so may be more.
    `agencies` shares out the fiscal value only. `price_year`, `source`, `rag` and `caveat` are of the unit cost."""

    code: str
    prevalence: float
    engagement: float
    retention: float
    impact: float
    deadweight: float
    unit_cost: UnitCost
    agencies: Mapping[str, float]
    grade: int
    lag: int = 0
    drop_off: float = 0.0
    cashable: float = 0.0
    attribution: float = 1.0
    displacement: float = 0.0
    name: str = ""
    price_year: str = ""
    source: str = ""
    rag: str = ""
    caveat: str = ""

    @property
    def label(self) -> str:
        """What to call it."""
        return f"{self.code} {self.name}".strip()

    @property
    def each(self) -> float:
        """Of one person in the cohort: how many events, or person-years of need, are avoided in a year."""
        reached = self.engagement * self.retention * self.prevalence * self.impact
        return reached * (1 - self.deadweight) * self.attribution * (1 - self.displacement)


@dataclass(frozen=True, slots=True)
class Model:
    """A whole case. `intakes` are the people who join in years 0, 1, 2, …; years after the last have none."""

    years: int
    discount: Schedule
    intakes: tuple[float, ...]
    costs: tuple[Cost, ...]
    benefits: tuple[Benefit, ...]
    cohort_grade: int | None = None
    name: str = ""
    price_year: str = ""
    deflator: Deflator = field(default_factory=lambda: DEFLATORS[USUAL_DEFLATOR])

    def uplift(self, benefit: Benefit) -> float:
        """What the benefit's unit cost is multiplied by to be at the model's prices; 1 where no price year is given."""
        if not benefit.price_year or not self.price_year:
            return 1.0
        return self.deflator.factor(benefit.price_year, self.price_year)

    @property
    def agencies(self) -> tuple[str, ...]:
        """Every agency named anywhere, in the order of the file: who pays first, then who only gains."""
        shares = [*(line.agencies for line in self.costs), *(line.agencies for line in self.benefits)]
        return tuple(dict.fromkeys(name for each in shares for name in each))
