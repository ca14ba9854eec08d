"""What a partner pays in: next year's contribution from this year's, its instalments, and what is late. Pure.

Every amount is whole pence; rates are hundredths of a per cent, so that 2.35% is 235.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from joinedup.engines.money import Money, share

_WHOLE = 10_000


@dataclass(frozen=True)
class RollForward:
    """Clause 9.3 of the agreements seen: the contribution first agreed last year, with what changed for good during it,
    moved by inflation, planned changes and the efficiency asked for; a council's is net of what it charges clients."""

    base_pence: int
    recurrent_pence: int = 0
    uplift: int = 0
    planned_pence: int = 0
    efficiency: int = 0
    charges_pence: int = 0


@dataclass(frozen=True)
class Step:
    """One step of the sum, to read it by."""

    name: str
    pence: Money


def steps_of(said: RollForward) -> tuple[Step, ...]:
    """The sum in steps; they add up to what is agreed, exactly. Uplift and efficiency are of the base with its recurrent
    changes, each rounded to the nearest penny, a half away from nought."""
    base = said.base_pence + said.recurrent_pence
    return (
        Step("First agreed last year", Money(said.base_pence)),
        Step("Changed for good during the year", Money(said.recurrent_pence)),
        Step(f"Uplift of {percent(said.uplift)}", _of(base, said.uplift)),
        Step("Planned changes", Money(said.planned_pence)),
        Step(f"Efficiency of {percent(said.efficiency)}", Money(-_of(base, said.efficiency))),
        Step("Client charges the partner keeps", Money(-said.charges_pence)),
    )


def agreed(said: RollForward) -> Money:
    """What the partner pays in."""
    return Money(sum(step.pence for step in steps_of(said)))


def _of(pence: int, rate: int) -> Money:
    exact = Fraction(abs(pence) * rate, _WHOLE)
    rounded = int(exact + Fraction(1, 2)) if rate >= 0 else -int(-exact + Fraction(1, 2))
    return Money(-rounded if pence < 0 else rounded)


def percent(rate: int) -> str:
    """`235` as `2.35%`."""
    whole, part = divmod(abs(rate), 100)
    digits = f".{part:02d}".rstrip("0") if part else ""
    return f"{'-' if rate < 0 else ''}{whole}{digits}%"


def instalments(pence: int, days: Sequence[date]) -> list[tuple[date, Money]]:
    """A contribution in equal parts on these days, to the penny: the earlier ones take what does not divide."""
    return list(zip(days, share(pence, [1] * len(days)), strict=True))


def quarter_days(year: int) -> list[date]:
    """The first days of the four quarters of a financial year."""
    return [date(year, 4, 1), date(year, 7, 1), date(year, 10, 1), date(year + 1, 1, 1)]


class Due:
    """How an instalment stands."""

    RECEIVED = "received"
    PART = "part"
    OVERDUE = "overdue"
    DUE = "due"
    COMING = "coming"


DUE_LABELS = {
    Due.RECEIVED: "Received",
    Due.PART: "Received in part",
    Due.OVERDUE: "Overdue",
    Due.DUE: "Due now",
    Due.COMING: "To come",
}


def stands(*, due_on: date, pence: int, received: int, on: date, days_to_pay: int) -> str:
    """How an instalment stands on a day; it is overdue once the days to pay it have passed."""
    if received >= pence:
        return Due.RECEIVED
    if (on - due_on).days > days_to_pay:
        return Due.OVERDUE
    if received:
        return Due.PART
    return Due.DUE if due_on <= on else Due.COMING
